"""The collector ``watch``: what the console's own watch says of itself; nobody looks, the watch hands it over."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Sweep
from negatoscope.model.watching import AlertHandled, DetectorRun, IncidentHandled, LogsKept, SourceHealth, TipHandled
from negatoscope.observe.collector import Collector, Item, Unreadable

GIVES = ("SourceHealth", "DetectorRun", "AlertHandled", "LogsKept", "TipHandled", "IncidentHandled")


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: it is handed over."""


class _Report(Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[SourceHealth, ...]
    detectors: tuple[DetectorRun, ...]
    alerts: tuple[AlertHandled, ...]
    kept: LogsKept | None = None
    tips: tuple[TipHandled, ...] = ()
    incidents: tuple[IncidentHandled, ...] = ()


def report(
    sources: Iterable[SourceHealth],
    detectors: Iterable[DetectorRun],
    alerts: Iterable[AlertHandled],
    kept: LogsKept | None = None,
    brought: Iterable[TipHandled | IncidentHandled] = (),
) -> bytes:
    """Write down what the watch knows of itself, whole, as the capture that ``read`` replays.

    ``kept`` is ``None`` while no log has come in. ``brought``: what people brought, and what became of it.
    """
    told = {"sources": list(sources), "detectors": list(detectors), "alerts": list(alerts)}
    people = list(brought)
    more = {
        "kept": kept, "tips": [one for one in people if isinstance(one, TipHandled)],
        "incidents": [one for one in people if isinstance(one, IncidentHandled)],
    }  # fmt: skip
    return canonical(told | {name: one for name, one in more.items() if one})


def read(stream: BinaryIO) -> Iterator[Item]:
    """Everything of one report. Raises Unreadable."""
    try:
        said = msgspec.json.decode(stream.read(), type=_Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_report", str(error)) from error
    instants = [(f"{one.ref}.due", one.due) for one in said.alerts]
    instants += [(f"{one.ref}.due", one.due) for one in said.tips]
    instants += [(f"{one.ref}.opened_at", one.opened_at) for one in said.incidents]
    for where, at in instants:
        if at.utcoffset() is None:
            raise Unreadable("naive_datetime", where)
    kept = [said.kept] if said.kept else ()
    facts: tuple[Any, ...] = (*said.sources, *said.detectors, *said.alerts, *said.tips, *said.incidents, *kept)
    yield from facts
    yield from (Sweep(kind) for kind in GIVES)


WATCH = Collector("watch", NoSettings, None, read, gives=GIVES)
