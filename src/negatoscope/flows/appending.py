"""What a report says apart from the forty verdicts: the written policy, and what the rules answer in other texts."""

from collections.abc import Iterator
from typing import Any

from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.judge.mappings import cells, mappings
from negatoscope.judge.profiles import chosen, profiles
from negatoscope.kit.bilingual import Lang
from negatoscope.model.judgement import Judgement
from negatoscope.model.passwords import PasswordChoice
from negatoscope.prove.report.content import Elsewhere, Policy
from negatoscope.prove.report.words import say

DAY = {"fr": "%d/%m/%Y", "en": "%Y-%m-%d"}


def policy(judgement: Judgement, lang: Lang) -> Policy | None:
    """R0 in words; nothing in a judgement of an edition that did not know it."""
    apart = judgement.preamble
    if apart is None:
        return None
    asks = texts.rule(apart.rule).controls
    points = tuple(
        (one.verdict.value, texts.verdict(one.verdict, lang), asks[one.id].asks[lang]) for one in apart.controls
    )
    return Policy(apart.verdict.value, texts.verdict(apart.verdict, lang), points)


def passwords(register: StoredRegister, lang: Lang) -> str:
    """The profile by which rules 9 and 10 judge, and where it comes from."""
    terms = profiles()[chosen(register.seen(PasswordChoice))]
    return f"{terms.title[lang]} ({terms.source[lang]})"


def elsewhere() -> tuple[Elsewhere, ...]:
    """Rule by rule, what each answers."""
    return tuple(Elsewhere(rule, **cells(rule)) for rule in mappings().rules)


def notes(lang: Lang) -> tuple[str, ...]:
    """The sources with their editions, then what no rule covers."""
    return tuple(_notes(lang))


def _notes(lang: Lang) -> Iterator[str]:
    told = mappings()
    for code, source in told.sources.items():
        read = say("paper", "read_on", lang, on=f"{source.read_on:{DAY[lang]}}")
        yield f"{source.name[lang]}, {source.edition[lang]} ({read}). {told.gaps[code][lang]}"


def mapped() -> dict[str, Any]:
    """The same for machines: codes and identifiers, with each source's edition and the day it was read."""
    told = mappings()
    return {
        "sources": {
            code: {"edition": one.edition["en"], "read_on": one.read_on} for code, one in told.sources.items()
        },
        "rules": {
            rule: {
                "anssi": one.anssi, "anssi_in_part": one.in_part, "iso": one.iso, "nis2": one.nis2, "recyf": one.recyf,
            }
            for rule, one in told.rules.items()
        },
    }  # fmt: skip
