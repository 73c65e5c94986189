"""Going to a directory: come in over verified TLS, ask page by page, keep every entry as it came."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ldap3 import BASE, DEREF_NEVER, Connection
from ldap3.core.exceptions import LDAPException
from ldap3.protocol.microsoft import security_descriptor_control

from negatoscope.model.directory import DirectoryKind
from negatoscope.observe.collector import Login, Look, Unreachable
from negatoscope.observe.directory.door import opened
from negatoscope.observe.directory.frames import (
    FORMAT,
    Header,
    write_end,
    write_entry,
    write_header,
)
from negatoscope.observe.directory.questions import ACTIVE_DIRECTORY, OPENLDAP, ROOT, Question
from negatoscope.observe.directory.settings import Settings

PAGE = 500
OWNER_AND_RIGHTS = 0x01 | 0x04
STATUS = {0: "ok", 3: "time_limit", 4: "size_limit", 10: "absent", 11: "size_limit", 32: "absent", 50: "denied"}
"""LDAP result codes (RFC 4511 4.1.9) of a search; the others read ``refused``."""
BROKEN = (LDAPException, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What ldap3 raises on answers that are no LDAP."""
STEPS = 100
PAGED = "1.2.840.113556.1.4.319"
RESULTANT = "msDS-ResultantPSO"
NOT_LET_IN = frozenset({0, 1, 8, 32, 48, 49, 50, 53})
"""Result codes that say no to somebody without a name (Active Directory says 1: *operationsError*). A server that is
busy, broken or points elsewhere has not said no."""
CLOSED = frozenset({"bind_refused", "stronger_bind_wanted", "bad_password"})
"""Why an anonymous log-in fails where it is not allowed."""
Entries = list[tuple[str, Mapping[str, Iterable[bytes]]]]


