"""Rights of the directory that somebody's role does not need. Pure."""

import re
from collections.abc import Mapping

from negatoscope.judge.shapes import Said, unread
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Finding

EVERYONES = re.compile(r"S-1-5-21-[\d-]+-51[35]|S-1-5-32-545")
"""Groups to which a directory adds every account by itself, whatever their names: Domain Users, Domain Computers, and
the built-in Users (MS-DTYP 2.4.2.4)."""


def beyond(
    account: DirectoryAccount, role: str | None, wanted: frozenset[str], sids: Mapping[tuple[Ref, str], str | None]
) -> Said:
    """Groups that the role does not need; one without an identifier may be everyone's."""
    if account.groups is None:
        yield unread(account.ref, "directory_groups")
        return
    others = {name: sids.get((account.directory, name)) for name in account.groups if name.casefold() not in wanted}
    if any(sid is None for sid in others.values()):
        yield unread(account.ref, "group_sid")
    if extra := [name for name, sid in others.items() if sid and not EVERYONES.fullmatch(sid)]:
        yield Finding(account.ref, "beyond_role", {"groups": ", ".join(extra), "role": role})
