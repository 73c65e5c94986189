from collections.abc import Iterator

import pytest
from django.db import DatabaseError, transaction
from tests.databases import refusing

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.opening import DatabaseLost, JournalLost, finish_interrupted, open_console
from negatoscope.flows.recording import record
from negatoscope.flows.registering import StoredRegister, register
from negatoscope.model.journal import Judged, Observed
from negatoscope.model.networks import Network
from negatoscope.observe.declared import declaration
from negatoscope.store import judgements, ledger, observations

NETWORK = Network("10.0.0.0/24", "Centre")


@pytest.fixture
def closed_ledger(console: Console) -> Iterator[None]:
    with refusing("store_ledgerrow", "ledger closed"):
        yield


def test_a_change_whose_ledger_entry_cannot_be_written_does_not_happen(console: Console, closed_ledger: None) -> None:
    with pytest.raises(DatabaseError, match="ledger closed"):
        declare(console, Said("amelie"), [NETWORK])
    assert StoredRegister(console.practice).seen(Network).facts == ()
    assert list(console.vault.entries()) == []
    assert observations.last_sequence() == 0


def test_a_judgement_whose_ledger_entry_cannot_be_written_does_not_happen(
    console: Console, closed_ledger: None
) -> None:
    with pytest.raises(DatabaseError, match="ledger closed"):
        judge_now(console, "amelie")
    assert judgements.last(console.practice) is None


def test_each_change_has_its_ledger_entry(console: Console) -> None:
    declare(console, Said("amelie", "configuration"), [NETWORK])
    judge_now(console, "amelie")
    assert [entry["kind"] for entry in ledger.entries()] == ["configuration", "judgement"]


def written_but_not_committed(console: Console, sequence: int = 1) -> None:
    digest = console.vault.put(declaration([NETWORK]))
    at = console.clock()
    console.vault.note(
        Observed(sequence, "declared", "register", at, at, at, digest, "amelie", "edit", {}, complete=True)
    )


def test_what_the_journal_holds_and_the_database_lacks_is_applied_at_the_next_opening(console: Console) -> None:
    written_but_not_committed(console)
    again = open_console(console.config, console.clock)
    assert StoredRegister(again.practice).seen(Network).facts == (NETWORK,)
    assert [entry["kind"] for entry in ledger.entries()] == ["edit"]
    assert finish_interrupted(again) == 0


def test_a_judgement_cut_short_was_told_to_nobody(console: Console) -> None:
    console.vault.note(Judged(1, console.clock(), "0" * 64, "another edition"))
    open_console(console.config, console.clock)
    assert console.vault.top() == 0
    assert judgements.last(console.practice) is None


def test_an_interrupt_after_the_commit_strikes_nothing(console: Console) -> None:
    def interrupted(entry: Observed) -> None:
        register(console, entry)
        transaction.on_commit(interrupt)

    def interrupt() -> None:
        raise KeyboardInterrupt

    at = console.clock()
    digest = console.vault.put(declaration([NETWORK]))
    with pytest.raises(KeyboardInterrupt):
        record(
            console,
            lambda n: Observed(n, "declared", "register", at, at, at, digest, "amelie", "edit", {}, complete=True),
            interrupted,
        )
    assert console.vault.top() == 1
    assert StoredRegister(console.practice).seen(Network).facts == (NETWORK,)
    declare(console, Said("amelie"), [Network("10.1.0.0/24")])


def test_a_vault_put_back_from_an_older_copy_is_noticed(console: Console) -> None:
    declare(console, Said("amelie"), [NETWORK])
    console.vault.strike(1)
    with pytest.raises(JournalLost, match="1"):
        open_console(console.config, console.clock)


def test_an_empty_database_beside_a_full_vault_asks_for_a_replay(console: Console) -> None:
    written_but_not_committed(console)
    written_but_not_committed(console, 2)
    with pytest.raises(DatabaseLost):
        open_console(console.config, console.clock)
