"""The items of a bulk: what is to be kept, and what is answered to each."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from negatoscope.intake.events.raw import Raw, whole

FORMAT = "json"
MOST_ITEMS = 100_000
MOST_NAME = 512
"""Octets of an identity, as Elasticsearch has it."""
MOST_INDEX = 255
"""Octets of an index's name, as Elasticsearch has it: the answer repeats it for each item."""


class Place(msgspec.Struct):
    """Where an item shall go, as its sender says."""

    index: str | None = msgspec.field(name="_index", default=None)
    id: str | int | None = msgspec.field(name="_id", default=None)


class Act(msgspec.Struct):
    """The line before an item: one of these."""

    index: Place | None = None
    create: Place | None = None
    update: Place | None = None
    delete: Place | None = None


_ACTS = msgspec.json.Decoder(Act)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what it wants, its identity, and the record; or why there is none."""

    act: str
    index: str
    ident: str
    data: bytes | None
    why: str | None = None
    own: bool = False
    """Whether the sender gave the identity."""


class NotBulk(Exception):  # noqa: N818 -- what it is
    """This is no bulk; nothing of it is kept."""


def items(body: bytes, index: str | None) -> Iterator[Item]:
    """The items of a body. ``index``: of those that name none. Raises NotBulk at what cannot be told apart any more."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    before, act, place = b"", "", Place()
    lines = _Lines(body)
    for number, line in enumerate(lines):
        if number >= MOST_ITEMS:
            raise NotBulk("too_many_items")
        if line != before:  # most senders say the same before each
            act, place = _act(line)
            before = line
        told = str(place.id) if place.id not in (None, "") else ""
        data = None if act == "delete" else lines.document()
        named = place.index or index or "events"
        why = "index_too_long" if len(named.encode()) > MOST_INDEX else _wrong(act, told, data)
        yield Item(act, named[:MOST_INDEX], told or f"{digest}-{number}", data, why, own=bool(told))


class _Lines:
    """The lines of a body, one at a time: it may hold millions, and no more than one costs memory.

    Those that say nothing are passed over; ``document``: the very next one.
    """

    def __init__(self, body: bytes) -> None:
        self._body, self._place = body, 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        said = _SAID.search(self._body, self._place)
        if said is None:
            raise StopIteration
        self._place = said.start()
        return self._line()

    def document(self) -> bytes | None:
        return self._line() if self._place <= len(self._body) else None

    def _line(self) -> bytes:
        end = self._body.find(b"\n", self._place)
        end = len(self._body) if end < 0 else end
        line, self._place = self._body[self._place : end], end + 1
        return line


_SAID = re.compile(rb"\S")


def _act(line: bytes) -> tuple[str, Place]:
    """What a line before an item says. Raises NotBulk."""
    try:
        told = _ACTS.decode(line)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotBulk("action_not_understood") from error
    for name in ("create", "index", "update", "delete"):
        if (place := getattr(told, name)) is not None:
            return name, place
    raise NotBulk("action_missing")


def _wrong(act: str, ident: str, data: bytes | None) -> str | None:
    """Why an item is not taken."""
    if act in {"update", "delete"}:
        return "only_new_records"
    if len(ident.encode()) > MOST_NAME:
        return "id_too_long"
    document = (data or b"").strip()
    return None if document[:1] == b"{" and document[-1:] == b"}" else "no_document"


def records(told: Sequence[Item], sender: str, came: datetime) -> list[Raw]:
    """What is to be kept of these items, in their order."""
    found = []
    for one in told:
        if one.why is None and one.data is not None:
            index = f"{one.index}/" if one.own else ""
            found.append(Raw(f"{sender}:{index}{one.ident}", sender, came, FORMAT, *whole(one.data.strip())))
    return found


def statuses(told: Sequence[Item], already: frozenset[int]) -> tuple[list[dict[str, object]], bool]:
    """What is answered item by item, and whether something went wrong. ``already``: places among those to be kept."""
    answers: list[dict[str, object]] = []
    errors, place = False, 0
    for one in told:
        said: dict[str, object] = {"_index": one.index, "_id": one.ident}
        if one.why is not None:
            said |= {"status": 400, "error": {"type": "illegal_argument_exception", "reason": one.why}}
        elif place in already and one.own and one.act == "create":
            kind = {"type": "version_conflict_engine_exception", "reason": "document already exists"}
            said |= {"status": 409, "error": kind}
        else:
            known = place in already and one.own
            said |= {"_version": 1, "result": "noop" if known else "created", "_seq_no": place, "_primary_term": 1}
            said |= {"_shards": {"total": 1, "successful": 1, "failed": 0}, "status": 200 if known else 201}
        place += one.why is None
        errors = errors or "error" in said
        answers.append({one.act: said})
    return answers, errors
