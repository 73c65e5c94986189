"""A domain put together from its answers: who is who, who belongs to what, and who administers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from negatoscope.model.evidence import Ref
from negatoscope.observe.directory import flags
from negatoscope.observe.directory.descriptor import sid
from negatoscope.observe.directory.flags import WITHIN_FOREST
from negatoscope.observe.directory.frames import Answers, Kept
from negatoscope.observe.directory.members import Graph

WELL_KNOWN_ENTRIES = ",cn=wellknown security principals,cn=configuration,"
WELL_KNOWN = {
    "everyone": "S-1-1-0",
    "anonymous logon": "S-1-5-7",
    "authenticated users": "S-1-5-11",
    "enterprise domain controllers": "S-1-5-9",
    "system": "S-1-5-18",
}
BELONG = ("users", "services", "computers", "groups", "foreign")


@dataclass(slots=True)
class View:
    """Entries by a key, which is their distinguished name in lower case."""

    answers: Answers
    directory: Ref
    graph: Graph = field(default_factory=Graph)
    names: dict[str, str] = field(default_factory=dict)
    by_sid: dict[str, str] = field(default_factory=dict)
    sids: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str | None] = field(default_factory=dict)
    """Privileged groups, and what each is."""
    paths: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """For each privileged group, the way there of everybody below it."""
    administrators: frozenset[str] = frozenset()
    """Privileged groups, and everybody and every group below one."""
    sid: str | None = None
    """The domain's own identifier, with which those of its groups and accounts begin."""
    forest_sid: str | None = None
    """That of the forest's first domain; ``None`` where no answer tells it."""

    def sid_of(self, entry: Kept) -> str | None:
        """The security identifier of an entry."""
        raw = entry.raw("objectSid")
        return sid(raw) if raw else None

    def named(self, identifier: str) -> str:
        """The name of whoever bears an identifier; the identifier itself for somebody unknown."""
        return self.names.get(self.by_sid.get(identifier, ""), identifier)

    def members(self, of: str) -> list[str]:
        """Names of the groups that a key belongs to, whatever the path, sorted."""
        return sorted(self.names.get(group, group) for group in self.graph.above(of))


def key(dn: str) -> str:
    """One spelling for one entry."""
    return dn.lower()


def view(answers: Answers, directory: Ref) -> View:
    """Put a domain together. Raises Unreadable for what is no identifier."""
    made = View(answers, directory)
    head = answers.one("domain")
    made.sid = made.sid_of(head) if head else None
    made.forest_sid = _forest(made)
    for of in BELONG:
        for entry in answers.entries[of]:
            _know(made, entry)
    for of in BELONG:
        for entry in answers.entries[of]:
            _place(made, entry)
    for entry in answers.entries["members"]:
        _list(made, entry)
    wanted = {name.lower() for name in answers.header.privileged_groups}
    for entry in answers.entries["groups"]:
        role = _role(made, entry)
        if role or made.names[key(entry.dn)].lower() in wanted:
            made.roles[key(entry.dn)] = role
    made.paths = {group: made.graph.paths_to(group) for group in made.roles}
    made.administrators = frozenset(made.roles).union(*(paths.keys() for paths in made.paths.values()))
    return made


def _forest(made: View) -> str | None:
    """The first domain is this one, or one that it trusts within the forest."""
    root = made.answers.one("root")
    first = key((root.text("rootDomainNamingContext") if root else None) or "")
    if first == key(made.answers.header.base):
        return made.sid
    name = first.replace("dc=", "").replace(",", ".")
    for entry in made.answers.entries["trusts"]:
        within = (entry.number("trustAttributes") or 0) & WITHIN_FOREST
        raw = entry.raw("securityIdentifier")
        if within and raw and (entry.text("trustPartner") or "").lower() == name:
            return sid(raw)
    return None


def _know(made: View, entry: Kept) -> None:
    identifier = made.sid_of(entry)
    made.names[key(entry.dn)] = entry.text("sAMAccountName") or identifier or entry.dn
    if identifier:
        made.by_sid[identifier] = key(entry.dn)
        made.sids[key(entry.dn)] = identifier


def _place(made: View, entry: Kept) -> None:
    for group in entry.texts("memberOf"):
        made.graph.add(key(entry.dn), key(group))
    primary, identifier = entry.text("primaryGroupID"), made.sid_of(entry)
    if primary and identifier:
        group_key = made.by_sid.get(f"{identifier.rpartition('-')[0]}-{primary}")
        if group_key:
            made.graph.add_primary(key(entry.dn), group_key)


def _list(made: View, entry: Kept) -> None:
    """What a group says of its members: also those that nobody let us see."""
    for dn in (dn for name in entry.has if name.partition(";")[0] == "member" for dn in entry.texts(name)):
        made.names.setdefault(key(dn), _called(key(dn), dn.partition(",")[0].partition("=")[2]))
        made.graph.add(key(dn), key(entry.dn))


def _called(where: str, name: str) -> str:
    """Well-known principals have an entry of their own in the configuration, by name."""
    return WELL_KNOWN.get(name.lower(), name) if WELL_KNOWN_ENTRIES in where else name


def _role(made: View, entry: Kept) -> str | None:
    identifier = made.sid_of(entry) or ""
    if identifier in flags.BUILTIN_ROLES:
        return flags.BUILTIN_ROLES[identifier]
    where, _, relative = identifier.rpartition("-")
    if where == made.sid and relative in flags.ROLES:
        return flags.ROLES[relative]
    return flags.NAMED_ROLES.get(made.names[key(entry.dn)].lower())
