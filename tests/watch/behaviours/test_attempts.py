"""Who tries passwords: each way is one case that grows; people who mistype are none."""

from datetime import timedelta
from typing import Any

import pytest

from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Action, Told
from negatoscope.watch.behaviours import attempts
from negatoscope.watch.behaviours.attempts import ENDS_AT_MOST, Settings, State
from negatoscope.watch.detection import KEYS_AT_MOST, Detection, Level
from negatoscope.watch.known import Known
from tests.watch.made import paris, told

START = paris("2026-11-10 04:00")
ATTACKER = "203.0.113.7"


def attempt(seconds: float, user: str | None = "compta", *, ok: bool = False, **more: object) -> Told:
    about = {"ok": ok, "user": user, "source": ATTACKER, "protocol": "ssh", "host": "srv", **more}
    return told(START + timedelta(seconds=seconds), Action.LOGON, **about)  # type: ignore[arg-type]


def found(*events: Told, state: State | None = None, known: Known | None = None) -> list[Detection]:
    return list(attempts.look(events, state or State(), known or Known(), Settings()))


def cases(*events: Told) -> dict[str, str]:
    return {one.case: one.reason for one in found(*events)}


def test_a_thousand_failures_are_one_case_told_ever_more_rarely() -> None:
    told_of = found(*(attempt(number) for number in range(1_000)))
    assert {one.case for one in told_of} == {told_of[0].case}
    assert len(told_of) <= 9
    assert told_of[0].reason == "brute_force"
    assert told_of[0].came == START + timedelta(seconds=1)
    assert told_of[0].seen["failures"] == 10
    assert len(told_of[-1].keys) <= KEYS_AT_MOST
    assert told_of[-1].subject == f"address/{ATTACKER}"


def test_what_happened_first_starts_the_clock() -> None:
    told_of = found(*(attempt(number * 20, late=3) for number in range(10)))
    assert told_of[0].came == START + timedelta(seconds=3)
    assert told_of[0].at == START
    assert told_of[0].keys[0].startswith("essai:")


def test_a_person_who_mistypes_is_no_attack() -> None:
    day = [attempt(hour * 3600 + second, source="10.0.0.5") for hour in range(8) for second in (0, 5, 9)]
    right = [attempt(hour * 3600 + 20, source="10.0.0.5", ok=True) for hour in range(8)]
    assert found(*sorted((*day, *right), key=lambda one: one.event.at)) == []


def test_nine_failures_that_end_well_are_told_once_from_a_new_place_and_never_from_an_old_one() -> None:
    nine = [attempt(number * 70) for number in range(9)]
    (one,) = found(*nine, attempt(700, ok=True))
    assert (one.reason, one.level, one.seen["failures"]) == ("success_after", Level.CRITICAL, 9)
    assert one.came == nine[0].came
    assert found(attempt(-90, ok=True), *nine, attempt(700, ok=True)) == []


def test_the_end_of_a_connection_is_no_second_failure_but_one_of_its_own_without_any() -> None:
    """OpenSSH tells of a wrong password, and of the same connection once more as it is left."""
    said = {"src_port": 40_000}
    ends = {**said, "ends": True}
    twice = [attempt(second, fields=fields) for second in range(0, 35, 5) for fields in (said, ends)]
    assert found(*twice) == []
    keys_alone = [
        attempt(second, why="gave_up", fields={"src_port": 40_000 + second, "ends": True}) for second in range(10)
    ]
    assert [one.seen["failures"] for one in found(*keys_alone)] == [10]
    assert [
        one.seen["failures"] for one in found(*(attempt(second, fields={"ends": True}) for second in range(10)))
    ] == [10]


def test_spraying_is_one_case_whatever_the_accounts() -> None:
    told_of = cases(*(attempt(number * 60, f"nom{number % 40}") for number in range(200)))
    assert list(told_of.values()) == ["spraying"]


def test_a_shared_server_is_no_attacker() -> None:
    """Forty people log on through it; in an hour six of them give up."""
    morning = [attempt(number * 30, f"nom{number}", ok=True, source="10.0.0.9") for number in range(40)]
    failed = [attempt(1_300 + number * 30, f"faute{number}", source="10.0.0.9") for number in range(6)]
    assert found(*morning, *failed) == []


def test_many_sources_on_one_account_are_one_case_of_the_account() -> None:
    told_of = found(*(attempt(number * 30, "directeur", source=f"192.0.2.{number % 12}") for number in range(60)))
    assert {one.reason for one in told_of} == {"distributed"}
    assert {one.subject for one in told_of} == {"account/?/directeur"}
    assert told_of[-1].seen["sources"] == 12


def test_sources_that_come_one_after_the_other_join_the_case_of_the_account() -> None:
    waves = [attempt(wave * 1_000 + number, source=f"192.0.2.{wave}") for wave in range(4) for number in range(12)]
    assert len(cases(*waves)) == 1


def test_slow_attempts_are_found_over_days() -> None:
    one, *_ = found(*(attempt(number * 7_200) for number in range(24)))
    assert one.reason == "slow"
    assert one.seen["failures"] == 20
    apart = [attempt(number * 14_400, source=f"192.0.2.{number % 4}") for number in range(30)]
    assert "slow_distributed" in cases(*apart).values()


