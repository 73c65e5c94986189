"""Files of Sigma rules as they follow one another: what a newer one brings, and the way back to an earlier one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import msgspec

from negatoscope.flows import ruling
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.ruling import RulesRefused
from negatoscope.model.detecting import RuleArchive
from negatoscope.store.queries import subjects
from negatoscope.store.vault import Tampered
from negatoscope.watch.sigma import tree

REMEMBERED = 20
"""Earlier versions of a file that can be gone back to."""
COMPARED = 50_000
"""Characters of a rule beyond which nobody compares it line by line."""


@dataclass(frozen=True)
class Taken:
    """A file that was taken, beside the one of the same name that it replaced; without one, every rule is new."""

    archive: RuleArchive
    new: int
    changed: int
    gone: int
    reasons: Mapping[str, int]
    """How many of its rules cannot run, by the code of the reason, the most frequent first."""


def files(console: Console) -> list[RuleArchive]:
    """The files in use, by name."""
    return sorted(StoredRegister(console.practice).seen(RuleArchive).facts, key=lambda one: one.name)


def named(console: Console, name: str) -> RuleArchive | None:
    """The file in use under a name."""
    return next((one for one in files(console) if one.name == name), None)


def take(console: Console, operator: str, name: str, data: bytes) -> Taken:
    """Take a file, and tell what it brings. Raises RulesRefused, DiskFull, OSError."""
    name = Path(name).name
    before = named(console, name)
    known = _read(console, before) if before else {}
    return _told(console, known, ruling.take(console, operator, name, data))


def bring_back(console: Console, operator: str, name: str, digest: str) -> Taken:
    """Use an earlier version again. Raises RulesRefused (``unknown``: there was none such), DiskFull, OSError."""
    if digest not in {one.document_digest for one in versions(console, name)[1:]}:
        raise RulesRefused("unknown")
    try:
        with console.vault.open(digest) as stream:
            return take(console, operator, name, stream.read())
    except Tampered as error:
        raise RulesRefused("unknown") from error


def versions(console: Console, name: str) -> list[RuleArchive]:
    """What stood under a name, the present one first, since it was last dropped."""
    now = named(console, name)
    if now is None:
        return []
    found, told = [now], msgspec.to_builtins(now)
    for change in subjects.changes(console.practice, now.ref, limit=REMEMBERED):
        if not change.values:
            break
        told = {**told, **{field: before for field, (before, _after) in change.values.items()}}
        found.append(msgspec.convert(told, RuleArchive))
    return found


def reasons(console: Console, one: RuleArchive) -> dict[str, int]:
    """How many rules of a file cannot run, by the code of the reason, the most frequent first. Raises OSError."""
    return dict(Counter(left.code for left in ruling.rules_of(console, one).refused).most_common())


@dataclass(frozen=True)
class Written:
    """A rule's text in one version of its file; ``None``: it is not there under this name."""

    file: RuleArchive
    text: str | None

    def since(self, before: "Written") -> list[str]:
        """The lines that differ from an earlier version, each with its sign; none of a text too long to compare."""
        old, new = before.text or "", self.text or ""
        if max(len(old), len(new)) > COMPARED:
            return []
        return list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]


def written(console: Console, path: str) -> list[Written]:
    """The text of a rule that stands at a path, in each version of its file, the present one first. Raises OSError."""
    place, _mark, member = path.partition("!")
    file = next((one for one in files(console) if one.document_digest.endswith(Path(place).stem)), None)
    return [Written(one, _text(console, one, member)) for one in (versions(console, file.name) if file else ())]


def _text(console: Console, one: RuleArchive, member: str) -> str | None:
    try:
        data = ruling.text_of(console, one, member)
    except Tampered:
        return None
    return None if data is None else data.decode("utf-8", "replace")


def _read(console: Console, one: RuleArchive) -> dict[str, tree.Rule | tree.Counted]:
    """Rules by id, wherever in the file they stand; none of a file that the vault lost."""
    try:
        ruleset = ruling.rules_of(console, one)
    except Tampered:
        return {}
    return {each.id: msgspec.structs.replace(each, path="") for each in ruleset.every}


def _told(console: Console, before: Mapping[str, object], archive: RuleArchive) -> Taken:
    after = _read(console, archive)
    changed = sum(before[ident] != after[ident] for ident in before.keys() & after.keys())
    new, gone = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    return Taken(archive, new, changed, gone, reasons(console, archive))
