"""Names that people know: of persons, of hosts first met at an address, of what controls are about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from negatoscope.judge import texts
from negatoscope.kit.bilingual import Lang
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.store.queries import subjects

PERSON, HOST = "person/", "host/"


def names(practice: int, values: Iterable[Any]) -> dict[Ref, str]:
    """The names of persons, and of hosts that are known by an address, among these values: in one query, or none."""
    told = {one for one in values if isinstance(one, str) and (one.startswith(PERSON) or by_address(one))}
    found = {ref: one.fact for ref, one in subjects.several(practice, told).items()}
    named = {ref: fact.name if ref.startswith(PERSON) else fact.hostname for ref, fact in found.items()}
    return {ref: str(name) for ref, name in named.items() if name}


def by_address(ref: Ref) -> bool:
    """Whether a host is known by an address: that at which it was first met."""
    try:
        return ref.startswith(HOST) and bool(ip_address(ref.removeprefix(HOST)))
    except ValueError:
        return False


def called(host: Host, lang: Lang) -> str:
    """A host as people call it."""
    return host.hostname if host.hostname and by_address(host.ref) else texts.subject(host.ref, lang)


def known_as(practice: int, ref: Ref, lang: Lang) -> str:
    """A subject as people call it; somebody by the name that the register has, if it has one."""
    return names(practice, [ref]).get(ref) or texts.subject(ref, lang)


def sentences(practice: int, items: Sequence[Finding | Doubt], rule: str, lang: Lang) -> list[str]:
    """Findings and doubts of a rule in words, people and hosts by their names: one query where any are concerned."""
    known = names(practice, (value for item in items for value in (item.subject, *item.values.values())))
    said = [replace(item, values={key: known.get(str(one), one) for key, one in item.values.items()}) for item in items]
    return [texts.sentence(item, rule, lang, known.get(item.subject)) for item in said]


def about(code: str, lang: Lang) -> str:
    """A rule or a control with what it is about: ``R27.4 (Journaux)``; nothing for nothing."""
    return f"{code} ({texts.rule(code.partition('.')[0]).short[lang]})" if code else ""
