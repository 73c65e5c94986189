"""What the matrix of zones says in words: states, services, disagreements."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.judge import texts
from negatoscope.judge.crossings import said
from negatoscope.judge.exits import Way
from negatoscope.judge.matrix import Cell, State, Tell
from negatoscope.judge.segmentation.services import Services
from negatoscope.model.verdict import Verdict
from negatoscope.web import desk

STATES: Mapping[State, str | Promise] = {
    State.BEYOND: gettext_lazy("passe sans être autorisé"),
    State.BLOCKED: gettext_lazy("autorisé mais refusé"),
    State.UNKNOWN: gettext_lazy("pas encore mesuré"),
    State.READ: gettext_lazy("conforme aux règles lues"),
    State.AGREES: gettext_lazy("conforme"),
    State.WITHIN: gettext_lazy("même zone"),
}
SIGNS: Mapping[State, Verdict] = {
    State.BEYOND: Verdict.FAILED,
    State.BLOCKED: Verdict.UNPROVEN,
    State.UNKNOWN: Verdict.UNPROVEN,
    State.READ: Verdict.PASSED,
    State.AGREES: Verdict.PASSED,
    State.WITHIN: Verdict.NOT_APPLICABLE,
}
"""Colour is for verdicts: what each state looks like."""
TELLS: Mapping[str, str | Promise] = {
    "passes_beyond": gettext_lazy(
        "La passerelle laisse passer ceci, que rien n’autorise : %(services)s. Ligne : %(line)s."
    ),
    "perhaps_beyond": gettext_lazy(
        "Une ligne n’a pas pu être lue en entier (%(line)s) : elle laisse peut-être passer ceci : %(services)s."
    ),
    "refused": gettext_lazy("Ceci est autorisé, mais aucune passerelle lue ne le laisse passer : %(services)s."),
    "not_today": gettext_lazy("Ce flux n’est pas en vigueur aujourd’hui : %(services)s."),
    "reached_beyond": gettext_lazy("%(address)s répond sur %(services)s, que rien n’autorise."),
    "seen_beyond": gettext_lazy("%(source)s a parlé avec %(target)s (%(services)s), sans que rien ne l’autorise."),
    "seen_though_refused": gettext_lazy(
        "%(source)s a parlé avec %(target)s (%(services)s), que les passerelles lues refusent : cherchez par où."
    ),
    "never_tried": gettext_lazy(
        "Rien n’a été essayé d’ici vers l’autre zone : faites un « Essai d’accès » depuis une sonde posée dans "
        "cette zone."
    ),
    "gateway_unread": gettext_lazy(
        "Les règles entre ces deux zones n’ont pas toutes été lues : relevez la passerelle par SSH, ou importez toute "
        "sa configuration (une liste de règles seule ne dit ni ses adresses ni ses routes)."
    ),
}
WAYS: Mapping[Way, str | Promise] = {
    Way.GATEWAY: gettext_lazy("passerelle lue"),
    Way.ROUTER: gettext_lazy("routeur non lu"),
    Way.MODEM: gettext_lazy("liaison mobile ou téléphonique"),
}


def services(told: Services) -> str:
    """Services as people read them; nothing at all is said so."""
    return code(said(told)) if told else _("rien")


def code(value: str) -> str:
    """The words of services written as a finding writes them."""
    words, lang = texts.shared().words["services"], desk.language()
    return ", ".join(words[part][lang] if part in words else part for part in value.split(", "))


def sentence(tell: Tell) -> str:
    """One disagreement, in a sentence."""
    values = {name: code(str(value)) if name == "services" else value for name, value in tell.values.items()}
    return str(TELLS[tell.code]) % values


def sentences(cell: Cell) -> list[str]:
    """All that a cell has to say."""
    return [sentence(tell) for tell in cell.tells]
