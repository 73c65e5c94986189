"""``POST /_bulk`` as Elasticsearch has it: what is answered *created* is on the disk.

Nobody is heard before a token is shown: ``Authorization: Bearer``, ``ApiKey`` or ``Basic`` with the token as password.
"""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from negatoscope.intake.body import inflate
from negatoscope.intake.events import elastic, http
from negatoscope.intake.events.committing import Outcome
from negatoscope.intake.events.door import Guest, House, tell
from negatoscope.intake.events.http import Answer, Head, Unspeakable
from negatoscope.intake.events.items import Item, NotBulk, items, records, statuses
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.refusal import Refused

MOST_INFLATED = 48 * 1024 * 1024
MOST_HELD = 160 * 1024 * 1024
"""Octets of bodies, inflated ones at their worst, that are in memory at a time."""
HEAD_SECONDS = 60.0
"""How long a connection may be silent between requests, and how long the lines of one may take."""
BODY_SECONDS = 60.0
READ_AHEAD = 64 * 1024
AT_A_TIME = 2_000
"""Items after which others have their turn."""
BUSY = 429
AFTER = ("Retry-After", "2")
REALM = ("WWW-Authenticate", 'Basic realm="negatoscope"')
_COMPATIBLE = "application/vnd.elasticsearch+json"

Admits = Callable[[str], Awaitable[str | None]]
"""The name of the token that opens; ``None``: it does not."""


class Budget:
    """So many octets at a time; who wants more waits, and nobody has more than half of them but for one body."""

    def __init__(self, most: int) -> None:
        """All of it is free."""
        self._free = most
        self._each = most // 2
        self._held = Counter[str]()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def lent(self, octets: int, sender: str) -> AsyncIterator[None]:
        """Hold so many, once they are free."""

        def may() -> bool:
            held = self._held[sender]
            return self._free >= octets and (not held or held + octets <= self._each)

        async with self._changed:
            await self._changed.wait_for(may)
            self._free -= octets
            self._held[sender] += octets
        try:
            yield
        finally:
            async with self._changed:
                self._free += octets
                self._held[sender] -= octets
                self._held = +self._held
                self._changed.notify_all()


