"""Tactics and techniques of MITRE ATT&CK by their names: ``attack.toml`` says which, as of when, and from whom."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Tactic(Struct, frozen=True):
    """What an attacker is after. ``id``: MITRE's; its names in both languages."""

    id: str
    fr: str
    en: str


class Table(Struct, frozen=True):
    """All that is known by name. ``techniques``: name, then tactics, by number."""

    version: str
    tactics: dict[str, Tactic]
    techniques: dict[str, tuple[str, ...]]

    def name(self, technique: str) -> str:
        """Its name; empty for one that is not in the table."""
        return self.techniques.get(technique, ("",))[0]

    def tactics_of(self, technique: str) -> tuple[str, ...]:
        """What it serves; of a part that is not in the table, what the whole serves."""
        known = self.techniques.get(technique) or self.techniques.get(technique.partition(".")[0], ("",))
        return known[1:]


@cache
def table() -> Table:
    """The table, read once."""
    text = files("negatoscope.watch.sigma").joinpath("attack.toml").read_text()
    return msgspec.convert(tomllib.loads(text), Table)
