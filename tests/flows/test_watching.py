"""From what a door kept to an alert: each event kept once, each attack one alert, whatever stops the watch."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock

from negatoscope.config import Config
from negatoscope.flows import hearing, ruling, watching
from negatoscope.flows.console import Console
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.ruling import RulesRefused
from negatoscope.flows.watching import Watch
from negatoscope.intake.events.counting import Counts
from negatoscope.intake.events.frames import HEAD
from negatoscope.intake.events.raw import ON_THE_WIRE, Raw
from negatoscope.intake.events.spool import Spool, cursor, segments
from negatoscope.model.alert import Priority
from negatoscope.model.watching import OTHERS, DetectorRun, SourceHealth
from negatoscope.store import sources
from negatoscope.store.models import AlertRow, ObservationRow
from negatoscope.store.queries import alerts

FAILED = (
    "<86>Nov  2 09:{minute:02}:{second:02} srv-pacs sshd[71]: Failed password for root from 203.0.113.9 port 40022 ssh2"
)
MARIE = "user:marie"
RULE_ID = "7d1f0a6e-5a3c-4f0e-9a53-6a1a4f3f8f10"
RULE = """title: Root sought over SSH
id: 7d1f0a6e-5a3c-4f0e-9a53-6a1a4f3f8f10
status: test
level: high
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Failed password for root']
  condition: keywords
