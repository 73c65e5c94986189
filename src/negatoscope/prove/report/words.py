"""The report's own words, in both languages."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from negatoscope.kit.bilingual import counted
from negatoscope.kit.clock import PARIS

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def section(name: str, lang: str) -> dict[str, str]:
    """Every word of one section, in one language."""
    return {code: said[lang] for code, said in _book()[name].items()}


def say(where: str, code: str, lang: str, **values: object) -> str:
    """One text, filled in; ``(s)`` after a single one goes, after several becomes ``s``."""
    text = _book()[where][code][lang]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    if "n" in values:
        text = counted(text, values["n"], "fr" if lang == "fr" else "en")
    return text


def collector(name: str, lang: str) -> str:
    """What a collector is to a reader; its own name where nobody said."""
    return _book()["collectors"].get(name, {}).get(lang, name)


def look(name: str, target: str | None, lang: str) -> str:
    """A look or a document, and where it went or what it is called, where that adds something."""
    where = _book()["targets"].get(target or "", {}).get(lang, target)
    return " · ".join(filter(None, (collector(name, lang), where)))


def day(at: datetime, lang: str) -> str:
    """A date, as the practice's clocks show it."""
    return f"{at.astimezone(PARIS):{'%d/%m/%Y' if lang == 'fr' else '%Y-%m-%d'}}"


def instant(at: datetime, lang: str) -> str:
    """A date and time, as the practice's clocks show it."""
    return f"{day(at, lang)} {at.astimezone(PARIS):%H:%M}"


def age(oldest: datetime | None, at: datetime, lang: str) -> str:
    """How old a proof is; empty where there is none."""
    if oldest is None:
        return ""
    passed = max(at - oldest, timedelta())
    if passed < _HOUR:
        return say("paper", "ago_minutes", lang, n=passed // timedelta(minutes=1))
    if passed < 2 * _DAY:
        return say("paper", "ago_hours", lang, n=passed // _HOUR)
    return say("paper", "ago_days", lang, n=passed // _DAY)
