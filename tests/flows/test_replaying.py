"""Replay from the vault alone yields the same judgements, after edits, attestations and imports; one byte betrays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.conftest import TickingClock
from tests.kept import Kept, keep, put_back

from negatoscope.config import Config
from negatoscope.flows import judging
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.importing import Upload, accept
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, Order, deliver, observe
from negatoscope.flows.opening import lay_out, open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.replaying import Contested, NotEmpty, Tampered, compare, replay
from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.kinds import KINDS
from negatoscope.model.networks import Consent, Network
from negatoscope.model.people import Attestation, Person
from negatoscope.model.software import SoftwareCensus
from negatoscope.prove.exports import json
from negatoscope.prove.ledger import Entry
from negatoscope.store import judgements, ledger, practice

CAPTURES = Path(__file__).parents[1] / "captures"
HOLDS = (True, "Politique écrite.")
PEOPLE = b"identifiant;nom;fonction\np1;Anne Martin;manipulatrice\np2;Luc Petit;radiologue\n"


LIVED: list[Kept] = []
"""The practice that this process lived through, as it stood then."""


@pytest.fixture
def lived(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    """A practice with a past, lived through once and put back as it was."""
    config = Config(data=tmp_path)
    if LIVED:
        put_back(LIVED[0], tmp_path)
        clock.at = LIVED[0].now
        return Console(config, *practice.first(), clock)
    console = open_console(config, clock)
    live(console, clock)
    LIVED.append(keep(tmp_path, clock.at))
    return console


def live(console: Console, clock: TickingClock) -> None:
    """Looks, a scan, declarations, corrections, an attestation, an import, judgements."""
    declare(console, Said("amelie", "configuration"), [Network("10.77.0.0/24", "Centre"), Network("10.9.0.0/24")])
    deliver(
        console, Delivery("local", "local", "amelie", "observation", (CAPTURES / "local/healthy.jsonl").read_bytes())
    )
    judge_now(console, "amelie")
    deliver(
        console,
        Delivery("nmap", "10.77.0.0/24", "amelie", "observation", (CAPTURES / "nmap/healthy.xml").read_bytes()),
    )
    accept(console, Upload("persons", "people.csv", PEOPLE, date(2026, 11, 1)), "amelie")
    declare(console, Said("amelie", "configuration"), (), [Retraction("Network", "network/10.9.0.0/24")])
    clock.advance(timedelta(days=2))
    document = keep_document(console, b"signed")
    at = console.clock()
    declare(
        console,
        Said("amelie", "attestation"),
        [Attestation("R7.1", *HOLDS, "amelie", at, at + timedelta(days=90), "p.pdf", document)],
    )
    host = StoredRegister(console.practice).seen(Host).facts[0]
    declare(console, Said("amelie"), [Host(host.ref, host_class=HostClass.MODALITY)])
    declare(console, Said("amelie"), [Consent(host.ref, "amelie", at + timedelta(days=9))])
    judge_now(console, "amelie")
    observe(console, Order("local", "", "amelie"))
    clock.advance(timedelta(days=30))
    judge_now(console, "amelie")


def register_of(console: Console) -> bytes:
    register = StoredRegister(console.practice)
    return canonical(
        {
            name: register.seen(kind)
            for name, kind in {**KINDS, "SoftwareCensus": SoftwareCensus}.items()
            if name != "Software"
        }
    )


def told(console: Console) -> bytes:
    kept = judgements.last(console.practice)
    assert kept is not None
    return canonical(json.judgement(kept.judgement))


def emptied(console: Console) -> Console:
    call_command("flush", interactive=False, verbosity=0)
    return lay_out(console.config, console.clock)


def test_the_vault_alone_gives_the_same_register_and_judgements(lived: Console) -> None:
    before = register_of(lived), told(lived), judgements.digests(lived.practice)
    again = emptied(lived)
    assert judgements.digests(again.practice) == []
    done = replay(again, "amelie")
    assert (done.observations, done.judgements) == (9, 3)
    assert (register_of(again), told(again), judgements.digests(again.practice)) == before


def test_a_judgement_of_another_edition_is_taken_as_it_was_told(
    lived: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = judgements.digests(lived.practice), told(lived)
    monkeypatch.setattr(judging, "edition", lambda: "a later one")
    again = emptied(lived)
    replay(again, "amelie")
    assert (judgements.digests(again.practice), told(again)) == before


def test_replay_writes_on_an_empty_database_only(lived: Console) -> None:
    with pytest.raises(NotEmpty):
        replay(lived, "amelie")


def test_one_altered_byte_anywhere_in_the_evidence_stops_the_replay(lived: Console) -> None:
    again = emptied(lived)
    used = {entry.digest for entry in lived.vault.entries() if hasattr(entry, "operator")}
    for path in sorted(lived.config.vault.glob("objects/*/*.zst")):
        if path.stem not in used:
            continue
        sound = path.read_bytes()
        altered = bytearray(sound)
        altered[len(altered) // 2] ^= 1
        path.write_bytes(altered)
        with pytest.raises(Tampered):
            replay(again, "amelie")
        path.write_bytes(sound)
        assert register_of(again) == register_of(emptied(lived))


def test_one_altered_byte_in_the_journal_stops_the_replay(lived: Console) -> None:
    again = emptied(lived)
    path = lived.config.vault / "journal" / "000000000002.json"
    path.write_bytes(path.read_bytes().replace(b"amelie", b"amelia", 1))
    with pytest.raises(Tampered):
        replay(again, "amelie")


def test_persons_declared_complete_close_their_list(lived: Console) -> None:
    seen = StoredRegister(lived.practice).seen(Person)
    assert {person.ident for person in seen.facts} == {"p1", "p2"}
    assert len(seen.sweeps) == 1


def ledger_of(console: Console) -> list[Entry]:
    return [Entry(**row) for row in ledger.entries()]


def test_the_ledger_vouches_for_the_last_journal_entry_too(lived: Console) -> None:
    entries = ledger_of(lived)
    compare(lived, entries)
    lived.vault.strike(lived.vault.top())
    with pytest.raises(Contested, match="ledger"):
        compare(lived, entries)


def test_a_journal_that_says_more_than_the_ledger_is_contested(lived: Console) -> None:
    with pytest.raises(Contested, match="journal"):
        compare(lived, ledger_of(lived)[:-1])