class Desk:
    """Speaks HTTP with those who bring bulks."""

    def __init__(self, house: House, admits: Admits) -> None:
        """Nobody is here yet."""
        self._house = house
        self._admits = admits
        self._budget = Budget(MOST_HELD)
        self._talks: set[asyncio.Task[None]] = set()

    def serve(self, guest: Guest) -> asyncio.StreamReaderProtocol:
        """The protocol of one connection."""
        reader = asyncio.StreamReader(limit=READ_AHEAD)

        def met(told: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = asyncio.create_task(self._talk(guest, told, writer))
            self._talks.add(talk)
            talk.add_done_callback(self._talks.discard)

        return asyncio.StreamReaderProtocol(reader, met)

    async def _talk(self, guest: Guest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other."""
        try:
            with suppress(OSError):
                while await self._one(guest, reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            guest.leave()

    async def _one(self, guest: Guest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tells whether another may follow. Raises OSError."""
        asked = None
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                asked = await http.head(reader)
            if asked is None:
                return False
            said, keep = await self._answer(guest, asked, reader, writer), asked.keep
        except Unspeakable as error:
            self._house.refuse(guest.address, error.code)
            said, keep = elastic.error(error.status, "illegal_argument_exception", error.code), False
        except TimeoutError:
            if asked is not None:
                self._house.refuse(guest.address, "too_slow")
            return False
        fields = (*said.fields, elastic.PRODUCT, ("Content-Type", _type(asked)))
        said = Answer(said.status, said.body, fields)
        writer.write(http.lines(said, keep=keep, without_body=asked is not None and asked.method == "HEAD"))
        async with asyncio.timeout(HEAD_SECONDS):
            await writer.drain()
        return keep

    async def _answer(
        self, guest: Guest, asked: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Answer:
        """The answer to one request. Raises Unspeakable, TimeoutError, OSError."""
        shown = token(asked.fields.get("authorization", ""))
        sender = await self._admits(shown)
        if sender is None:
            if asked.length != 0:
                raise Unspeakable(401, "token_unknown")
            self._house.refuse(guest.address, "token_unknown")
            refused = elastic.error(401, "security_exception", "token_unknown")
            return Answer(refused.status, refused.body, (REALM,))
        if asked.length != 0 and asked.fields.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        packed = asked.fields.get("content-encoding", "identity").lower()
        if packed not in {"identity", "gzip", ""}:
            raise Unspeakable(415, "content_encoding")
        length = asked.length
        cost = (http.MOST_BODY if length is None else length) + (MOST_INFLATED if packed == "gzip" else 0)
        async with self._budget.lent(cost, sender):
            async with asyncio.timeout(BODY_SECONDS):
                body = await http.body(reader, length)
            await self._still(shown, sender)
            bulk = elastic.BULK.fullmatch(asked.path.rstrip("/"))
            if bulk is None:
                return elastic.preamble(asked.method, asked.path) or elastic.error(
                    404, "resource_not_found_exception", "only _bulk is served here"
                )
            if asked.method not in {"POST", "PUT"}:
                return elastic.error(405, "illegal_argument_exception", "method_not_allowed")
            told = await self._bulk(f"token:{sender}", bulk[1], body, packed=packed == "gzip")
        if told.status == BUSY and "user-agent" not in asked.fields:
            raise ConnectionAbortedError  # rsyslog gives up what is answered *busy*, and repeats what is not answered
        return told

    async def _still(self, shown: str, sender: str) -> None:
        """Ask again once a body is there: its token may be revoked by now. Raises Unspeakable."""
        if await self._admits(shown) != sender:
            raise Unspeakable(401, "token_unknown")

    async def _bulk(self, sender: str, index: str | None, body: bytes, *, packed: bool) -> Answer:
        """Keep a bulk, then answer."""
        if self._house.committer.busy:
            return self._wait(sender, Outcome.FULL)
        began = asyncio.get_running_loop().time()
        try:
            told = await _unhurried(inflate(body, MOST_INFLATED)[0] if packed else body, index)
        except Refused as error:
            self._house.refuse(sender, error.code)
            return elastic.error(error.status, "parse_exception", error.code)
        except NotBulk as error:
            self._house.refuse(sender, str(error))
            return elastic.error(400, "illegal_argument_exception", str(error))
        self._house.refuse(sender, "not_taken", sum(one.why is not None for one in told))
        raws = records(told, sender, self._house.clock())
        outcome, already = await self._kept(raws)
        if outcome is not Outcome.KEPT:
            return self._wait(sender, outcome)
        said, errors = statuses(told, already)
        took = int((asyncio.get_running_loop().time() - began) * 1000)
        return http.answer(200, {"took": took, "errors": errors, "items": said})

    async def _kept(self, raws: Sequence[Raw]) -> tuple[Outcome, frozenset[int]]:
        """Have them kept; returns once they are on the disk, or will not be."""
        if not raws:
            return Outcome.KEPT, frozenset()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[tuple[Outcome, frozenset[int]]] = loop.create_future()

        def settle(outcome: Outcome, already: frozenset[int]) -> None:
            if not done.done():
                done.set_result((outcome, already))

        def told(outcome: Outcome, already: frozenset[int]) -> None:
            tell(loop, settle, outcome, already)

        self._house.committer.offer(raws, told)
        return await done

    def _wait(self, sender: str, outcome: Outcome) -> Answer:
        """Nothing of it is kept: come again."""
        self._house.refuse(sender, outcome.value)
        said = elastic.error(BUSY, "es_rejected_execution_exception", outcome.value)
        return Answer(said.status, said.body, (AFTER,))


async def _unhurried(body: bytes, index: str | None) -> list[Item]:
    """The items of a body, while others have their turn. Raises NotBulk."""
    told = []
    for one in items(body, index):
        told.append(one)
        if not len(told) % AT_A_TIME:
            await asyncio.sleep(0)
    return told


def _type(asked: Head | None) -> str:
    """As JSON, under the name that the client asked for."""
    wish = asked.fields.get("accept", "") if asked else ""
    return f"{_COMPATIBLE};compatible-with=8" if wish.startswith(_COMPATIBLE) else "application/json"


def token(authorization: str) -> str:
    """The token that is shown, in whichever of the three ways; empty: none."""
    scheme, _space, said = authorization.strip().partition(" ")
    said = said.strip()
    if scheme.lower() == "bearer":
        return said
    if scheme.lower() not in {"basic", "apikey"}:
        return ""
    try:
        plain = base64.b64decode(said, validate=True).decode("utf-8")
    except ValueError:
        plain = ""
    _named, colon, secret = plain.partition(":")
    if colon:
        return secret
    return said if scheme.lower() == "apikey" else ""
