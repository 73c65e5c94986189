"""OpenLDAP: accounts, groups, ppolicy, and the rights that ``cn=config`` states where it lets itself be read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from negatoscope.model.directory import (
    DirectoryAccount,
    DirectoryGroup,
    DirectoryPolicy,
    DirectoryPrivilege,
    GuardedObject,
)
from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.observe.collector import Item
from negatoscope.observe.directory import flags
from negatoscope.observe.directory.access import grants
from negatoscope.observe.directory.frames import Answers, Kept
from negatoscope.observe.directory.members import Graph
from negatoscope.observe.directory.people import DEFAULT
from negatoscope.observe.directory.view import key

ACTIVE_DIRECTORY_ALONE = ("DirectoryDomain", "DirectoryComputer", "DirectoryTrust")
DAY_SECONDS, MINUTE_SECONDS = 86_400, 60
ROOT = "root_dn"
LOCKED_FOR_GOOD = "000001010000Z"
"""``pwdAccountLockedTime`` of an account that an administrator closed; any other instant is a lock after wrong
passwords, which ends by itself: a few failures close nobody's account."""
NONE_THERE: dict[str, Any] = {
    "password_not_required": False,
    "des_only": False,
    "preauth_not_required": False,
    "smartcard_required": False,
    "not_delegated": True,
    "unconstrained_delegation": False,
    "protocol_transition": False,
    "delegates_to": (),
    "spns": (),
    "admin_count": False,
    "sid_history": (),
}
"""What this server has no means to do: tickets, delegation, cards. How it hashes passwords is not asked."""


class _Tree(NamedTuple):
    """A directory put together."""

    answers: Answers
    directory: Ref
    graph: Graph
    names: dict[str, str]
    privileged: dict[str, dict[str, tuple[str, ...]]]
    """For each privileged group, the way there of everybody below it."""


def openldap(answers: Answers, directory: Ref) -> Iterator[Item]:
    """Everything read from one OpenLDAP. Raises Unreadable."""
    tree = _tree(answers, directory)
    yield from _accounts(tree)
    yield from _groups(tree)
    yield from _privileges(tree)
    yield from _policies(tree)
    yield from _rights(tree)
    yield from (Sweep(kind, directory) for kind in ACTIVE_DIRECTORY_ALONE)


def _tree(answers: Answers, directory: Ref) -> _Tree:
    graph = Graph()
    names = {
        key(e.dn): e.text("uid") or e.text("cn") or e.dn for of in ("users", "groups") for e in answers.entries[of]
    }
    by_uid = {e.text("uid"): key(e.dn) for e in answers.entries["users"] if e.text("uid")}
    by_number = {e.text("gidNumber"): key(e.dn) for e in answers.entries["groups"] if e.text("gidNumber")}
    for entry in answers.entries["groups"]:
        for dn in (*entry.texts("member"), *entry.texts("uniqueMember")):
            names.setdefault(key(dn), dn.partition(",")[0].partition("=")[2])
            graph.add(key(dn), key(entry.dn))
        for uid in entry.texts("memberUid"):
            graph.add(by_uid.get(uid, f"uid={uid}"), key(entry.dn))
            names.setdefault(by_uid.get(uid, f"uid={uid}"), uid)
    for entry in answers.entries["users"]:
        group = by_number.get(entry.text("gidNumber"))
        if group:
            graph.add_primary(key(entry.dn), group)
    wanted = {name.lower() for name in answers.header.privileged_groups}
    chosen = [key(entry.dn) for entry in answers.entries["groups"] if names[key(entry.dn)].lower() in wanted]
    return _Tree(answers, directory, graph, names, {group: dict(graph.paths_to(group)) for group in chosen})


def _accounts(tree: _Tree) -> Iterator[Item]:
    default = _default(tree.answers)
    policies = {key(entry.dn): entry.text("cn") or entry.dn for entry in tree.answers.entries["policies"]}
    below = {member for paths in tree.privileged.values() for member in paths}
    for entry in tree.answers.entries["users"]:
        where = key(entry.dn)
        own = entry.text("pwdPolicySubentry") or default
        reset = entry.text("pwdReset")
        yield DirectoryAccount(
            tree.directory,
            tree.names[where],
            shown_as=entry.text("displayName") or entry.text("cn"),
            sid=entry.text("entryUUID"),
            employee_id=entry.text("employeeNumber"),
            mail=entry.text("mail"),
            enabled=entry.text("pwdAccountLockedTime") != LOCKED_FOR_GOOD,
            created_at=flags.instant(entry.text("createTimestamp")),
            password_set_at=flags.instant(entry.text("pwdChangedTime")),
            password_must_change=None if reset is None else reset == "TRUE",
            **NONE_THERE,
            privileged=where in below if tree.answers.header.privileged_groups else None,
            last_logon_at=flags.instant(entry.text("pwdLastSuccess") or entry.text("authTimestamp")),
            policy=None if own is None else DEFAULT if own == DEFAULT else policies.get(key(own), own),
            groups=tuple(sorted(tree.names.get(group, group) for group in tree.graph.above(where))),
        )
    yield _swept(tree, "DirectoryAccount", "users")


