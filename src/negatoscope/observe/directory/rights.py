"""Dangerous rights on the objects that decide on all others, given to those who do not administer."""

from collections.abc import Iterator
from uuid import UUID

from negatoscope.model.directory import Grant, GuardedObject
from negatoscope.observe.directory.descriptor import Ace, descriptor
from negatoscope.observe.directory.frames import Kept
from negatoscope.observe.directory.view import View, key

GENERIC_ALL, GENERIC_WRITE, FULL = 0x10000000, 0x40000000, 0xF01FF
CHANGE_RIGHTS, TAKE_OWNERSHIP = 0x40000, 0x80000
EXTENDED, WRITE_PROPERTY, WRITE_SELF = 0x100, 0x20, 0x8
"""Access mask (MS-ADTS 5.1.3.2)."""
MEMBER = UUID("bf9679c0-0de6-11d0-a285-00aa003049e2")
REPLICATE_ALL = UUID("1131f6ad-9c07-11d1-f79f-00c04fc2dcd2")
RESET_PASSWORD = UUID("00299570-246d-11d0-a768-00aa006e0529")
ABOUT_PROPERTY = {
    MEMBER: ("write_members", frozenset({"group"})),
    UUID("bc0ac240-79a9-11d0-9020-00c04fc2d4cf"): ("write_members", frozenset({"group"})),
    UUID("5b47d60f-6090-40b2-9f37-2a4de88f3063"): ("write_keys", frozenset({"account", "computer", "domain"})),
    UUID("3f78c3e5-f79a-46bd-a0b8-9d18116ddc79"): ("write_delegation", frozenset({"computer", "controllers"})),
    UUID("f30e3bbe-9ff0-11d1-b603-0000f80367c1"): ("link_policy", frozenset({"domain", "controllers"})),
}
"""Attributes and property sets (MS-ADA, MS-ADTS 5.1.3.2.1), and on what they are dangerous."""
SETTLED = frozenset({
    "S-1-5-18", "S-1-5-9", "S-1-5-10", "S-1-3-0", "S-1-5-32-544", "S-1-5-32-548", "S-1-5-32-549", "S-1-5-32-550",
    "S-1-5-32-551",
})  # fmt: skip
"""The system, the controllers, the object itself, its creator, and the groups that administer by definition."""
SETTLED_IN_DOMAIN = frozenset({"498", "512", "516", "518", "519", "520", "526", "527"})
SETTLED_IN_FOREST = frozenset({"498", "518", "519", "527"})
"""Of the forest's first domain: groups whose rights reach every domain of it (MS-ADTS 6.1.1.6)."""
CONTAINERS = frozenset({"domain", "controllers"})
"""Where a right that only children inherit still decides on much."""
SCHEMA_OF = {"grouppolicycontainer": "policy", "computer": "computer", "group": "group", "user": "account"}


def guarded(domain: View) -> Iterator[GuardedObject]:
    """The head of the domain, AdminSDHolder, the controllers, privileged groups and accounts, group policies."""
    for entry in domain.answers.entries["head"]:
        yield _examined(domain, entry, entry.dn, "domain")
    for entry in domain.answers.entries["holder"]:
        yield _examined(domain, entry, "AdminSDHolder", "adminsdholder")
    for entry in domain.answers.entries["guarded"]:
        about = _about(entry)
        name = entry.text("displayName") if about == "policy" else entry.text("sAMAccountName") or entry.text("ou")
        if about:
            yield _examined(domain, entry, name or entry.dn, about)


def _about(entry: Kept) -> str | None:
    classes = {name.lower() for name in entry.texts("objectClass")}
    if "organizationalunit" in classes:
        return "controllers"
    return next((about for name, about in SCHEMA_OF.items() if name in classes), None)


def _examined(domain: View, entry: Kept, name: str, about: str) -> GuardedObject:
    raw = entry.raw("nTSecurityDescriptor")
    if raw is None:
        return GuardedObject(domain.directory, name, about)
    said = descriptor(raw)
    found: dict[Grant, None] = {}
    if said.owner and not _settled(domain, said.owner):
        found[Grant(domain.named(said.owner), "owner")] = None
    if said.aces is None:
        found[Grant("S-1-1-0", "full_control")] = None
    for ace in said.aces or ():
        if (not ace.inherit_only or about in CONTAINERS) and not _settled(domain, ace.to):
            for right in _dangers(ace, about):
                found[Grant(domain.named(ace.to), right)] = None
    return GuardedObject(domain.directory, name, about, tuple(found))


def _settled(domain: View, identifier: str) -> bool:
    """Whether whoever bears this identifier administers anyway."""
    where, _, relative = identifier.rpartition("-")
    if identifier in SETTLED or domain.by_sid.get(identifier, key(identifier)) in domain.administrators:
        return True
    own = where == domain.sid and relative in SETTLED_IN_DOMAIN
    return own or (where == domain.forest_sid and relative in SETTLED_IN_FOREST)


def _dangers(ace: Ace, about: str) -> Iterator[str]:
    """What this right lets do; full control says it all."""
    if ace.about is None and (ace.mask & GENERIC_ALL or ace.mask & FULL == FULL):
        yield "full_control"
        return
    if ace.mask & CHANGE_RIGHTS:
        yield "change_rights"
    if ace.mask & TAKE_OWNERSHIP:
        yield "take_ownership"
    yield from _writes(ace, about)
    if ace.mask & EXTENDED:
        yield from _extended(ace, about)


def _writes(ace: Ace, about: str) -> Iterator[str]:
    if ace.about is None and ace.mask & (GENERIC_WRITE | WRITE_PROPERTY):
        yield "write" if about == "policy" else "write_all"
    elif ace.about in ABOUT_PROPERTY and ace.mask & WRITE_PROPERTY:
        right, where = ABOUT_PROPERTY[ace.about]
        if about in where:
            yield right
    elif ace.about == MEMBER and ace.mask & WRITE_SELF and about == "group":
        yield "write_members"


def _extended(ace: Ace, about: str) -> Iterator[str]:
    if ace.about is None and about != "policy":
        yield "all_extended"
    elif ace.about == REPLICATE_ALL and about == "domain":
        yield "replicate"
    elif ace.about == RESET_PASSWORD and about in {"account", "computer", "domain"}:
        yield "reset_password"