def capture(settings: Settings, target: str, look: Look) -> None:
    """Ask one directory all that is to know of it. Raises Unreachable, naming where a refusal comes from."""
    login = look.login(settings.credential)
    if not login.password:
        raise Unreachable("credential_without_password", credential=settings.credential)
    with opened(settings, login, look) as (connection, server):
        asking = _Asking(connection, look)
        base = asking.introduce(settings, target.strip().lower(), server)
        questions = ACTIVE_DIRECTORY if settings.kind is DirectoryKind.ACTIVE_DIRECTORY else OPENLDAP
        for number, question in enumerate(questions):
            asking.ask(question, STEPS * number // (len(questions) + 1))
        asking.resultant()
    _anonymously(settings, look, base)
    write_end(look, "*", "ok", 0)
    look.step(STEPS, STEPS)


def entered(settings: Settings, login: Login, look: Look) -> str:
    """Come in and out again: the connection test. Returns the base it would look under. Raises Unreachable."""
    with opened(settings, login, look) as (connection, _server):
        root = _root(connection)
        return settings.base or _first(root, "defaultNamingContext", "namingContexts")


class _Asking:
    """One conversation."""

    def __init__(self, connection: Connection, look: Look) -> None:
        self._connection = connection
        self._look = look
        self._names: dict[str, str] = {}
        self._finer = False
        self._done = 0

    def introduce(self, settings: Settings, realm: str, server: str) -> str:
        """Ask the server about itself and write the first lines. Returns the base. Raises Unreachable."""
        root = _root(self._connection)
        base = settings.base or _first(root, "defaultNamingContext", "namingContexts")
        if not base:
            raise Unreachable("base_unknown", server=server)
        if settings.kind is DirectoryKind.ACTIVE_DIRECTORY:
            the_very_domain(base, _first(root, "defaultNamingContext"), realm)
        self._names = {"base": base, "config": _first(root, "configurationNamingContext")}
        write_header(self._look, Header(FORMAT, server, realm, settings.kind, base, settings.privileged_groups))
        write_entry(self._look, "root", "", root)
        write_end(self._look, "root", "ok", 1)
        return base

    def ask(self, question: Question, done: int | None = None) -> None:
        """One question, to its last page."""
        self._done = self._done if done is None else done
        entries, status = 0, "refused"
        for page, status in self._pages(question, question.under.format(**self._names)):  # noqa: B007 -- the last one counts
            for dn, has in page:
                write_entry(self._look, question.of, dn, has)
            entries += len(page)
        write_end(self._look, question.of, status, entries)
        self._finer |= question.of == "policies" and entries > 0 and bool(self._names["config"])

    def resultant(self) -> None:
        """Which finer policy wins for whom: asked only where some are seen, for it costs the server something."""
        if self._finer:
            self.ask(Question("resultant", "{base}", "(&(objectCategory=person)(objectClass=user))", (RESULTANT,)))

    def _pages(self, question: Question, under: str) -> Iterator[tuple[Entries, str]]:
        """Page by page, as RFC 2696 has it, with the status of each."""
        attributes = [*question.attributes, *(["nTSecurityDescriptor"] if question.rights else [])]
        controls = security_descriptor_control(sdflags=OWNER_AND_RIGHTS) if question.rights else None
        cookie: bytes | None = b""
        while cookie is not None:
            self._look.step(self._done, STEPS)
            try:
                self._connection.search(
                    under,
                    question.matching,
                    question.scope,
                    DEREF_NEVER,
                    attributes,
                    controls=controls,
                    paged_size=None if question.scope == BASE else PAGE,
                    paged_cookie=cookie or None,
                )
                result, entries = self._connection.result, list(_entries(self._connection))
            except BROKEN as error:
                raise Unreachable("answer_broken", question=question.of) from error
            yield entries, STATUS.get(int(result["result"]), "refused")
            cookie = _cookie(result)


def _entries(connection: Connection) -> Iterator[tuple[str, Mapping[str, Iterable[bytes]]]]:
    for said in connection.response or ():
        if said["type"] == "searchResEntry":
            yield said["dn"], said["raw_attributes"]


def _cookie(result: Any) -> bytes | None:  # noqa: ANN401 -- ldap3 gives a dictionary
    """What brings the next page; ``None`` after the last one."""
    paged = (result.get("controls") or {}).get(PAGED)
    return (paged["value"].get("cookie") or None) if paged and result["result"] == 0 else None


def _root(connection: Connection) -> Mapping[str, Iterable[bytes]]:
    """What the server says of itself. Raises Unreachable for what is no directory."""
    try:
        connection.search("", "(objectClass=*)", BASE, DEREF_NEVER, list(ROOT))
        said = next(_entries(connection), None)
    except BROKEN as error:
        raise Unreachable("answer_broken", question="root") from error
    if said is None:
        raise Unreachable("not_a_directory")
    return said[1]


def the_very_domain(base: str, head: str, realm: str) -> None:
    """A look under a part of a domain, or at another domain, proves nothing of this one. Raises Unreachable."""
    parts = [part.strip().partition("=") for part in head.lower().split(",")]
    name = ".".join(value for kind, _, value in parts if kind == "dc")
    if base.lower() != head.lower():
        raise Unreachable("base_partial", base=base)
    if name != realm:
        raise Unreachable("realm_of_another", realm=name)


def _first(root: Mapping[str, Iterable[bytes]], *names: str) -> str:
    values = (value for name in names for value in root.get(name, ()))
    return next(values, b"").decode("utf-8", "replace")


def _anonymously(settings: Settings, look: Look, under: str) -> None:
    """One anonymous search, of the base alone: is its entry given to somebody without a name."""
    try:
        with opened(settings, None, look) as (connection, _server):
            connection.search(under, "(objectClass=*)", BASE, DEREF_NEVER, ["objectClass"])
            entries, ended = list(_entries(connection)), int(connection.result["result"])
    except BROKEN:
        write_end(look, "anonymous", "answer_broken", 0)
    except Unreachable as error:
        write_end(look, "anonymous", "closed" if error.why in CLOSED else error.why, 0)
    else:
        for dn, _has in entries:
            write_entry(look, "anonymous", dn, {"objectClass": [b"any"]})
        write_end(look, "anonymous", answered(ended, len(entries)), len(entries))


def answered(code: int, entries: int) -> str:
    """Tell a refusal from no answer at all, of a search by somebody without a name."""
    return "ok" if entries or code in NOT_LET_IN else "answer_broken"
