"""Files handed over: lists of people and accounts, previewed before they touch the register; scans made elsewhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.listing import declared, known, names
from negatoscope.flows.observing import Delivery, DiskFull, Outcome, deliver
from negatoscope.flows.places import Places
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.canonical import sha256
from negatoscope.kit.clock import PARIS
from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount, realm_of
from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet import calendar, words
from negatoscope.observe.spreadsheet import collector as sheet
from negatoscope.observe.spreadsheet.families import ACCOUNTS, FAMILIES
from negatoscope.observe.spreadsheet.rows import Line, Listed, Names, Problem, listed
from negatoscope.store import observations

AHEAD = timedelta(hours=1)
"""How far ahead of ours the clock of a scan made elsewhere may be."""
MAX_TARGET = 250
DATED = frozenset({"absences", "on-call"})
"""Lists of days, which a calendar may bring."""
_FINISHED = re.compile(rb'<finished\s[^>]*?\btime="(\d{9,11})"')


class Refused(Exception):  # noqa: N818 -- what it is
    """The file is not taken, and not kept. ``code`` says why, ``values`` complete it.

    ``unknown_family``, ``complete_ahead``, ``accounts_never_complete``, ``outside_declared_networks``, ``scan_ahead``,
    ``scan_older``, ``scan_undated``, ``calendar_elsewhere``, ``calendar_unreadable``.
    """

    def __init__(self, code: str, **values: str) -> None:
        """Keep the code and its values."""
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Upload:
    """A list handed over. ``complete_on``: the date on which nobody was missing from it, if somebody says so."""

    family: str
    filename: str
    data: bytes
    complete_on: date | None = None
    skipped: tuple[int, ...] = ()
    """Rows that whoever hands it over leaves out."""


@dataclass(frozen=True)
class Change:
    """One field that a row would change."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Row:
    """What one good row would do. ``unknown``: it deletes what nobody declared."""

    number: int
    fact: Any
    """What it states; of a deletion, what stands until then."""
    state: Literal["new", "changed", "unchanged", "deleted", "unknown"]
    changes: tuple[Change, ...] = ()
    """Of a new one: all that it says."""


@dataclass(frozen=True)
class Preview:
    """What accepting a list would do."""

    family: str
    rows: tuple[Row, ...] = ()
    missing: tuple[Any, ...] = ()
    """What was declared earlier and a complete list no longer names: accepting it removes it."""
    problems: tuple[Problem, ...] = ()
    left_out: int = 0
    ignored: tuple[str, ...] = ()
    """Headings that no column answers to."""
    closes: bool = False
    """Accepting it closes the list: it was declared complete, and every row of it is good."""
    unreadable: Unreadable | None = field(default=None, compare=False)
    names: Mapping[Ref, str] = field(default_factory=dict, compare=False)
    """What to call the things that rows link to."""

    def label(self, fact: Any, lang: str) -> str:  # noqa: ANN401 -- a fact of the family
        """What people call what a row states."""
        if isinstance(fact, Person):
            return fact.name
        if isinstance(fact, Account):
            return f"{fact.name} · {fact.host.removeprefix('host/') if fact.host else fact.realm}"
        if isinstance(fact, DirectoryAccount):
            return f"{fact.name} · {realm_of(fact.directory)}"
        return words.label(FAMILIES[self.family], fact, self.names, lang)

    def count(self, state: str) -> int:
        """How many rows are in this state."""
        return sum(row.state == state for row in self.rows)


def preview(console: Console, upload: Upload) -> Preview:
    """Say what accepting a list would do; the register is not touched. Raises Refused."""
    upload = _checked(console, upload)
    family = FAMILIES[upload.family]
    try:
        told = listed(upload.data, family, known(console, family), frozenset(upload.skipped))
    except Unreadable as error:
        return Preview(upload.family, unreadable=error)
    standing = declared(console, family.fact)
    if family is ACCOUNTS:
        standing |= declared(console, DirectoryAccount)
    rows = tuple(_row(line, standing) for line in told.lines)
    closes = upload.complete_on is not None and sheet.closes(told)
    named = {line.fact.ref for line in told.lines}
    missing = tuple(fact for ref, fact in standing.items() if ref not in named) if closes else ()
    linked = names(StoredRegister(console.practice), family.columns)
    problems = tuple(told.problems)
    return Preview(upload.family, rows, missing, problems, told.left_out, told.ignored, closes, names=linked)


def accept(console: Console, upload: Upload, operator: str) -> Outcome:
    """Keep the list and register its good rows. Raises Refused, DiskFull; an unreadable file is kept, and an outcome.

    A list declared complete on an earlier day speaks of that day: this is when the look is dated.
    """
    upload = _checked(console, upload)
    family = FAMILIES[upload.family]
    meant = known(console, family)
    try:
        told: Listed | None = listed(upload.data, family, meant)
    except Unreadable:
        told = None
    named = told.named if told else set()
    header = sheet.Header(
        family=upload.family,
        filename=upload.filename[:200],
        complete_on=upload.complete_on,
        skipped=tuple(sorted(set(upload.skipped))),
        hosts=_mentioned(meant.hosts, named),
        holders=_mentioned(meant.holders, named),
        links={kind: some for kind, links in meant.links.items() if (some := _mentioned(links, named))},
    )
    at = _true_at(console, upload.complete_on)
    capture = sheet.capture(header, upload.data)
    return deliver(console, Delivery("spreadsheet", upload.family, operator, "import", capture, at))


