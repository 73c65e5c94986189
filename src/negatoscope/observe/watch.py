"""The collector ``watch``: what the console's own watch says of itself; nobody looks, the watch hands it over."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.canonical import canonical
from negatoscope.model.evidence import Sweep
from negatoscope.model.watching import AlertHandled, DetectorRun, LogsKept, SourceHealth, TipHandled
from negatoscope.observe.collector import Collector, Item, Unreadable

GIVES = ("SourceHealth", "DetectorRun", "AlertHandled", "LogsKept", "TipHandled")


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: it is handed over."""


class _Report(Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[SourceHealth, ...]
    detectors: tuple[DetectorRun, ...]
    alerts: tuple[AlertHandled, ...]
    kept: LogsKept | None = None
    tips: tuple[TipHandled, ...] = ()


def report(
    sources: Iterable[SourceHealth],
    detectors: Iterable[DetectorRun],
    alerts: Iterable[AlertHandled],
    kept: LogsKept | None = None,
    tips: Iterable[TipHandled] = (),
) -> bytes:
    """Write down what the watch knows of itself, whole, as the capture that ``read`` replays.

    ``kept`` is ``None`` while no log has come in.
    """
    told = {"sources": list(sources), "detectors": list(detectors), "alerts": list(alerts)}
    reported = list(tips)
    more = ({"kept": kept} if kept else {}) | ({"tips": reported} if reported else {})
    return canonical(told | more)


def read(stream: BinaryIO) -> Iterator[Item]:
    """Everything of one report. Raises Unreadable."""
    try:
        said = msgspec.json.decode(stream.read(), type=_Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_report", str(error)) from error
    ends = [(one.ref, one.due) for one in said.alerts] + [(one.ref, one.due) for one in said.tips]
    for ref, due in ends:
        if due.utcoffset() is None:
            raise Unreadable("naive_datetime", f"{ref}.due")
    kept = [said.kept] if said.kept else ()
    facts: tuple[Any, ...] = (*said.sources, *said.detectors, *said.alerts, *said.tips, *kept)
    yield from facts
    yield from (Sweep(kind) for kind in GIVES)


WATCH = Collector("watch", NoSettings, None, read, gives=GIVES)
