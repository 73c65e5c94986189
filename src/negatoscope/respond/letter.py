"""Letters: the paragraphs of a form with what its dossier holds. What is missing stays a visible gap."""

import re
from collections.abc import Mapping

from negatoscope.kit.bilingual import Lang
from negatoscope.respond.dossier import Dossier, Held

GAP = {"fr": "[à compléter\N{NO-BREAK SPACE}: {label}]", "en": "[to be completed: {label}]"}
PLACE = re.compile(r"\{(\w+)\}")


def paragraphs(told: Dossier, lang: Lang) -> tuple[str, ...]:
    """The letter as it stands; what rests on something optional that nobody said is left out."""
    held = {one.field.id: one for one in told.every}
    return tuple(_filled(said[lang], held, lang) for said in told.form.letter if _stands(said[lang], held))


def _stands(text: str, held: Mapping[str, Held]) -> bool:
    return all(held[name].values or held[name].field.required for name in PLACE.findall(text))


def _filled(text: str, held: Mapping[str, Held], lang: Lang) -> str:
    def say(found: re.Match[str]) -> str:
        one = held[found[1]]
        said = one.field.said(one.values, lang)
        return said.replace("\n", ", ") if one.field.list else said or GAP[lang].format(label=one.field.label[lang])

    return PLACE.sub(say, text)
