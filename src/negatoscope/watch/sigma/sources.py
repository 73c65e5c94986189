"""Log sources: which records a rule is about."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from negatoscope.watch.sigma.tree import Source

MANY = 4096
"""Answers kept of questions that records ask."""


class Way(Struct, frozen=True):
    """Records of one channel, of some or of any event ids; ``None``: any channel of Windows."""

    channel: str | None
    events: frozenset[str] = frozenset()


class Gate(Struct, frozen=True):
    """What a record says of where it comes from: a channel and event id, both in lower case, or a source."""

    channel: str = ""
    event: str = ""
    source: Source = Source()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("negatoscope.watch.sigma").joinpath("logsources.toml").read_text())


@cache
def _channels(service: str) -> tuple[str, ...]:
    return tuple(name.lower() for name in _table()["channels"].get(service, ()))


@cache
def ways(source: Source) -> tuple[Way, ...]:
    """How records of a source are known by their channel; none where channels do not tell it."""
    if source.product not in ("windows", "linux", None):
        return ()
    found = [way for entry in _table()["category"] for way in _category(entry, source)]
    if source.product == "windows" and source.category is None:
        found += [Way(channel) for channel in _channels(source.service)] if source.service else [Way(None)]
    return tuple(found)


def _category(entry: dict[str, Any], source: Source) -> list[Way]:
    """The ways of one entry of the table that a source asks for."""
    events = entry["events"].get(source.category)
    other = source.product != entry["product"] or source.service not in (None, entry["service"])
    if events is None or other:
        return []
    channels = [entry["channel"].lower()] if "channel" in entry else _channels(entry["service"])
    return [Way(channel, frozenset(map(str, events))) for channel in channels]


def runs(source: Source) -> bool:
    """Whether records of a source can reach us."""
    return bool(ways(source)) or _other(source)


@cache
def _other(source: Source) -> bool:
    """Whether a source without channels is one of ours."""
    table = _table()["other"]
    if source.product == "windows" or (source.product and source.category in table["unwritten"]):
        return False
    if source.product is not None:
        return source.product in table["products"]
    return source.category in table["categories"] or (source.category is None and source.service in table["services"])


@lru_cache(MANY)
def services(service: str | None) -> frozenset[str | None]:
    """What a service is, itself first among them."""
    return frozenset((service, *_table()["also"].get(service, ())))


def concerns(rule: Source, gate: Gate) -> bool:
    """Whether a rule of this source is about a record of this gate."""
    if gate.channel:
        return any(
            way.channel in (None, gate.channel) and (not way.events or gate.event in way.events) for way in ways(rule)
        )
    said = gate.source
    return (
        rule.product in (None, said.product)
        and (rule.service is None or rule.service in services(said.service))
        and rule.category in (None, said.category)
    )


@lru_cache(MANY)
def other_names(channel: str, event: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names that rules give to fields of a gate, in lower case, with the fields that make them."""
    return tuple(
        (name.lower(), tuple(part.lower() for part in parts))
        for entry in _table()["category"]
        if "names" in entry and channel in _channels(entry["service"]) and _bears(entry, event)
        for name, parts in entry["names"].items()
    )


def _bears(entry: dict[str, Any], event: str) -> bool:
    return any(event == str(number) for numbers in entry["events"].values() for number in numbers)


@lru_cache(MANY)
def service_of(program: str) -> str | None:
    """The service that a program's name in a syslog line tells; ``None``: none that a rule knows."""
    found: str | None = _table()["programs"].get(program)
    return found