def test_one_failure_a_week_is_nothing() -> None:
    assert found(*(attempt(number * 8 * 86_400) for number in range(60))) == []
    assert found(*(attempt(number * 5 * 86_400) for number in range(60))) == []


def test_a_success_ends_the_attack_that_was_running() -> None:
    tries = [attempt(number, "pacs") for number in range(30)]
    told_of = found(*tries, attempt(60, "pacs", ok=True), *(attempt(70 + number, "pacs") for number in range(200)))
    assert len({one.case for one in told_of}) == 1
    assert told_of[-1].level is Level.CRITICAL
    assert [one.reason for one in told_of].index("success_after") >= 1


def test_a_sprayer_that_gets_in_at_its_first_try_on_an_account_is_told() -> None:
    tries = [attempt(number * 10, f"nom{number}") for number in range(20)]
    assert found(*tries, attempt(300, "neuf", ok=True))[-1].reason == "success_after"


def test_a_distributed_attack_that_gets_in_is_told() -> None:
    tries = [attempt(number * 30, "directeur", source=f"192.0.2.{number % 12}") for number in range(24)]
    last = found(*tries, attempt(900, "directeur", ok=True, source="192.0.2.3"))[-1]
    assert (last.reason, last.subject) == ("success_after", "account/?/directeur")


def test_the_owner_who_logs_on_meanwhile_ends_no_attack() -> None:
    owner = [
        attempt(-100, "directeur", ok=True, source="10.0.0.5"),
        attempt(800, "directeur", ok=True, source="10.0.0.5"),
    ]
    tries = [attempt(number * 30, "directeur", source=f"192.0.2.{number % 12}") for number in range(24)]
    assert all(one.reason == "distributed" for one in found(owner[0], *tries, owner[1]))


def test_a_source_that_turns_to_other_accounts_is_a_case_of_its_own() -> None:
    first = [attempt(number * 30, "root", source=f"192.0.2.{number % 12}") for number in range(24)]
    then = [attempt(1_000 + number, f"nom{number}", source="192.0.2.3") for number in range(20)]
    assert set(cases(*first, *then).values()) == {"distributed", "spraying"}


def test_people_who_mistype_at_their_own_computers_are_not_one_source() -> None:
    tries = [attempt(number * 60, f"nom{number}", source="127.0.0.1", host=f"poste{number}") for number in range(12)]
    assert found(*tries) == []


def test_a_line_that_stands_for_several_counts_as_several() -> None:
    one, *_ = found(*(attempt(number, fields={"times": 5}) for number in range(2)))
    assert (one.reason, one.seen["failures"]) == ("brute_force", 10)
    assert found(*(attempt(number, fields={"times": "5"}) for number in range(2))) == []


def test_after_two_days_of_silence_it_is_another_attack() -> None:
    later = 3 * 86_400
    told_of = found(*(attempt(number) for number in range(20)), *(attempt(later + number) for number in range(20)))
    assert len({one.case for one in told_of}) == 2


@pytest.mark.parametrize(
    ("action", "about", "subject"),
    [
        (Action.ASSOCIATION, {"source": "10.3.0.9", "user": None, "host": "pacs"}, "address/10.3.0.9"),
        (Action.DOOR, {"source": None, "user": "badge-4", "host": "Local serveurs"}, "host/localserveurs"),
        (Action.LOGON, {"source": None, "user": "x", "host": None, "sender": "ris"}, "host/ris"),
        (Action.LOGON, {"source_ref": "host/poste-1", "user": "x"}, "host/poste-1"),
    ],
)
def test_whatever_the_protocol(action: Action, about: dict[str, Any], subject: str) -> None:
    tries = [told(START + timedelta(seconds=number), action, ok=False, **about) for number in range(12)]
    one, *_ = found(*tries)
    assert (one.reason, one.subject) == ("brute_force", subject)
    assert one.level is (Level.HIGH if subject.startswith("host/") else Level.MEDIUM)


def test_an_administrators_account_is_worse() -> None:
    admin = DirectoryAccount("directory/c.lan", "admin", privileged=True)
    tries = [attempt(number, account=admin.ref, person="person/x") for number in range(12)]
    assert found(*tries, known=Known(directory_accounts=(admin,)))[0].level is Level.HIGH


def test_protocols_are_named_together() -> None:
    spoken = ("ssh", "imap", "rdp", "vpn", "ldap", "smb")
    tries = [attempt(number, protocol=spoken[number % 6]) for number in range(12)]
    assert found(*tries)[0].seen["protocols"] == "ssh, imap, rdp, vpn, ldap"


def test_a_flood_of_made_up_names_and_sources_is_bounded() -> None:
    state = State()
    flood = (
        attempt(number * 0.001, f"u{number % 3_000}", source=f"198.18.{number % 250}.{number % 249}")
        for number in range(8_000)
    )
    found(*flood, state=state)
    assert len(state.sources) <= ENDS_AT_MOST
    assert len(state.accounts) <= ENDS_AT_MOST
    assert max(len(one.failing) for one in state.sources.values()) <= attempts.APART_AT_MOST


def test_what_says_neither_yes_nor_no_is_no_attempt() -> None:
    silent = [told(START, Action.LOGON, user="x", source="10.0.0.1") for _ in range(50)]
    assert found(*silent, *[told(START, Action.PROCESS, ok=False) for _ in range(50)]) == []
