"""What a person says at the console: a network, a consent, an attestation, a waiver, a correction. Nobody looks."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Fact, Ref, Retraction, Sweep
from negatoscope.model.kinds import CLOSABLE, DECLARED_IN_PART, DECLARED_WHOLE, KINDS
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
    complete: tuple[str, ...] = ()
    """Kinds whose list these facts are, whole."""


def declaration(facts: Iterable[Fact], retractions: Iterable[Retraction] = (), complete: Iterable[Sweep] = ()) -> bytes:
    """Write down what a person says, as the capture that ``read`` replays."""
    stated = [{"kind": type(fact).__name__, "fact": fact} for fact in facts]
    whole = [sweep.kind for sweep in complete]
    said = {"facts": stated, "retractions": list(retractions)}
    return canonical(said | ({"complete": whole} if whole else {}))


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts, retractions and lists declared complete of one declaration. Raises Unreadable."""
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
    for fact in facts:
        _sayable(fact)
        _zoned(fact)
    if not CLOSABLE.issuperset(said.complete):
        raise Unreadable("not_declarable", f"{min(set(said.complete) - CLOSABLE)} complete")
    yield from (Retraction(one.kind, one.subject) for one in said.retractions)
    yield from facts
    yield from (Sweep(kind) for kind in said.complete)


def _sayable(fact: Any) -> None:  # noqa: ANN401 -- any fact
    """Refuse what only an instrument may state: nobody declares a host healthy."""
    kind = type(fact).__name__
    if kind in DECLARED_WHOLE:
        return
    allowed = DECLARED_IN_PART.get(kind, frozenset())
    beyond = [one.name for one in fields(fact) if one.name not in allowed and getattr(fact, one.name) is not None]
    if beyond or not allowed:
        raise Unreadable("not_declarable", f"{kind}.{beyond[0] if beyond else ''}")


def _zoned(fact: Any) -> None:  # noqa: ANN401 -- any fact
    """Refuse an instant that does not say in which time zone: it cannot be compared with any other."""
    for field in fields(fact):
        value = getattr(fact, field.name)
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise Unreadable("naive_datetime", f"{type(fact).__name__}.{field.name}")


DECLARED = Collector("declared", NoSettings, None, read, voice="declared")
