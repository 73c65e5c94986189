"""What a detection of the five situations says to people, in French and English; its codes become sentences here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.detection import Detection

Name = Callable[[Ref], str]
HERE = Path(__file__).parent
REFERENCE = re.compile(r"(host|address|person|account|zone|device)/.+")
SIZES = frozenset({"bytes", "median", "most"})
"""Values that are bytes."""
_UNITS = {"fr": ("o", "Ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
_HOUR, _DAY = 60, 24 * 60


class ReasonText(Struct, frozen=True, forbid_unknown_fields=True):
    """One situation of a behaviour: what happened, and what is usual or allowed."""

    title: Said
    usual: Said


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """All that ``texts.toml`` holds. ``labels`` name the values that were seen; ``words``, values that are codes."""

    behaviours: dict[str, Said]
    reasons: dict[str, ReasonText]
    labels: dict[str, Said]
    words: dict[str, Said]


@dataclass(frozen=True, slots=True)
class Explained:
    """A detection in words. ``seen``: what was seen, label and value."""

    title: str
    usual: str | None
    """``None``: a value that the sentence needs is not known."""
    seen: tuple[tuple[str, str], ...]


@cache
def texts() -> Texts:
    """Read ``texts.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode((HERE / "texts.toml").read_bytes(), type=Texts)


def behaviour(code: str, lang: Lang) -> str:
    """Name a behaviour. Raises KeyError for a code that is none."""
    return texts().behaviours[code][lang]


def plain(ref: Ref) -> str:
    """A reference as it reads where nobody knows a better name: ``account/srv/root`` is ``root (srv)``."""
    about, _, rest = ref.partition("/")
    where, _, what = rest.partition("/")
    if about == "account" and what:
        return what if where == "?" else f"{what} ({where})"
    return rest or about


def explain(detection: Detection, lang: Lang, name: Name = plain) -> Explained:
    """Put a detection of a behaviour into words; ``name`` gives people's names for references.

    Raises KeyError for a situation without a text.
    """
    reason = texts().reasons[detection.reason]
    usual = {key: _shown(key, value, lang, name) for key, value in detection.usual.items() if value is not None}
    wanted = {field for _, field, _, _ in Formatter().parse(reason.usual[lang]) if field is not None}
    return Explained(
        reason.title[lang].format(subject=name(detection.subject)),
        reason.usual[lang].format_map(usual) if wanted <= usual.keys() and all(usual[one] for one in wanted) else None,
        tuple(_details(detection.seen, lang, name)),
    )


def _details(seen: Values, lang: Lang, name: Name) -> list[tuple[str, str]]:
    labels = texts().labels
    return [
        (labels[key][lang], _shown(key, value, lang, name)) for key, value in seen.items() if value not in {None, ""}
    ]


def _shown(key: str, value: str | float | bool | None, lang: Lang, name: Name) -> str:  # noqa: FBT001 -- any value
    if key in SIZES and isinstance(value, int):
        return size(value, lang)
    if key == "minutes" and isinstance(value, int):
        return _lasting(value, lang)
    text = str(value)
    if REFERENCE.fullmatch(text):
        return name(text)
    if text in texts().words:
        return texts().words[text][lang]
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        return _instant(datetime.fromisoformat(text), lang)
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{day[3]}/{day[2]}/{day[1]}" if day and lang == "fr" else text


def size(amount: int, lang: Lang) -> str:
    """Bytes in the unit that suits them: ``2,4 Go``."""
    units, number, step = _UNITS[lang], float(amount), 0
    while number >= 1000 and step < len(units) - 1:  # noqa: PLR2004 -- decimal units
        number, step = number / 1000, step + 1
    text = f"{number:.1f}" if step and number < 10 else f"{number:.0f}"  # noqa: PLR2004 -- one figure before the point
    return f"{text.replace('.', ',') if lang == 'fr' else text}\N{NO-BREAK SPACE}{units[step]}"


def _lasting(minutes: int, lang: Lang) -> str:
    if minutes % _DAY == 0:
        return f"{minutes // _DAY}\N{NO-BREAK SPACE}{'jours' if lang == 'fr' else 'days'}"
    if minutes % _HOUR == 0:
        return f"{minutes // _HOUR}\N{NO-BREAK SPACE}h"
    return f"{minutes}\N{NO-BREAK SPACE}min"


def _instant(at: datetime, lang: Lang) -> str:
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y %H:%M:%S}" if lang == "fr" else f"{local:%Y-%m-%d %H:%M:%S}"