def _mentioned(names: Names, named: set[str]) -> dict[str, Ref | None]:
    return {name: ref for name, ref in names.items() if name in named}


def import_scan(console: Console, data: bytes, operator: str) -> Outcome:
    """Register an nmap scan made elsewhere, dated by its own end. Raises Refused, DiskFull.

    An unreadable file is kept, and an outcome. A scan of whole networks speaks with the voice of a look at these same
    networks: the later replaces the earlier. One older than any look at the same places is refused.
    """
    itself = f"import {sha256(data)[:12]}"
    try:
        items = list(COLLECTORS["nmap"].read(BytesIO(data)))
    except Unreadable:
        return deliver(console, Delivery("nmap", itself, operator, "import", data))
    outside = list(dict.fromkeys(_outside(console, items)))
    if outside:
        raise Refused("outside_declared_networks", hosts=", ".join(outside[:20]), count=str(len(outside)))
    target = ",".join(sorted({item.network for item in items if isinstance(item, Sweep) and item.network}))
    if not 0 < len(target) <= MAX_TARGET:
        target = itself
    at = _scanned_at(console, data)
    last = max(_looks_there(console, Places.of(items)), default=None)
    if last and at <= last:
        raise Refused("scan_older", on=f"{last:%Y-%m-%d %H:%M}")
    return deliver(console, Delivery("nmap", target, operator, "import", data, at))


def _looks_there(console: Console, places: Places) -> Iterable[datetime]:
    """When looks ended that saw one of these places, whatever else they covered."""
    for target, ended in observations.last_looks(console.practice, "nmap").items():
        seen = Places.named(target)
        if seen.meets(places) or Places.of(observations.hosts_of(console.practice, f"nmap/{target}")).meets(places):
            yield ended


def _scanned_at(console: Console, data: bytes) -> datetime:
    finished = _FINISHED.findall(data)
    if not finished:
        raise Refused("scan_undated")
    ended, now = datetime.fromtimestamp(int(finished[-1]), UTC), console.clock()
    if ended > now + AHEAD:
        raise Refused("scan_ahead", on=f"{ended:%Y-%m-%d %H:%M}")
    return min(ended, now)


def row_problem(problem: Problem, family: str, lang: str) -> tuple[str, str]:
    """The heading of the column concerned (may be empty) and what is wrong, in one language."""
    heading = words.heading(FAMILIES[family], problem.column, lang) if problem.column else ""
    return heading, words.problem(problem, FAMILIES[family], lang)


def file_problem(family: str, why: str, position: str, lang: str) -> str:
    """Why a whole list cannot be read, in one language."""
    return words.file(why, position, FAMILIES[family], lang)


def refusal(error: Refused, lang: str) -> str:
    """Why what was handed over is not taken, in one language."""
    return words.refusal(error.code, error.values, lang)


def _checked(console: Console, upload: Upload) -> Upload:
    """What is taken: the file, or the list that a calendar amounts to (its titles are never kept)."""
    _check(console, upload)
    if not calendar.is_calendar(upload.data):
        return upload
    if upload.family not in DATED:
        raise Refused("calendar_elsewhere")
    people = StoredRegister(console.practice).seen(Person).facts
    mails = {person.email.lower(): person.ref for person in people if person.email}
    try:
        told = calendar.as_list(upload.data, known(console, FAMILIES[upload.family]).holders, mails)
    except Unreadable as error:
        raise Refused("calendar_unreadable", line=error.position) from error
    return replace(upload, data=told)


def _check(console: Console, upload: Upload) -> None:
    if upload.family not in FAMILIES:
        raise Refused("unknown_family", family=upload.family)
    if upload.complete_on is None:
        return
    if not FAMILIES[upload.family].closable:
        raise Refused("accounts_never_complete")
    if upload.complete_on > console.clock().astimezone(PARIS).date():
        raise Refused("complete_ahead", on=f"{upload.complete_on:%Y-%m-%d}")


def _true_at(console: Console, complete_on: date | None) -> datetime:
    now = console.clock()
    if complete_on is None or complete_on >= now.astimezone(PARIS).date():
        return now
    return datetime.combine(complete_on, time(23, 59, 59), PARIS).astimezone(UTC)


def _row(line: Line, standing: Mapping[Ref, Any]) -> Row:
    before = standing.get(line.fact.ref)
    if line.delete:
        return Row(line.row, before or line.fact, "deleted" if before else "unknown")
    will = line.fact
    pairs = [(one.name, getattr(before, one.name, None), getattr(will, one.name)) for one in fields(will)]
    changed = tuple(Change(name, was, will) for name, was, will in pairs if was != will)
    if before is None:
        return Row(line.row, will, "new", changed)
    return Row(line.row, will, "changed" if changed else "unchanged", changed)


def _outside(console: Console, items: Iterable[object]) -> Iterable[str]:
    """Addresses and networks of a scan that no declared network contains."""
    declared = [ip_network(network.cidr) for network in StoredRegister(console.practice).seen(Network).facts]
    for item in items:
        if isinstance(item, Host):
            for address in item.addresses or ():
                if not any(ip_address(address) in network for network in declared):
                    yield address
        elif isinstance(item, Sweep) and item.network:
            swept = ip_network(item.network)
            if not any(swept[0] in known and swept[-1] in known for known in declared):
                yield item.network


__all__ = [
    "Change", "DiskFull", "Preview", "Problem", "Refused", "Row", "Upload",
    "accept", "file_problem", "import_scan", "preview", "row_problem",
]  # fmt: skip
