"""Letters: the paragraphs of a form with what its dossier holds. What is missing stays a visible gap."""

import re
from collections.abc import Mapping

from negatoscope.kit.bilingual import Lang
from negatoscope.respond.dossier import Dossier, Held

GAP = {"fr": "[à compléter\N{NO-BREAK SPACE}: {label}]", "en": "[to be completed: {label}]"}
EXERCISE = {"fr": "EXERCICE – rien n’est réel, ne pas envoyer", "en": "EXERCISE – nothing is real, do not send"}
PLACE = re.compile(r"\{(\w+)\}")
LAST = re.compile(r" ?\{(\w+)\}$")
"""One that ends its paragraph: several lines stand below, as they are. Elsewhere they become one."""


def paragraphs(told: Dossier, lang: Lang) -> tuple[str, ...]:
    """The letter as it stands; what rests on something optional that nobody said is left out."""
    held = {one.field.id: one for one in told.every}
    mark = (EXERCISE[lang],) if told.exercise and told.form.letter else ()
    return (*mark, *(_filled(said[lang], held, lang) for said in told.form.letter if _stands(said[lang], held)))


def _stands(text: str, held: Mapping[str, Held]) -> bool:
    return all(held[name].values or held[name].field.required for name in PLACE.findall(text))


def _filled(text: str, held: Mapping[str, Held], lang: Lang) -> str:
    def say(name: str) -> str:
        field = held[name].field
        return field.said(held[name].values, lang) or GAP[lang].format(label=field.label[lang])

    last = LAST.search(text)
    before = PLACE.sub(lambda found: say(found[1]).replace("\n", ", "), text[: last.start()] if last else text)
    if last is None:
        return before
    said = say(last[1])
    return (before + ("\n" if "\n" in said else " ") + said).strip()
