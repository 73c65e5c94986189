"""Whatever is done in whatever order, the vault alone tells it again: every table, every judgement."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from tests.conftest import TickingClock

from negatoscope.flows import receiving, reconciling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.importing import Upload, accept
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.opening import lay_out
from negatoscope.flows.receiving import Sender
from negatoscope.flows.reconciling import NoSuchHost
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.replaying import replay
from negatoscope.intake.refusal import Refused
from negatoscope.model.accounts import Account
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.passwords import PasswordChoice, Profile
from negatoscope.model.people import Person
from negatoscope.store.models import (
    ChangeRow,
    FactRow,
    GapRow,
    JudgementRow,
    MarkRow,
    ObservationRow,
    RevisionRow,
    SoftwareRow,
    SubjectRow,
    SweepRow,
)

CAPTURES = Path(__file__).parents[1] / "captures"
POSTS = ("pc-accueil-1", "pc-accueil-2", "lecture-1", "srv-pacs")
LOOKS = (
    ("local", "local", "local/healthy.jsonl"),
    ("local", "local", "local/server-as-root.jsonl"),
    ("nmap", "10.77.0.0/24", "nmap/healthy.xml"),
    ("directory", "cabinet.lan", "directory/flawed.jsonl"),
)
PEOPLE = ("anna", "luc", "marie")
TABLES: dict[Any, tuple[str, ...]] = {
    ObservationRow: ("sequence", "collector", "target", "voice", "ended", "recorded", "digest", "facts"),
    FactRow: ("voice", "kind", "ref", "host", "own", "body", "told", "declared", "observation__sequence"),
    SweepRow: ("voice", "kind", "host", "network", "own", "observation__sequence"),
    GapRow: ("voice", "what", "why", "host", "own", "observation__sequence"),
    SoftwareRow: ("host", "name", "version", "observation__sequence"),
    SubjectRow: ("kind", "ref", "host", "holder", "body", "at", "seen", "since"),
    ChangeRow: ("kind", "ref", "observation__sequence"),
    RevisionRow: ("kind", "ref", "field", "before", "observation__sequence"),
    MarkRow: ("mark", "host"),
    JudgementRow: ("sequence", "digest"),
}
WHO = "user:amelie"


class Practice:
    """A practice where anything happens."""

    def __init__(self, console: Console, clock: TickingClock, seed: int) -> None:
        self.console, self.clock, self.chance = console, clock, Random(seed)
        self.acts: tuple[Callable[[], object], ...] = (
            self.posts, self.posts, self.looks, self.looks, self.says_of_people, self.says_of_accounts, self.withdraws,
            self.joins, self.joins, self.tells_apart, self.parts, self.confirms, self.retires, self.lists, self.chooses,
            self.judges,
        )  # fmt: skip

    def lives(self, acts: int) -> None:
        for _ in range(acts):
            self.clock.advance(timedelta(hours=self.chance.randrange(60)))
            self.chance.choice(self.acts)()

    def host(self) -> str:
        known = [host.ref for host in StoredRegister(self.console.practice).seen(Host).facts]
        return self.chance.choice([*known, "host/personne"])

    def posts(self) -> None:
        post = json.loads((CAPTURES / "agent" / f"{self.chance.choice(POSTS)}.inventory.json").read_bytes())
        post["content"]["accesslog"] = {
            "logdate": f"{self.clock() - timedelta(days=self.chance.choice((0, 0, 5))):%F %T}"
        }
        if self.chance.random() < 0.3:
            post["content"]["bios"] = {"ssn": self.chance.choice(("AAA1", "BBB2"))}
        if self.chance.random() < 0.3:
            post["deviceid"] = self.chance.choice(("a-2026-01-01-00-00-00", "b-2026-01-01-00-00-00"))
        with suppress(Refused):  # older than the last: it may be
            receiving.receive(self.console, Sender(self.console.practice, "x"), json.dumps(post).encode(), native=True)

    def looks(self) -> None:
        collector, target, file = self.chance.choice(LOOKS)
        deliver(self.console, Delivery(collector, target, WHO, "observation", (CAPTURES / file).read_bytes()))

    def says(self, *facts: Any) -> None:  # noqa: ANN401 -- any fact
        declare(self.console, Said(WHO), facts)

    def says_of_people(self) -> None:
        days = [None, date(2020, 1, 1), self.clock().date(), self.clock().date() - timedelta(days=9), date(2999, 1, 1)]
        ident = self.chance.choice(PEOPLE)
        self.says(Person(ident, ident, arrived_on=self.chance.choice(days), left_on=self.chance.choice(days)))

    def says_of_accounts(self) -> None:
        holder = self.chance.choice([None, *(f"person/{one}" for one in PEOPLE)])
        self.says(Account(self.host(), self.chance.choice(("mdurand", "root", "x")), holder=holder))

    def withdraws(self) -> None:
        kind, ref = self.chance.choice((
            ("Person", "person/luc"), ("Network", "network/10.77.0.0/24"), ("Account", "account/poste-1/mdurand"),
        ))  # fmt: skip
        declare(self.console, Said(WHO), (), (Retraction(kind, ref),))

    def joins(self) -> None:
        self.decides(lambda: reconciling.join(self.console, WHO, self.host(), self.host()))

    def tells_apart(self) -> None:
        one, other = self.host(), self.host()
        if one != other:
            self.decides(lambda: reconciling.tell_apart(self.console, WHO, one, other))

    def parts(self) -> None:
        self.decides(lambda: reconciling.part_again(self.console, WHO, self.host()))

    def confirms(self) -> None:
        self.decides(lambda: reconciling.confirm(self.console, WHO, self.host()))

    def retires(self) -> None:
        self.decides(lambda: reconciling.retire(self.console, WHO, self.host()))

    def decides(self, act: Callable[[], object]) -> None:
        try:
            act()
        except NoSuchHost:
            self.says(Network("10.77.0.0/24"))

    def lists(self) -> None:
        told = b"identifiant;nom\n" + b"".join(f"{one};{one}\n".encode() for one in self.chance.sample(PEOPLE, 2))
        accept(self.console, Upload("persons", "p.csv", told, self.clock().date()), WHO)

    def chooses(self) -> None:
        self.says(PasswordChoice(self.chance.choice([*Profile])))

    def judges(self) -> None:
        judge_now(self.console, WHO)


def everything() -> dict[str, list[str]]:
    return {table.__name__: sorted(map(repr, table.objects.values_list(*names))) for table, names in TABLES.items()}


def relived(console: Console, clock: TickingClock, seed: int, acts: int) -> None:
    practice = Practice(console, clock, seed)
    practice.lives(acts)
    practice.judges()
    before = everything()
    call_command("flush", interactive=False, verbosity=0)
    replay(lay_out(console.config, console.clock), "cli")
    assert everything() == before


@pytest.mark.parametrize("seed", range(2))
def test_any_sequence_of_acts_is_told_again_by_the_vault(console: Console, clock: TickingClock, seed: int) -> None:
    relived(console, clock, seed, 25)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_long_sequences_are_told_again(console: Console, clock: TickingClock, seed: int) -> None:
    relived(console, clock, seed, 60)
