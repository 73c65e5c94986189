"""Sigma rules: taken from archives that the vault keeps, turned off with a reason, ready for the watch."""

from dataclasses import dataclass
from pathlib import Path

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit.canonical import sha256
from negatoscope.kit.durable import write_durably
from negatoscope.model.detecting import RuleArchive, RuleSwitch
from negatoscope.model.evidence import Retraction
from negatoscope.store.vault import Tampered
from negatoscope.watch.sigma.files import content
from negatoscope.watch.sigma.keep import ruleset_of
from negatoscope.watch.sigma.tree import Counted, Refused, Rule, Ruleset

SUFFIXES = (".zip", ".yml", ".yaml")
MOST_BYTES = 64 * 1024 * 1024


class RulesRefused(Exception):  # noqa: N818 -- what it is
    """Not taken. ``code``: ``suffix``, ``too_large``, ``no_rules``, ``unknown``, ``unexplained``, ``not_off``."""

    def __init__(self, code: str, first: Refused | None = None) -> None:
        """Keep the code, and the first rule that could not be read."""
        super().__init__(code)
        self.code, self.first = code, first


@dataclass(frozen=True)
class InForce:
    """The rules of a practice, less those that are off. ``made_of``: what it was made of, to know it again."""

    ruleset: Ruleset
    off: frozenset[str]
    made_of: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """Files whose rules cannot be had: the vault holds them no more, or altered."""

    @property
    def running(self) -> list[Rule | Counted]:
        """Those that raise alerts."""
        return [one for one in self.ruleset.every if one.id not in self.off]


def _folder(console: Console) -> Path:
    return console.config.data / "watch" / "rules"


def take(console: Console, operator: str, name: str, data: bytes) -> RuleArchive:
    """Take a file of rules, in place of an earlier one of the same name. Raises RulesRefused, DiskFull."""
    if Path(name).suffix.lower() not in SUFFIXES:
        raise RulesRefused("suffix")
    if len(data) > MOST_BYTES:
        raise RulesRefused("too_large")
    digest = keep_document(console, data)
    place = _laid(console, RuleArchive(Path(name).name, digest, console.clock(), 0, 0))
    there = _alone(console, place)
    count = len(there.rules) + len(there.counted)
    if not count:
        place.unlink()
        raise RulesRefused("no_rules", next(iter(there.refused), None))
    archive = RuleArchive(Path(name).name, digest, console.clock(), count, len(there.refused))
    declare(console, Said(operator, "configuration"), [archive])
    in_force(console)  # read together with the others now, so that neither the watch nor a page waits for it
    return archive


def drop(console: Console, operator: str, name: str) -> None:
    """Use a file of rules no more; the vault keeps it. Raises RulesRefused."""
    if name not in {one.name for one in StoredRegister(console.practice).seen(RuleArchive).facts}:
        raise RulesRefused("unknown")
    declare(console, Said(operator, "configuration"), [], [Retraction(RuleArchive.__name__, f"rulearchive/{name}")])


def turn_off(console: Console, operator: str, rule: str, reason: str) -> None:
    """Have a rule raise no alert any more. Raises RulesRefused: unknown, or without a reason."""
    if not reason.strip():
        raise RulesRefused("unexplained")
    if rule not in {one.id for one in in_force(console).running}:
        raise RulesRefused("unknown")
    declare(console, Said(operator, "configuration"), [RuleSwitch(rule, reason.strip(), operator, console.clock())])


def turn_on(console: Console, operator: str, rule: str) -> None:
    """Have a rule that was off raise alerts again. Raises RulesRefused."""
    if rule not in in_force(console).off:
        raise RulesRefused("not_off")
    declare(console, Said(operator, "configuration"), [], [Retraction(RuleSwitch.__name__, f"ruleswitch/{rule}")])


def made_of(console: Console) -> tuple[str, ...]:
    """What the rules in force are made of: archives and switches, as the register names them now."""
    register = StoredRegister(console.practice)
    archives = (f"{one.name}:{one.document_digest}" for one in register.seen(RuleArchive).facts)
    return (*sorted(archives), *sorted(one.ref for one in register.seen(RuleSwitch).facts))


def rules_of(console: Console, one: RuleArchive) -> Ruleset:
    """The rules of one file alone, whether it is in use or was. Raises Tampered, OSError."""
    return _alone(console, _laid(console, one))


def _alone(console: Console, place: Path) -> Ruleset:
    """Archives are read once; a single rule costs less to read again than its place among what is kept."""
    return ruleset_of([place], _folder(console).with_name("compiled") if place.suffix == ".zip" else None)


def text_of(console: Console, one: RuleArchive, member: str) -> bytes | None:
    """A member of a file, or the file itself for ``""``; ``None``: it is not there. Raises Tampered, OSError."""
    place = _laid(console, one)
    return content(f"{place}!{member}" if member else str(place))


def in_force(console: Console) -> InForce:
    """The rules as they stand; files that are missing come from the vault again if it has them. Raises OSError."""
    register = StoredRegister(console.practice)
    places, missing = [], []
    for one in register.seen(RuleArchive).facts:
        try:
            places.append(_laid(console, one))
        except Tampered:
            missing.append(one.name)
    ruleset = ruleset_of(places, _folder(console).with_name("compiled")) if places else Ruleset()
    off = frozenset(one.rule for one in register.seen(RuleSwitch).facts)
    return InForce(ruleset, off, made_of(console), tuple(sorted(missing)))


def _laid(console: Console, one: RuleArchive) -> Path:
    """The file of an archive; what does not stand there as it was is laid anew. Raises Tampered."""
    digest = one.document_digest.removeprefix("sha256:")
    place = _folder(console) / f"{digest}{Path(one.name).suffix.lower()}"
    if not place.exists() or sha256(place.read_bytes()) != digest:
        with console.vault.open(one.document_digest) as stream:
            write_durably(place, stream.read())
    return place


__all__ = [
    "InForce", "RulesRefused", "drop", "in_force", "made_of", "rules_of", "take", "text_of", "turn_off", "turn_on",
]  # fmt: skip