def _default(answers: Answers) -> str | None:
    """The policy of accounts without one of their own; ``None`` where the configuration does not say."""
    if not _configured(answers):
        return None
    return next((said for e in answers.entries["overlays"] if (said := e.text("olcPPolicyDefault"))), DEFAULT)


def _configured(answers: Answers) -> bool:
    return answers.whole("databases", "overlays") and bool(answers.entries["databases"])


def _swept(tree: _Tree, kind: str, question: str) -> Sweep | Gap:
    why = tree.answers.why_not(question)
    if why is None and not tree.answers.entries[question]:
        why = "nothing_shown"
    return Sweep(kind, tree.directory) if why is None else Gap(kind, why, tree.directory)


def _groups(tree: _Tree) -> Iterator[Item]:
    accounts = [key(entry.dn) for entry in tree.answers.entries["users"]]
    sizes = tree.graph.sizes((key(entry.dn) for entry in tree.answers.entries["groups"]), accounts)
    below = {member for paths in tree.privileged.values() for member in paths}
    for entry in tree.answers.entries["groups"]:
        where = key(entry.dn)
        above = tuple(sorted(tree.names.get(group, group) for group in tree.graph.parents.get(where, ())))
        yield DirectoryGroup(
            tree.directory,
            tree.names[where],
            sid=entry.text("entryUUID"),
            members=sizes[where],
            groups=above,
            privileged=where in tree.privileged or where in below,
        )
    why = tree.answers.why_not("groups")
    yield Gap("DirectoryGroup", why, tree.directory) if why else Sweep("DirectoryGroup", tree.directory)


def _privileges(tree: _Tree) -> Iterator[Item]:
    groups = {key(entry.dn) for entry in tree.answers.entries["groups"]}
    for group, paths in tree.privileged.items():
        for member, path in paths.items():
            if member not in groups:
                yield DirectoryPrivilege(
                    tree.directory,
                    tree.names[member],
                    tree.names[group],
                    tuple(tree.names.get(step, step) for step in path),
                    primary=(member, path[0]) in tree.graph.primary,
                    foreign=False,
                )
    for root in sorted({dn for entry in tree.answers.entries["databases"] for dn in entry.texts("olcRootDN")}):
        if key(root) in tree.names:
            yield DirectoryPrivilege(tree.directory, tree.names[key(root)], ROOT, (ROOT,), role=ROOT, foreign=False)
    found = {tree.names[group].lower() for group in tree.privileged}
    missing = [name for name in tree.answers.header.privileged_groups if name.lower() not in found]
    if not tree.answers.header.privileged_groups:
        yield Gap("DirectoryPrivilege", "groups_not_named", tree.directory)
    elif missing:
        yield Gap("DirectoryPrivilege", "group_missing", tree.directory, {"group": ", ".join(missing)})
    else:
        yield _swept(tree, "DirectoryPrivilege", "groups")


def _policies(tree: _Tree) -> Iterator[Item]:
    for entry in tree.answers.entries["policies"]:
        yield _policy(tree, entry)
    if not _configured(tree.answers):
        yield Gap("DirectoryPolicy", "configuration_hidden", tree.directory)
        return
    default = _default(tree.answers)
    why = tree.answers.why_not("policies")
    shown = {DEFAULT, *(key(entry.dn) for entry in tree.answers.entries["policies"])}
    if why is None and key(default or "") not in shown:
        why = "nothing_shown"
    if default == DEFAULT:
        yield DirectoryPolicy(
            tree.directory, DEFAULT, min_length=0, min_classes=0, history=0, max_days=0, lockout_attempts=0
        )
    yield Sweep("DirectoryPolicy", tree.directory) if why is None else Gap("DirectoryPolicy", why, tree.directory)


def _policy(tree: _Tree, entry: Kept) -> DirectoryPolicy:
    """What ppolicy (draft-behera-ldap-password-policy) enforces: a length counts only where quality is checked."""
    checked = (entry.number("pwdCheckQuality") or 0) > 0
    locks = (entry.text("pwdLockout") or "").upper() == "TRUE"
    return DirectoryPolicy(
        tree.directory,
        entry.text("cn") or entry.dn,
        min_length=(entry.number("pwdMinLength") or 0) if checked else 0,
        min_classes=0,
        history=entry.number("pwdInHistory") or 0,
        max_days=(entry.number("pwdMaxAge") or 0) // DAY_SECONDS,
        lockout_attempts=(entry.number("pwdMaxFailure") or 0) if locks else 0,
        lockout_minutes=(entry.number("pwdLockoutDuration") or 0) // MINUTE_SECONDS,
    )


def _rights(tree: _Tree) -> Iterator[Item]:
    if not _configured(tree.answers):
        yield Gap("GuardedObject", "configuration_hidden", tree.directory)
        return
    base = key(tree.answers.header.base)
    shown = [entry for entry in tree.answers.entries["databases"] if base in map(key, entry.texts("olcSuffix"))]
    for entry in shown:
        yield GuardedObject(tree.directory, tree.answers.header.base, "database", grants(entry.texts("olcAccess")))
    yield Sweep("GuardedObject", tree.directory) if shown else Gap("GuardedObject", "nothing_shown", tree.directory)
