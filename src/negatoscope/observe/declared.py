"""What a person says at the console: a network, a consent, an attestation, a waiver, a correction. Nobody looks."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Fact, Ref, Retraction
from negatoscope.model.kinds import KINDS
from negatoscope.observe.collector import Collector, Item, Unreadable

MAX_BYTES = 4 * 1024 * 1024


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to set: the capture is handed over."""


class _Withdrawn(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    subject: Ref


class _Stated(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    fact: msgspec.Raw


class _Declaration(Struct, frozen=True, forbid_unknown_fields=True):
    facts: tuple[_Stated, ...] = ()
    retractions: tuple[_Withdrawn, ...] = ()


def declaration(facts: Iterable[Fact], retractions: Iterable[Retraction] = ()) -> bytes:
    """Write down what a person says, as the capture that ``read`` replays."""
    stated = [{"kind": type(fact).__name__, "fact": fact} for fact in facts]
    return canonical({"facts": stated, "retractions": list(retractions)})


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts and retractions of one declaration. Raises Unreadable."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", f"byte {MAX_BYTES}")
    try:
        said = msgspec.json.decode(data, type=_Declaration)
        facts: list[Any] = [msgspec.json.decode(stated.fact, type=KINDS[stated.kind]) for stated in said.facts]
    except KeyError as error:
        raise Unreadable("unknown_kind", str(error)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_declaration", str(error)) from error
    yield from (Retraction(one.kind, one.subject) for one in said.retractions)
    yield from facts


DECLARED = Collector("declared", NoSettings, None, read, voice="declared")
