"""What a linking field may name: a list where they are few, a search where they are many."""

from functools import cache

from django.urls import reverse

from negatoscope.flows import listing
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.evidence import Ref
from negatoscope.model.family import Column, Family, rest
from negatoscope.model.hosts import Host
from negatoscope.store.queries import subjects
from negatoscope.store.queries.paging import Ask
from negatoscope.web.forms.things import Offers

MOST_CHOSEN = 40
"""Beyond so many, nobody finds a name in a list: it is sought."""
SHOWN = 20
"""Names that a search shows."""


def offers(console: Console, family: Family) -> Offers:
    """For a form of this family."""
    register = StoredRegister(console.practice)
    linking = [column for column in family.columns if column.to]
    few, sought = {}, {}
    for column in linking:
        if sum(subjects.count(console.practice, kind) for kind in column.to) > MOST_CHOSEN:
            sought[column.name] = reverse("family_choices", args=[family.name, column.name])
        else:
            few[column.name] = sorted(_all(register, column).items(), key=lambda one: one[1].casefold())
    known = cache(lambda: listing.known(console, family))
    return Offers(few, sought, known, listing.names(register, [column for column in linking if column.name in sought]))


def found(practice: int, column: Column, said: str) -> list[tuple[str, str]]:
    """Names that hold what somebody typed, each with what else tells it from others; the first few."""
    words = subjects.plain(said).split()
    told = [
        (name, "" if name == rest(ref) else rest(ref))
        for ref, name in listing.named(StoredRegister(practice), column.to).items()
        if all(word in subjects.plain(f"{name} {rest(ref)}") for word in words)
    ]
    if Host.__name__ in column.to:
        rows = subjects.page(practice, [Host.__name__], Ask(search=said, stop=SHOWN), subjects.Within()).rows
        told += [(rest(row.ref), _told(row.fact)) for row in rows]
    return sorted(told, key=lambda one: one[0].casefold())[:SHOWN]


def _told(host: Host) -> str:
    name = host.hostname if host.hostname and host.hostname != rest(host.ref) else None
    return " · ".join(filter(None, (name, *(host.addresses or ())[:1], host.model)))


def _all(register: StoredRegister, column: Column) -> dict[Ref, str]:
    hosts = register.seen(Host).facts if Host.__name__ in column.to else ()
    return listing.named(register, column.to) | {host.ref: rest(host.ref) for host in hosts}
