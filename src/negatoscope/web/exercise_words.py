"""Lines of an exercise's log in the words of the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from negatoscope.kit.clock import utc_now
from negatoscope.model.exercise import Chosen, Finished, Injected, Kept, Paced
from negatoscope.model.incident import Incident
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.scenario import Inject
from negatoscope.web import desk
from negatoscope.web import exercise_labels as names
from negatoscope.web.labels import label


def _inject(one: Incident, name: str) -> Inject | None:
    played = stage.scenario(one)
    return played.named(name) if played is not None else None


def came(one: Incident, name: str) -> str:
    """What came, with who says it; its bare name where the scenario is no longer shipped."""
    inject, lang = _inject(one, name), desk.language()
    if inject is None:
        return name
    told = {"kind": label(names.KINDS, inject.kind), "by": inject.by[lang], "said": inject[lang]}
    return _("%(kind)s, %(by)s : %(said)s") % told


def chosen(one: Incident, word: Chosen) -> str:
    """What was answered."""
    inject = _inject(one, word.inject)
    found = next((each for each in inject.choice if each.id == word.choice), None) if inject is not None else None
    return found[desk.language()] if found is not None else word.choice


def paced(rate: int) -> str:
    """How the clock runs."""
    return _("× %(rate)d") % {"rate": rate} if rate else _("arrêtée")


def state(one: Incident) -> str:
    """Whether it runs, stands, came to the end of its clock, or is over."""
    if one.finished is not None:
        return "over"
    last = stage.pace(one)
    played = stage.scenario(one)
    if played is not None and stage.showing(one, utc_now()) >= stage.ends(one, played):
        return "spent"
    return "runs" if last is not None and last.rate else "stands"


SAID: Mapping[type, Callable[[Any, Incident], str]] = {
    Paced: lambda word, _one: paced(word.rate),
    Injected: lambda word, one: came(one, word.inject),
    Chosen: lambda word, one: chosen(one, word),
    Finished: lambda _word, _one: "",
    Kept: lambda word, _one: f"SHA-256 {word.digest}",
}
