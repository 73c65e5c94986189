"""Rule 38's answers in words, French and English; codes become sentences here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Values
from negatoscope.respond.questions.answer import Why
from negatoscope.respond.questions.reach import Reached, Step
from negatoscope.respond.questions.twins import Shared, Trait

Name = Callable[[Ref], str]
HERE = Path(__file__).parent


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """All that ``texts.toml`` holds, by code."""

    traits: dict[str, Said]
    classes: dict[str, Said]
    steps: dict[str, Said]
    data: dict[str, Said]
    reasons: dict[str, Said]
    ways: dict[str, Said]
    happenings: dict[str, Said]
    kinds: dict[str, Said]
    reads: dict[str, Said]
    blinds: dict[str, Said]
    questions: dict[str, Said]


@cache
def texts() -> Texts:
    """Read ``texts.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode((HERE / "texts.toml").read_bytes(), type=Texts)


def blind(one: Why, lang: Lang) -> str:
    """Say a blind spot."""
    return _filled(texts().blinds[one.code], one.values, lang)


def reason(one: Why, lang: Lang) -> str:
    """Say why something may be the way in."""
    return _filled(texts().reasons[one.code], {"origin": "?", **one.values}, lang)


def shared(one: Shared, lang: Lang) -> str:
    """Say in what two hosts are alike."""
    classes = texts().classes
    what = classes[one.what][lang] if one.trait is Trait.CLASS else one.what
    return _filled(texts().traits[one.trait], {"what": what}, lang)


def step(one: Step, lang: Lang, name: Name) -> str:
    """Say how one thing opens the next."""
    return _filled(texts().steps[one.how], {"source": name(one.source), "target": name(one.target), **one.values}, lang)


def node(one: Reached, lang: Lang, name: Name) -> str:
    """Say what can be reached."""
    if one.kind != "data":
        return name(one.node)
    _, kind, where = one.node.split("/", 2)
    return _filled(texts().data[kind], {"where": where if kind == "mailbox_opened" else name(f"host/{where}")}, lang)


def _filled(text: Said, values: Values, lang: Lang) -> str:
    return text[lang].format_map({key: _shown(value, lang) for key, value in values.items()})


def _shown(value: str | float | bool | None, lang: Lang) -> str:  # noqa: FBT001 -- any value
    try:
        local = datetime.fromisoformat(str(value)).astimezone(PARIS) if "T" in str(value) else None
    except (ValueError, OverflowError):
        local = None
    return str(value) if local is None else moment(local, lang)


def moment(at: datetime, lang: Lang) -> str:
    """An instant as Paris shows it."""
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y %H:%M}" if lang == "fr" else f"{local:%Y-%m-%d %H:%M}"


def codes() -> Mapping[str, Mapping[str, Said]]:
    """Every text by its section and code."""
    return msgspec.structs.asdict(texts())
