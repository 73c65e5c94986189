"""Lists that people keep: what names in them stand for, adding, changing, withdrawing, and declaring them complete."""

from collections.abc import Iterable
from typing import Any

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Outcome
from negatoscope.flows.recording import alone
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.family import Column, Family, Shape, rest
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.model.people import Person
from negatoscope.observe.declared import DECLARED
from negatoscope.observe.spreadsheet.cells import name as folded
from negatoscope.observe.spreadsheet.families import ACCOUNTS, BY_KIND
from negatoscope.observe.spreadsheet.rows import Known
from negatoscope.store import facts


def declared(console: Console, kind: type[Any]) -> dict[Ref, Any]:
    """What people declared of this kind, as it stands."""
    sources = facts.sources(console.practice)
    return {
        said.ref: said.fact
        for said in facts.statements(console.practice, kind, sources)
        if COLLECTORS[said.source.collector].voice == DECLARED.voice
    }


def known(console: Console, family: Family) -> Known:
    """What names stand for in a list of this family."""
    register = StoredRegister(console.practice)
    kinds = {kind for column in family.columns for kind in column.to}
    if family is ACCOUNTS:
        kinds = {"Host", "Person", "Directory"}
    found = {kind: _unique(_names(fact) for fact in register.seen(KINDS[kind]).facts) for kind in kinds}
    if any(column.shape is Shape.DOCUMENT for column in family.columns):
        found["Document"] = _documents(register, family)
    return Known(found.pop("Host", {}), found.pop("Person", {}), found)


def named(register: StoredRegister, kinds: Iterable[str]) -> dict[Ref, str]:
    """What to call each thing of these kinds: the best word that names it and nothing else of them.

    Hosts are left out: what follows the head of their reference names them already, and they may be thousands.
    """
    listed = [KINDS[kind] for kind in kinds if kind != Host.__name__]
    things = {fact.ref: fact for kind in listed for fact in register.seen(kind).facts}
    names = _unique(_names(fact) for fact in things.values())
    return {
        ref: next((one for one in _names(fact)[1] if names.get(folded(one)) == ref), rest(ref))
        for ref, fact in things.items()
    }


def names(register: StoredRegister, columns: Iterable[Column]) -> dict[Ref, str]:
    """What to call the things that these columns name; hosts are left out as in ``named``."""
    found: dict[Ref, str] = {}
    for kinds in {column.to for column in columns if column.to}:
        found |= named(register, kinds)
    return found


def _names(fact: Any) -> tuple[Ref, tuple[str, ...]]:  # noqa: ANN401 -- any fact
    """A thing, and every name that it answers to: best first."""
    if isinstance(fact, Person):
        return fact.ref, (fact.name, fact.ident)
    if isinstance(fact, Host):
        short = (fact.hostname, fact.hostname.split(".")[0]) if fact.hostname else ()
        return fact.ref, (rest(fact.ref), *short, *(fact.addresses or ()))
    family = BY_KIND.get(type(fact).__name__)
    return fact.ref, tuple(dict.fromkeys((family.label(fact) if family else rest(fact.ref), rest(fact.ref))))


def _unique(things: Iterable[tuple[Ref, tuple[str, ...]]]) -> dict[str, Ref | None]:
    """Names by what they stand for; a reference's own words win over a name that others share."""
    found: dict[str, Ref | None] = {}
    sure: dict[str, Ref | None] = {}
    for ref, names in things:
        sure[folded(rest(ref))] = ref
        for name in names:
            found[folded(name)] = ref if found.get(folded(name), ref) == ref else None
    return found | sure


def _documents(register: StoredRegister, family: Family) -> dict[str, Ref | None]:
    """Documents that facts of this family hold already: a spreadsheet cannot bring any other."""
    columns = [column.name for column in family.columns if column.shape is Shape.DOCUMENT]
    facts_known = register.seen(family.fact).facts
    return {digest: digest for fact in facts_known for one in columns if (digest := getattr(fact, one))}


def save(console: Console, operator: str, fact: Any) -> Outcome:  # noqa: ANN401 -- a fact of a declared family
    """Add a thing to its list, or change what is said of it. Raises DiskFull, Unreadable."""
    return declare(console, Said(operator), (fact,))


def close(console: Console, operator: str, family: Family) -> Outcome:
    """Declare a list complete as it stands, nothing left out: what was examined, for the controls that read it."""
    with alone(console):
        standing = tuple(declared(console, family.fact).values())
        return declare(console, Said(operator, "edit"), standing, (), (Sweep(family.kind),))


def leaning(console: Console, ref: Ref) -> dict[str, int]:
    """How many things of each family name this one: they would name nothing if it went."""
    register = StoredRegister(console.practice)
    found: dict[str, int] = {}
    for family in BY_KIND.values():
        linking = [column.name for column in family.columns if column.to]
        count = sum(ref in _named_by(fact, linking) for fact in register.seen(family.fact).facts) if linking else 0
        found |= {family.name: count} if count else {}
    return found


def _named_by(fact: Any, columns: Iterable[str]) -> set[Ref]:  # noqa: ANN401 -- any fact
    values = [getattr(fact, column) for column in columns]
    return {ref for value in values if value for ref in (value if isinstance(value, tuple) else (value,))}