"""


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path), clock)


def heard(console: Console, many: int, first: int = 0) -> None:
    """So many refused log-ins come in by syslog, two seconds apart."""
    spool = Spool(hearing.folder(console))
    came = console.clock()
    spool.append(
        [
            Raw(
                f"{ON_THE_WIRE}run/{number}",
                "192.0.2.10",
                came + timedelta(seconds=2 * number),
                "syslog",
                FAILED.format(minute=number * 2 // 60, second=number * 2 % 60).encode(),
            )
            for number in range(first, first + many)
        ]
    )
    spool.close()


def worked(console: Console, clock: TickingClock) -> Watch:
    """The watch, until nothing waits any more, not even for those that come late."""
    watch = Watch(console)
    while watch.round():
        pass
    clock.advance(timedelta(minutes=5))
    watch.round()
    return watch


def test_an_attack_that_came_in_by_syslog_is_one_alert_with_its_events(console: Console, clock: TickingClock) -> None:
    heard(console, 30)
    worked(console, clock)
    (one,) = alerts.standing(console.practice)
    assert (one.code, one.subject) == ("attempts", "address/203.0.113.9")
    assert one.due - one.began == timedelta(hours=24)
    kept = list(watching.store(console).told())
    assert len(kept) == len({told.key for told in kept}) == 30
    assert {told.event.user for told in kept} == {"root"}
    assert cursor(hearing.folder(console)) == 31


def test_what_the_disk_lost_before_it_was_read_is_counted_and_told_to_the_judge(
    console: Console, clock: TickingClock
) -> None:
    heard(console, 3)
    (one,) = segments(hearing.folder(console))
    data = bytearray(one.path.read_bytes())
    data[HEAD + 2] ^= 1
    one.path.write_bytes(data)
    counts = Counts(clock(), clock(), lost=Counter(sender_outside=7))
    sources.add(console.practice, {(OTHERS, clock().replace(minute=0, second=0)): counts})
    worked(console, clock).report()
    assert hearing.health(console)[OTHERS].lost == {"sender_outside": 7, "spool_damaged": 1}
    (told,) = StoredRegister(console.practice).seen(SourceHealth).facts
    assert (told.source, told.lost) == (OTHERS, 1)


def test_a_watch_that_dies_before_it_saved_tells_nothing_twice(console: Console, clock: TickingClock) -> None:
    heard(console, 30)
    first = Watch(console)
    assert first.round() == 30
    assert cursor(hearing.folder(console)) == 1
    worked(console, clock)
    assert len(list(watching.store(console).told())) == 30
    assert AlertRow.objects.count() == 1
    heard(console, 20, first=30)
    worked(console, clock)
    assert len(list(watching.store(console).told())) == 50
    assert AlertRow.objects.count() == 1


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1)])
def test_an_attack_is_told_once_and_at_once_whatever_our_clock_does(
    console: Console, clock: TickingClock, jump: timedelta
) -> None:
    heard(console, 30)
    watch = Watch(console)
    while watch.round():
        pass
    clock.advance(jump)
    watch.round()
    watch.report()
    (one,) = alerts.standing(console.practice)
    assert one.due - one.began == timedelta(hours=24)
    clock.advance(-jump)
    worked(console, clock)
    assert AlertRow.objects.count() == 1


def test_a_memory_that_is_ahead_of_the_spool_moves_it(console: Console, clock: TickingClock) -> None:
    """The crash came after the memory was written and before the spool was told."""
    heard(console, 12)
    worked(console, clock)
    place = hearing.folder(console) / "cursor"
    place.write_text("1\n")
    watch = Watch(console)
    assert watch.round() == 0
    assert cursor(hearing.folder(console)) == 13


def test_a_memory_of_another_edition_begins_anew(console: Console, clock: TickingClock) -> None:
    heard(console, 12)
    worked(console, clock)
    (watching.folder(console) / "memory").write_bytes(b"\xc1")
    heard(console, 5, first=12)
    worked(console, clock)
    assert len(list(watching.store(console).told())) == 17


def test_a_sigma_rule_raises_an_alert_of_its_own(console: Console, clock: TickingClock) -> None:
    taken = ruling.take(console, MARIE, "root.yml", RULE.encode())
    assert (taken.rules, taken.refused) == (1, 0)
    heard(console, 3)
    worked(console, clock)
    (one,) = alerts.standing(console.practice)
    assert (one.kind, one.subject) == ("sigma", "address/srv-pacs")
    assert one.priority is not Priority.LOW
    heard(console, 3, first=3)
    worked(console, clock)
    assert AlertRow.objects.count() == 1


def test_a_rule_that_is_off_raises_nothing_until_it_is_on_again(console: Console, clock: TickingClock) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    with pytest.raises(RulesRefused, match="unexplained"):
        ruling.turn_off(console, MARIE, RULE_ID, " ")
    ruling.turn_off(console, MARIE, RULE_ID, "our own scanner")
    heard(console, 3)
    at_work = worked(console, clock)
    assert not AlertRow.objects.exists()
    ruling.turn_on(console, MARIE, RULE_ID)
    with pytest.raises(RulesRefused, match="not_off"):
        ruling.turn_on(console, MARIE, RULE_ID)
    heard(console, 3, first=3)
    assert at_work.round() == 3
    assert AlertRow.objects.count() == 1


def test_rules_come_back_from_the_vault_and_what_is_none_is_refused(console: Console) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    shutil.rmtree(watching.folder(console))
    assert [one.id for one in ruling.in_force(console).running] == [RULE_ID]
    for name, data, code in (("a.exe", b"", "suffix"), ("a.yml", b"title: nothing", "no_rules")):
        with pytest.raises(RulesRefused, match=code):
            ruling.take(console, MARIE, name, data)
    with pytest.raises(RulesRefused, match="unknown"):
        ruling.turn_off(console, MARIE, "no such rule", "why")
    ruling.drop(console, MARIE, "root.yml")
    assert not ruling.in_force(console).running
    with pytest.raises(RulesRefused, match="unknown"):
        ruling.drop(console, MARIE, "root.yml")


def test_the_watch_goes_on_without_rules_that_the_vault_lost_and_says_so(console: Console, clock: TickingClock) -> None:
    other = RULE.replace(RULE_ID, RULE_ID.replace("7d1f", "8d1f"))
    lost = ruling.take(console, MARIE, "lost.yml", other.encode())
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    place = console.vault.objects / lost.document_digest[:2] / f"{lost.document_digest}.zst"
    kept = place.read_bytes()
    place.write_bytes(b"altered")
    (laid,) = (watching.folder(console) / "rules").glob(f"{lost.document_digest}*")
    laid.write_bytes(b"altered too")
    heard(console, 12)
    worked(console, clock).report()
    assert {one.code for one in alerts.standing(console.practice)} == {"attempts", RULE_ID}
    assert told_missing(console) == ("lost.yml",)
    place.write_bytes(kept)
    clock.advance(timedelta(minutes=2))
    worked(console, clock).report()
    assert told_missing(console) == ()
    assert len(ruling.in_force(console).running) == 2


def told_missing(console: Console) -> tuple[str, ...] | None:
    """Files of rules that the watch told the judge it lacks."""
    (one,) = (one for one in StoredRegister(console.practice).seen(DetectorRun).facts if one.behaviour == "sigma")
    return one.missing


def test_the_watch_tells_the_judge_how_it_is_doing(console: Console, clock: TickingClock) -> None:
    heard(console, 3)
    worked(console, clock).report()
    (told,) = ObservationRow.objects.filter(collector="watch")
    worked(console, clock).report()
    assert ObservationRow.objects.filter(collector="watch").count() == 1
    counts = Counts(clock(), clock(), received=3)
    sources.add(console.practice, {("192.0.2.10", clock().replace(minute=0, second=0)): counts})
    worked(console, clock).report()
    (one,) = StoredRegister(console.practice).seen(SourceHealth).facts
    assert (one.source, one.brings, one.silent) == ("192.0.2.10", ("logon",), False)
    assert len(StoredRegister(console.practice).seen(DetectorRun).facts) == 6
    assert told.operator == "console"
