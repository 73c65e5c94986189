"""From a directory's answers to facts: for each kind a sweep, or the gap that stands in its place."""

from collections.abc import Iterator
from typing import BinaryIO

from negatoscope.model.directory import Directory, DirectoryAccess, DirectoryKind
from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.directory.domains import computers, settings, trusts
from negatoscope.observe.directory.frames import Answers, read_answers
from negatoscope.observe.directory.openldap import openldap
from negatoscope.observe.directory.people import finer_readable, people
from negatoscope.observe.directory.rights import guarded
from negatoscope.observe.directory.view import View, view

NEEDS: dict[str, tuple[str, ...]] = {
    "DirectoryAccount": ("users", "services"),
    "DirectoryGroup": ("groups",),
    "DirectoryPrivilege": ("users", "services", "computers", "groups", "foreign", "members"),
    "DirectoryPolicy": ("domain", "policies"),
    "DirectoryDomain": ("domain",),
    "DirectoryComputer": ("computers",),
    "DirectoryTrust": ("trusts",),
    "GuardedObject": ("head", "holder", "guarded"),
}
"""Questions that must have been answered to the end before a kind counts as looked for."""
ALONE = frozenset({"domain", "users", "groups", "head", "holder", "computers", "guarded", "members"})
"""Questions that every domain has an answer to: none at all means that we were not let see."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Everything that one look at a directory says. Raises Unreadable."""
    answers = read_answers(stream)
    directory = f"directory/{answers.header.realm}"
    try:
        kind = DirectoryKind(answers.header.kind)
    except ValueError as error:
        raise Unreadable("malformed", "line 1") from error
    yield Directory(answers.header.realm, kind)
    yield from _access(answers, directory)
    if kind is DirectoryKind.OPENLDAP:
        yield from openldap(answers, directory)
    else:
        yield from _domain(view(answers, directory))


def _access(answers: Answers, directory: Ref) -> Iterator[Item]:
    """Whether somebody without a name was answered; one who is not let in is not."""
    status = answers.status.get("anonymous")
    if status in {"ok", "closed", "absent", "denied", "refused"}:
        yield DirectoryAccess(directory, anonymous_read=bool(answers.entries["anonymous"]))
        yield Sweep("DirectoryAccess", directory)
    else:
        yield Gap("DirectoryAccess", status or "unreadable", directory)


def _domain(domain: View) -> Iterator[Item]:
    yield from people(domain)
    yield from settings(domain)
    yield from computers(domain)
    yield from trusts(domain)
    yield from guarded(domain)
    for kind, questions in NEEDS.items():
        yield _swept(domain, kind, questions)


def _swept(domain: View, kind: str, questions: tuple[str, ...]) -> Sweep | Gap:
    why = domain.answers.why_not(*questions)
    empty = next((one for one in questions if one in ALONE and not domain.answers.entries[one]), None)
    if kind == "DirectoryPolicy" and why is None and not finer_readable(domain):
        return Gap(kind, "finer_policies_hidden", domain.directory)
    if why is not None:
        return Gap(kind, why, domain.directory)
    return Gap(kind, "nothing_shown", domain.directory) if empty else Sweep(kind, domain.directory)
