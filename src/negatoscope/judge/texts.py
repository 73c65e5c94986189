"""What the rules say to people, in French and English; codes become sentences here and nowhere else."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.kit.bilingual import Lang, Said
from negatoscope.model.evidence import Ref, Values
from negatoscope.model.families import FAMILIES
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.verdict import Proof, Verdict

HERE = Path(__file__).parent
CHAPTERS = 13
_LISTED = {family.kind: family for family in FAMILIES}
_HEADS = frozenset(family.head for family in FAMILIES)
PREAMBLE = "R0"
"""The written policy: before the first chapter, and no film."""

Short = Annotated[str, Meta(min_length=1, max_length=24)]


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A few words that fit on a film."""

    fr: Short
    en: Short

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class ControlText(Struct, frozen=True, forbid_unknown_fields=True):
    """``asks``: the obligation. ``fix``: what to do when it fails."""

    asks: Said
    fix: Said


class RuleText(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a rule says. ``next``: what to do first when its film is dark."""

    chapter: Annotated[int, Meta(ge=0, le=CHAPTERS)]
    short: Label
    title: Said
    why: Said
    next: Said
    controls: dict[str, ControlText]
    reasons: dict[str, Said] = {}


class Shared(Struct, frozen=True, forbid_unknown_fields=True):
    """What the rules say alike. ``words``: values that are codes themselves, by the name of the value."""

    chapters: dict[str, Said]
    reasons: dict[str, Said]
    gaps: dict[str, Said]
    kinds: dict[str, Said]
    verdicts: dict[Verdict, Said]
    proofs: dict[Proof, Said]
    words: dict[str, dict[str, Said]]


@cache
def shared() -> Shared:
    """Read ``texts.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode((HERE / "texts.toml").read_bytes(), type=Shared)


@cache
def rule(ident: str) -> RuleText:
    """Read the texts of one rule (``R1``). Raises KeyError for an unknown rule, ValidationError for a wrong file."""
    if ident == PREAMBLE:
        return msgspec.toml.decode((HERE / "preamble.toml").read_bytes(), type=RuleText)
    found = list((HERE / "rules").glob(f"r{ident[1:]:0>2}_*.toml")) if re.fullmatch(r"R[1-9]\d?", ident) else []
    if not found:
        raise KeyError(ident)
    return msgspec.toml.decode(found[0].read_bytes(), type=RuleText)


def chapters(lang: Lang) -> tuple[str, ...]:
    """Name the thirteen chapters, in order."""
    titles = shared().chapters
    return tuple(titles[str(number)][lang] for number in range(1, CHAPTERS + 1))


def kind(name: str, lang: Lang) -> str:
    """Name a kind of fact; a capture's section has no other name than its own."""
    if name in _LISTED:
        title = _LISTED[name].title.say(lang)
        return title[0].lower() + title[1:]
    return _worded(shared().kinds, name, lang)


def verdict(which: Verdict, lang: Lang) -> str:
    """Name a verdict."""
    return shared().verdicts[which][lang]


def proof(which: Proof, lang: Lang) -> str:
    """Name what stands under a verdict."""
    return shared().proofs[which][lang]


def collector(name: str, lang: Lang) -> str:
    """Say in words what a collector brings."""
    return _worded(shared().words["collectors"], name, lang)


UNSAID = frozenset({"kind", "why", "agreed", "differs"})
"""Values that only machines compare."""


def gap(why: str, values: Values, lang: Lang) -> str:
    """Say why something could not be looked at, with whatever values complete it."""
    left = {key: value for key, value in values.items() if key not in UNSAID}
    said = shared().gaps.get(why)
    return _plain(why, left, lang) if said is None else " ".join([said[lang], *_details(left, lang)])


PLAIN = frozenset({"host", "person", "network", "directory", "address", "logsource", "detector", "weekreview"})
"""Subjects whose name is all that follows what they are."""


def logs(kind: str, lang: Lang) -> str:
    """Name a class of logs."""
    return _worded(shared().words["logkeeping"], kind, lang)


def subject(ref: Ref, lang: Lang) -> str:
    """Name a subject: ``account/srv/root`` reads ``root (srv)``; a page that knows a better name gives its own."""
    about, _, rest = ref.partition("/")
    if about in {"alert", "incident", "tip"} and rest:
        return f"n°\N{NO-BREAK SPACE}{rest}" if lang == "fr" else f"no. {rest}"
    if about == "logkeeping":
        return logs(rest, lang)
    if about in _HEADS and rest:
        return rest.replace("/", " · ")
    if not rest:
        return _worded(shared().words["subject"], about, lang)
    if about in PLAIN:
        return rest
    where, _, what = rest.partition("/")
    if about == "object":
        what = what.partition("/")[2]
    elif about == "policy":
        what = _worded(shared().words["subject"], what, lang)
    return f"{'/' if about == 'volume' and ':' not in what else ''}{what} ({where})"


def sentence(item: Finding | Doubt, rule_id: str, lang: Lang, name: str | None = None) -> str:
    """Say a finding or a doubt. A code without a text, or a text without its values, prints as code and values."""
    values = {key: _shown(key, value, lang) for key, value in item.values.items()}
    values["subject"] = name or subject(item.subject, lang)
    if item.reason == "gap":
        values["gap"] = gap(str(item.values.get("why")), item.values, lang)
    said = rule(rule_id).reasons.get(item.reason) or shared().reasons.get(item.reason)
    if said is None or not placeholders(said[lang]) <= values.keys():
        return f"{values['subject']}{_colon(lang)} {_plain(item.reason, item.values, lang)}"
    return said[lang].format_map(values)


def placeholders(text: str) -> frozenset[str]:
    """Name the values that a text asks for."""
    return frozenset(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def _shown(key: str, value: str | float | bool | None, lang: Lang) -> str:  # noqa: FBT001 -- any value that a fact may hold
    if value is None:
        return "?"
    if isinstance(value, bool):
        return {"fr": "oui", "en": "yes"}[lang] if value else {"fr": "non", "en": "no"}[lang]
    text = str(value)
    if key == "kind":
        return kind(text, lang)
    if key in {"holder", "host", "other"}:
        return subject(text, lang)
    if key in shared().words:
        return ", ".join(_worded(shared().words[key], part, lang) for part in text.split(", "))
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{day[3]}/{day[2]}/{day[1]}" if day and lang == "fr" else text


def _worded(words: Mapping[str, Said], code: str, lang: Lang) -> str:
    if code in words:
        return words[code][lang]
    head, colon, rest = code.partition(":")
    return f"{words[head][lang]} {rest}" if colon and head in words else code


def _details(values: Values, lang: Lang) -> list[str]:
    said = _semicolon(lang).join(_detail(key, value, lang) for key, value in values.items())
    return [f"({said})"] if said else []


def _detail(key: str, value: str | float | bool | None, lang: Lang) -> str:  # noqa: FBT001 -- any value of a fact
    if key == "fields":
        return _shown("what", value, lang)
    return f"{_worded(shared().words['key'], key, lang)}{_colon(lang)} {_shown(key, value, lang)}"


def _plain(code: str, values: Values, lang: Lang) -> str:
    return " ".join([code, *_details(values, lang)])


def _colon(lang: Lang) -> str:
    return "\N{NO-BREAK SPACE}:" if lang == "fr" else ":"


def _semicolon(lang: Lang) -> str:
    return "\N{NO-BREAK SPACE}; " if lang == "fr" else "; "
