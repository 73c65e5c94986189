"""Local accounts and, as far as an inventory tells, who administers the host."""

from collections.abc import Iterator

from negatoscope.model.accounts import Account, AccountKind, Privilege
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, Row, text

_NO_SESSION = frozenset({"nologin", "false", "true", "sync", "halt", "shutdown"})
_FIRST_PERSON, _NOBODY = 1000, 65_534
WINDOWS_OWN = frozenset({"501", "503", "504"})
"""Last part of the SID of accounts that Windows makes for itself: guest, default account, application guard."""
ADMINISTERING = frozenset({"sudo", "wheel", "admin", "root", "docker", "lxd", "libvirt", "disk"})
"""Groups of Linux whose members can do everything."""


def accounts(post: Post) -> Iterator[Item]:
    """One fact an account. Inventories do not tell whether one is open, nor of its password: those stay dark."""
    found: dict[str, Account] = {}
    for row in post.rows("local_users"):
        name = text(row, "login", "name")
        if name is not None:
            found.setdefault(name, _windows(name, row) if post.windows else _unix(name, row))
    yield from found.values()
    yield Sweep("Account", HOST)


def _windows(name: str, row: Row) -> Account:
    sid = text(row, "id") or ""
    own = sid.rpartition("-")[2] in WINDOWS_OWN
    kind = AccountKind.SYSTEM if own else AccountKind.PERSON if sid.startswith("S-1-5-21-") else None
    return Account(HOST, name, kind=kind, interactive=None if own else True)


def _unix(name: str, row: Row) -> Account:
    number, shell = text(row, "id") or "", text(row, "shell")
    kind = None
    if number.isdigit():
        system = int(number) < _FIRST_PERSON or int(number) == _NOBODY
        kind = AccountKind.SYSTEM if system else AccountKind.PERSON
    return Account(HOST, name, kind=kind, interactive=shell.rpartition("/")[2] not in _NO_SESSION if shell else None)


def privileges(post: Post) -> Iterator[Item]:
    """Members of groups that administer; never a sweep, for neither ``sudo`` nor Windows' members are in the post."""
    if post.windows is not False:
        if not post.partial:
            yield Gap("Privilege", "registry_not_collected", HOST)
        return
    for row in post.rows("local_users"):
        if text(row, "id") == "0" and (name := text(row, "login", "name")):
            yield Privilege(HOST, name, "uid0")
    for row in post.rows("local_groups"):
        group, said = text(row, "name"), row.get("members", row.get("member"))
        members = said if isinstance(said, list) else [said]
        if group in ADMINISTERING:
            yield from (Privilege(HOST, one, f"group:{group}") for one in members if isinstance(one, str) and one)
    yield Gap("Privilege", "agent_without_sudo", HOST)
