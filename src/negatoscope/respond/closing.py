"""Rule 38: an incident closes once its way in, its spread and what it touched are stated, and each host is rebuilt."""

from collections.abc import Iterator, Mapping

from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Asked, Entry, Hit, How, Incident, Part, Stated
from negatoscope.respond import custody

TAKES: Mapping[Part, tuple[How, ...]] = {
    Part.ENTRY: (How.SAID, How.UNKNOWN),
    Part.SPREAD: (How.SAID,),
    Part.DATA: (How.SAID,),
    Part.IMAGES: (How.TAKEN, How.NOT_TAKEN),
    Part.REINSTALL: (How.REINSTALLED, How.RETIRED, How.RESTORED, How.CLEANED, How.NONE),
    Part.SECRETS: (How.SAID,),
    Part.LESSONS: (How.SAID,),
}
"""What may be stated of each. Each statement bears words: after which search the way in stays unknown, why no image."""
REBUILT = frozenset({How.REINSTALLED, How.RETIRED})
"""A host that was restored or cleaned may still be the attacker's."""


def missing(one: Incident) -> tuple[tuple[str, Ref], ...]:
    """What closing still lacks, as codes, each with its host where it is asked of one; none: it may close."""
    return tuple(_missing(one))


def _missing(one: Incident) -> Iterator[tuple[str, Ref]]:
    yield from _unstated(one, Part.ENTRY, Part.SPREAD, Part.DATA)
    yield from (("undecided", host) for host in one.hosts(Hit.SUSPECTED))
    yield from _hosts(one)
    yield from _unstated(one, Part.SECRETS, Part.LESSONS)
    if not any(isinstance(task.word, Asked) and task.word.lesson for task in one.tasks):
        yield "actions", ""


def _unstated(one: Incident, *parts: Part) -> Iterator[tuple[str, Ref]]:
    return ((part.value, "") for part in parts if (part, "") not in one.statements)


def _hosts(one: Incident) -> Iterator[tuple[str, Ref]]:
    """Of each compromised host; where there is none, somebody says so."""
    compromised = one.hosts(Hit.COMPROMISED)
    for host in compromised:
        yield from _copied(one, one.statements.get((Part.IMAGES, host)), host)
        yield from _rebuilt(one.statements.get((Part.REINSTALL, host)), host)
    if not compromised and (Part.REINSTALL, "") not in one.statements:
        yield "no_host", ""


def _copied(one: Incident, entry: Entry | None, host: Ref) -> Iterator[tuple[str, Ref]]:
    """Who says that images were taken names them among the evidence."""
    if entry is None or not isinstance(entry.word, Stated):
        yield Part.IMAGES.value, host
    elif entry.word.how is How.TAKEN and not custody.imaged(one, host):
        yield "no_image", host


def _rebuilt(entry: Entry | None, host: Ref) -> Iterator[tuple[str, Ref]]:
    """Each compromised host is rebuilt from nothing, or never serves again."""
    if entry is None or not isinstance(entry.word, Stated):
        yield Part.REINSTALL.value, host
    elif entry.word.how not in REBUILT:
        yield "not_rebuilt", host
