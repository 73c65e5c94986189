"""Files handed over: previewed without touching the register, accepted row by row, dated by what they speak of."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import START, TickingClock

from negatoscope.flows import importing
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.importing import Change, Refused, Upload, accept, import_scan, preview
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.accounts import Account
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.store import ledger

CAPTURES = Path(__file__).parent.parent / "captures"
HEAD = "identifiant;nom;fonction;supprimer\n"


def upload(
    text: str, family: str = "persons", complete_on: date | None = None, skipped: tuple[int, ...] = ()
) -> Upload:
    return Upload(family, "liste.csv", text.encode(), complete_on, skipped)


def seen(console: Console, kind: type[Any]) -> list[Any]:
    return sorted(StoredRegister(console.practice).seen(kind).facts, key=lambda fact: fact.ref)


def people(console: Console, text: str, **said: Any) -> Outcome:  # noqa: ANN401 -- the upload's own
    return accept(console, upload(HEAD + text, **said), "amelie")


def test_a_preview_says_who_is_new_changed_deleted_and_missing_and_touches_nothing(console: Console) -> None:
    people(console, "a;Anne;;\nb;Bruno;;\nc;Chloé;;\nd;David;;\n")
    before = (seen(console, Person), ledger.last(), list(console.vault.objects.rglob("*.zst")))
    text = HEAD + "a;Anne;Radiologue;\nb;Bruno;;\nc;;;\nc;Chloé;;oui\ne;Élodie;;\nz;Zoé;;oui\n"
    told = preview(console, upload(text))
    assert [(row.fact.name, row.state) for row in told.rows] == [
        ("Anne", "changed"),
        ("Bruno", "unchanged"),
        ("Chloé", "deleted"),
        ("Élodie", "new"),
        ("Zoé", "unknown"),
    ]
    assert told.rows[0].changes == (Change("role", None, "Radiologue"),)
    assert [(one.row, one.code) for one in told.problems] == [(4, "missing")]
    assert (told.missing, told.closes) == ((), False)
    closing = preview(console, upload(HEAD + "a;Anne;;\n", complete_on=START.date()))
    assert closing.closes
    assert [one.name for one in closing.missing] == ["Bruno", "Chloé", "David"]
    assert before == (seen(console, Person), ledger.last(), list(console.vault.objects.rglob("*.zst")))


def test_what_the_preview_said_is_what_accepting_does(console: Console) -> None:
    people(console, "a;Anne;;\nb;Bruno;;\nc;Chloé;;\n")
    people(console, "a;Anne;Radiologue;\nb;Bruno;;oui\nd;David;;\n")
    assert [person.ident for person in seen(console, Person)] == ["a", "c", "d"]
    people(console, "a;Anne;;\n", complete_on=START.date())
    assert seen(console, Person) == [Person("a", "Anne")]


def test_a_complete_list_with_a_bad_row_removes_nobody(console: Console) -> None:
    people(console, "a;Anne;;\nb;Bruno;;\n")
    outcome = people(console, "a;Anne;;\n;Oublié;;\n", complete_on=START.date())
    assert [person.ident for person in seen(console, Person)] == ["a", "b"]
    assert [gap.why for gap in outcome.gaps] == ["rows_left_out"]


def test_a_list_is_dated_by_the_day_it_was_complete(console: Console) -> None:
    people(console, "a;Anne;;\n", complete_on=START.date() - timedelta(days=10))
    (swept,) = StoredRegister(console.practice).seen(Person).sweeps
    assert swept.source.at == datetime(2026, 10, 23, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (Upload("animals", "x", b""), "unknown_family"),
        (Upload("persons", "x", b"", date(2026, 11, 3)), "complete_ahead"),
        (Upload("accounts", "x", b"", date(2026, 11, 1)), "accounts_never_complete"),
    ],
)
def test_what_cannot_be_true_is_refused_and_not_kept(console: Console, one: Upload, code: str) -> None:
    for act in (lambda: preview(console, one), lambda: accept(console, one, "amelie")):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.code == code
    assert not list(console.vault.objects.rglob("*.zst"))


def test_an_unreadable_list_is_kept_and_leaves_the_register_as_it_was(console: Console) -> None:
    people(console, "a;Anne;;\n")
    told = preview(console, upload("bonjour"))
    assert told.unreadable is not None
    assert importing.file_problem("persons", told.unreadable.why, told.unreadable.position, "fr")
    outcome = accept(console, upload("bonjour", complete_on=START.date()), "amelie")
    assert outcome.blocking is not None
    assert console.vault.holds(outcome.digest)
    assert seen(console, Person) == [Person("a", "Anne")]


def test_an_import_is_a_ledger_entry(console: Console) -> None:
    people(console, "a;Anne;;\n")
    last = ledger.last()
    assert last is not None
    assert last["kind"] == "import"


def test_accounts_find_their_host_and_holder_and_a_replay_finds_the_same(console: Console) -> None:
    deliver(console, Delivery("local", "", "amelie", "observation", (CAPTURES / "local/healthy.jsonl").read_bytes()))
    people(console, "md;Marie Durand;;\np1;Paul Petit;;\np2;Paul Petit;;\n")
    (host,) = seen(console, Host)
    text = (
        "système;compte;titulaire\n"
        f"{host.hostname.upper()};mdurand;marie durand\nRIS;md;md\nRIS;pp;Paul Petit\nRIS;x;Personne\n"
    )
    told = preview(console, upload(text, "accounts"))
    assert [(one.row, one.code) for one in told.problems] == [(4, "holder_ambiguous"), (5, "holder_unknown")]
    assert importing.row_problem(told.problems[0], "accounts", "fr")[0] == "Titulaire"
    outcome = accept(console, upload(text, "accounts"), "amelie")
    named = {account.ref: account.holder for account in seen(console, Account) if account.holder}
    account = f"account/{host.ref.removeprefix('host/')}/mdurand"
    assert named == {account: "person/md", "account/RIS/md": "person/md"}
    people(console, "md;Marie Martin;;\n")
    with console.vault.open(outcome.digest) as stream:
        again = list(COLLECTORS["spreadsheet"].read(stream))
    assert [account.holder for account in again if isinstance(account, Account)] == ["person/md", "person/md"]


def test_a_scan_made_elsewhere_is_registered_and_dated_by_its_own_end(console: Console, clock: TickingClock) -> None:
    clock.advance(timedelta(days=60))
    declare(console, Said("amelie", "configuration"), [Network("10.77.0.0/24")])
    import_scan(console, (CAPTURES / "nmap/healthy.xml").read_bytes(), "amelie")
    hosts = StoredRegister(console.practice).seen(Host)
    assert [host.addresses for host in hosts.facts] == [("10.77.0.5",)]
    assert all(swept.source.at < clock.at - timedelta(days=30) for swept in hosts.sweeps)


def test_a_scan_of_other_networks_is_refused_and_says_which(console: Console, clock: TickingClock) -> None:
    clock.advance(timedelta(days=60))
    data = (CAPTURES / "nmap/healthy.xml").read_bytes()
    declare(console, Said("amelie", "configuration"), [Network("10.78.0.0/24")])
    with pytest.raises(Refused) as told:
        import_scan(console, data, "amelie")
    assert told.value.code == "outside_declared_networks"
    assert "10.77.0.5" in told.value.values["hosts"]


BOTH = [Network("10.77.0.0/24"), Network("10.78.0.0/24")]
ONE_HOST = [("-oX - 10.77.0.0/24", "-oX - 10.77.0.5"), ('total="256"', 'total="1"')]
TWO_NETWORKS = [("-oX - 10.77.0.0/24", "-oX - 10.77.0.0/24 10.78.0.0/24"), ('total="256"', 'total="512"')]


def scan(ended: int, *edits: tuple[str, str]) -> bytes:
    """The healthy scan, that many seconds later, on another command line."""
    text = (CAPTURES / "nmap/healthy.xml").read_text("utf-8")
    start = text.index("<finished")
    text = text[:start] + text[start:].replace('time="1795296518"', f'time="{1795296518 + ended}"', 1)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("newer", "older"),
    [([], TWO_NETWORKS), (TWO_NETWORKS, []), ([], ONE_HOST), (ONE_HOST, []), (ONE_HOST, TWO_NETWORKS), ([], [])],
)
def test_a_scan_older_than_any_look_at_the_same_place_is_refused(
    console: Console, clock: TickingClock, newer: list[tuple[str, str]], older: list[tuple[str, str]]
) -> None:
    clock.advance(timedelta(days=60))
    declare(console, Said("amelie", "configuration"), BOTH)
    import_scan(console, scan(0, *newer), "amelie")
    with pytest.raises(Refused, match="scan_older"):
        import_scan(console, scan(-3 * 86_400, *older), "amelie")
    import_scan(console, scan(60, *older), "amelie")


def test_an_older_scan_of_another_network_is_taken(console: Console, clock: TickingClock) -> None:
    clock.advance(timedelta(days=60))
    declare(console, Said("amelie", "configuration"), BOTH)
    import_scan(console, scan(0), "amelie")
    import_scan(console, scan(-86_400, ("10.77.0.", "10.78.0.")), "amelie")


def test_a_scan_from_the_future_or_of_no_date_is_refused(console: Console, clock: TickingClock) -> None:
    data = (CAPTURES / "nmap/healthy.xml").read_bytes()
    declare(console, Said("amelie", "configuration"), [Network("10.77.0.0/24")])
    clock.advance(timedelta(days=-365))
    with pytest.raises(Refused, match="scan_ahead"):
        import_scan(console, data, "amelie")
    start = data.index(b"<finished")
    undated = data[:start] + data[start:].replace(b' time="', b' moment="', 1)
    with pytest.raises(Refused, match="scan_undated"):
        import_scan(console, undated, "amelie")


def test_a_scan_cut_short_is_kept_and_read_as_nothing(console: Console) -> None:
    data = (CAPTURES / "nmap/healthy.xml").read_bytes()
    outcome = import_scan(console, data[: len(data) // 2], "amelie")
    assert outcome.blocking is not None
    assert outcome.facts == 0
