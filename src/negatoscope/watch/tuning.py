"""What may be tuned of the five situations: its bounds, its words, and settings made of what people changed.

``tuning.toml`` holds, for each setting, what a form takes (``least`` to ``most``), and the ``loosest`` value at which
the situation is still watched as rule 26 asks. Beyond it the setting holds all the same, and the rule is not proven.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said
from negatoscope.model.tuning import Setting, Tuning
from negatoscope.watch.behaviours import five, transfers
from negatoscope.watch.behaviours.peers import around

HERE = Path(__file__).parent
WORD = 100
"""The longest word of a list."""


class Knob(Struct, frozen=True, forbid_unknown_fields=True):
    """One setting. Of a list, ``most`` words; ``harmless``: the only ones that do not loosen it.

    ``needed``: those without which it is loosened.
    """

    asks: Said
    least: float = 0
    most: float = 1
    loosest: float | None = None
    harmless: tuple[str, ...] | None = None
    needed: tuple[str, ...] = ()


class Situation(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the five: what it watches, what is usual, and its settings."""

    watches: Said
    usual: Said
    settings: dict[str, Knob]


@cache
def situations() -> dict[str, Situation]:
    """Read ``tuning.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode((HERE / "tuning.toml").read_bytes(), type=dict[str, Situation])


def default(code: str, name: str) -> Setting:
    """What holds where nobody changed it. Raises KeyError, AttributeError for what is no setting."""
    value: Any = getattr(getattr(five.Settings(), code), name)
    return tuple(sorted(value)) if isinstance(value, frozenset) else value


def fits(code: str, name: str, value: Setting) -> bool:
    """Whether a setting can have this value at all."""
    knob = situations()[code].settings.get(name)
    if knob is None:
        return False
    usual = default(code, name)
    if isinstance(usual, tuple) or isinstance(value, tuple):
        return _listed(value, knob) if isinstance(usual, tuple) else False
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    return knob.least <= value <= knob.most and (isinstance(usual, float) or isinstance(value, int))


def _listed(value: Setting, knob: Knob) -> bool:
    return isinstance(value, tuple) and len(value) <= knob.most and all(0 < len(word) <= WORD for word in value)


def loosened(code: str, changed: Mapping[str, Setting]) -> tuple[str, ...]:
    """Settings beyond the bound within which the situation is watched as it should be."""
    return tuple(
        sorted(name for name, value in changed.items() if fits(code, name, value) and _loose(code, name, value))
    )


def _loose(code: str, name: str, value: Setting) -> bool:
    knob, usual = situations()[code].settings[name], default(code, name)
    if isinstance(value, tuple):
        beyond = knob.harmless is not None and not set(value) <= {*knob.harmless}
        return beyond or not set(knob.needed) <= set(value) or (knob.loosest is not None and len(value) > knob.loosest)
    if knob.loosest is None or isinstance(usual, tuple):
        return False
    return value > knob.loosest if knob.loosest >= usual else value < knob.loosest


def made(tunings: Iterable[Tuning]) -> five.Settings:
    """The settings of a practice and its sites. What another edition knew and this one does not is left out."""
    told = tuple(tunings)
    whole = _over(five.Settings(), [one for one in told if one.site is None])
    sites = {one.site.casefold() for one in told if one.site}
    apart = {site: _over(whole, [one for one in told if (one.site or "").casefold() == site]) for site in sorted(sites)}
    return msgspec.structs.replace(whole, sites=apart)


def _over(settings: five.Settings, tunings: Iterable[Tuning]) -> five.Settings:
    """Settings with what these tunings change; each says all of its situation."""
    for one in tunings:
        if one.behaviour in five.CODES:
            off = settings.off - {one.behaviour} if one.on else settings.off | {one.behaviour}
            settings = msgspec.structs.replace(settings, off=off, **{one.behaviour: _held(one)})
    return settings


def _held(one: Tuning) -> Any:  # noqa: ANN401 -- the settings of one of the five
    usual = getattr(five.Settings(), one.behaviour)
    held = {name: value for name, value in one.changed.items() if fits(one.behaviour, name, value)}
    listed = {name: frozenset(value) if isinstance(value, tuple) else value for name, value in held.items()}
    if one.behaviour == transfers.CODE and isinstance(expected := listed.get("expected"), frozenset):
        listed["expected"] = expected | {place for word in expected if (place := around(word)) is not None}
    return msgspec.structs.replace(usual, **listed)
