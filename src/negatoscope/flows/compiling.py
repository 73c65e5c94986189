"""What dossiers are filled from: the incident, and what the register knows of the practice and its people."""

import re
from collections.abc import Iterable, Sequence

from negatoscope.flows import naming
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.judge.leavers import Leaving
from negatoscope.model import calltree
from negatoscope.model.continuity import Call, Contact
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import Entry, Hit, Incident, Named, Role, Touched, What
from negatoscope.model.people import Departure, Person
from negatoscope.model.providers import Contract, Provider
from negatoscope.model.verdict import Verdict
from negatoscope.respond.dossier import Given, forms
from negatoscope.respond.exercise.stage import showing
from negatoscope.respond.facts import Facts
from negatoscope.store import practice
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries import judgements, subjects

REGISTER = "register"
DPO = re.compile(r"\bdpo\b|protection des données|data protection", re.IGNORECASE)
INSURER = re.compile(r"assur|sinistre|insur", re.IGNORECASE)
SUPPORTS = {
    HostClass.SERVER: "server",
    HostClass.WORKSTATION: "workstation",
    HostClass.LAPTOP: "laptop",
}


def facts(console: Console, one: Incident, log: Sequence[Entry]) -> Facts:
    """All that is known when a dossier of an incident is read."""
    lasting = {field.id for form in forms().values() for field in form.fields if field.lasting}
    earlier = held.filled(console.practice, one.number)
    return Facts(
        one,
        log,
        showing(one, console.clock()),
        lambda ref: naming.known_as(console.practice, ref, "fr") if "/" in ref else ref,
        {name: given for name, given in _register(console, one).items() if given.values},
        {ident: values for ident, values in earlier.items() if ident in lasting},
    )


def _register(console: Console, one: Incident) -> dict[str, Given]:
    known = StoredRegister(console.practice)
    contacts, providers = known.seen(Contact).facts, known.seen(Provider).facts
    gone = Leaving(known.seen(Departure).facts, console.clock()).gone()
    people = [person for person in known.seen(Person).facts if person.ref not in gone]
    calls = {call.person: calltree.numbers(call) for call in known.seen(Call).facts}
    return {
        "practice": _given([practice.name(console.practice)]),
        "staff": Given((str(len(people)),) if people else (), REGISTER, doubt=True),
        "dpo": _given(map(_reached, _about(contacts, DPO))),
        "insurer": _given(map(_reached, _about(contacts, INSURER))),
        "providers": _given(map(_reached, providers), doubt=True),
        "contracts": _given((_agreed(one, providers) for one in known.seen(Contract).facts), doubt=True),
        "technical": _given(_technical(one, people, calls)),
        "supports": Given(_supports(console.practice, one), REGISTER, doubt=True),
        "in_place": _given(_in_place(console.practice)),
        **_declarant(one, people, calls),
    }


def _given(lines: Iterable[str | None], *, doubt: bool = False) -> Given:
    told = "\n".join(filter(None, lines))
    return Given((told,) if told else (), REGISTER, doubt)


def _about(contacts: Iterable[Contact], what: re.Pattern[str]) -> list[Contact]:
    return [one for one in contacts if what.search(f"{one.name} {one.purpose or ''}")]


def _reached(one: Contact | Provider) -> str:
    return ", ".join(filter(None, (one.name, one.phone, one.email)))


def _agreed(one: Contract, providers: Iterable[Provider]) -> str:
    """A contract in one line: with whom, until when, whether patients' data are in it."""
    name = next((each.name for each in providers if each.ref == one.provider), one.provider.partition("/")[2])
    until = f"jusqu’au {one.ends_on:%d/%m/%Y}" if one.ends_on else None
    return ", ".join(filter(None, (one.name, name, until, "données de santé" if one.health_data else None)))


def _holder(one: Incident, *roles: Role) -> str:
    """Who holds the first of these roles that somebody holds."""
    words = (one.roles[role].word for role in roles if role in one.roles)
    return next((word.person for word in words if isinstance(word, Named)), "")


def _person(name: str, people: Iterable[Person]) -> Person | None:
    """Somebody of the register by a name that people wrote; nobody where two have it."""
    found = [person for person in people if name and person.name.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else None


Numbers = dict[str, tuple[str, ...]]


def _phone(person: Person | None, calls: Numbers) -> str:
    if person is None:
        return ""
    return person.phone or next(iter(calls.get(person.ref, ())), "")


def _declarant(one: Incident, people: Sequence[Person], calls: Numbers) -> dict[str, Given]:
    """Who does the declarations, else who leads; the name as the incident says it, the rest from the register."""
    name = _holder(one, Role.DECLARATIONS, Role.LEAD)
    person = _person(name, people)
    return {
        "declarant": Given((name,) if name else (), "team", Role.DECLARATIONS not in one.roles),
        "declarant_role": _given([person.role if person else None]),
        "declarant_phone": _given([_phone(person, calls)]),
        "declarant_email": _given([person.email if person else None]),
    }


def _technical(one: Incident, people: Sequence[Person], calls: Numbers) -> list[str]:
    name = _holder(one, Role.TECHNICAL)
    return [", ".join(filter(None, (name, _phone(_person(name, people), calls))))]


def _supports(practice: int, one: Incident) -> tuple[str, ...]:
    """Kinds of the hosts that are, or may be, touched."""
    words = [entry.word for entry in one.touched.values()]
    refs = {word.name for word in words if isinstance(word, Touched) and word.what is What.HOST}
    hosts = [each.fact for each in subjects.several(practice, refs - {*one.hosts(Hit.CLEARED)}).values()]
    classes = {host.host_class for host in hosts if isinstance(host, Host)}
    return tuple(code for kind, code in SUPPORTS.items() if kind in classes)


def _in_place(practice: int) -> list[str]:
    """Rules that the last judgement found held."""
    box = judgements.light_box(practice)
    films = box.films if box else ()
    return [texts.rule(film.rule).title.fr for film in films if film.verdict is Verdict.PASSED]
