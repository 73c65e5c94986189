"""What codes of exercises are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.respond.exercise.result import Mark

Text = str | Promise
KINDS: Mapping[str, Text] = {
    "call": _("Appel téléphonique"),
    "message": _("Message"),
    "alert": _("Alerte"),
    "find": _("Constat"),
}
MARKS: Mapping[str, Text] = {
    Mark.MET: _("tenu"),
    Mark.LATE: _("fait trop tard"),
    Mark.DISORDERED: _("fait dans le mauvais ordre"),
    Mark.MISSED: _("pas fait"),
    Mark.WAITED: _("encore attendu"),
    Mark.UNASKED: _("pas joué"),
}
SIGNS: Mapping[str, str] = {
    Mark.MET: "✓", Mark.LATE: "✕", Mark.DISORDERED: "✕", Mark.MISSED: "✕", Mark.WAITED: "?", Mark.UNASKED: "–",
}  # fmt: skip
TONES: Mapping[str, str] = {
    Mark.MET: "passed", Mark.LATE: "failed", Mark.DISORDERED: "failed", Mark.MISSED: "failed",
    Mark.WAITED: "unproven", Mark.UNASKED: "soft",
}  # fmt: skip
RATES: Mapping[int, Text] = {
    1: _("au rythme du monde (× 1)"),
    10: _("dix fois plus vite (× 10)"),
    60: _("une heure en une minute (× 60)"),
}
STATES: Mapping[str, Text] = {
    "runs": _("en cours"),
    "stands": _("en pause"),
    "spent": _("au bout de son horloge, à terminer"),
    "over": _("terminé"),
}
REFUSED: Mapping[str, Text] = {
    "no_exercise": _("Ceci n’a de sens que dans un exercice."),
    "scenario": _("Ce scénario n’existe pas."),
    "rate": _("L’horloge d’un exercice ne va pas à cette vitesse."),
    "inject": _("Cet événement n’est pas du scénario, ou il est déjà arrivé."),
    "choice": _("Cette réponse n’est pas de celles qui sont proposées."),
    "chosen": _("Quelqu’un a déjà répondu."),
    "finished": _("L’exercice est terminé : plus rien ne s’y ajoute."),
    "no_more": _("Tout est arrivé : il n’y a plus d’événement à venir."),
}
STEPS: Mapping[str, Text] = {
    "paced": _("Horloge de l’exercice"),
    "injected": _("Exercice"),
    "chosen": _("Choix"),
    "finished": _("Fin de l’exercice"),
    "kept": _("Bilan gardé"),
}
ACTS: Mapping[str, Text] = {
    "incident_paced": _("exercice : horloge réglée"),
    "incident_injected": _("exercice : événement du scénario"),
    "incident_chosen": _("exercice : choix"),
    "incident_finished": _("exercice terminé"),
    "incident_kept": _("exercice : bilan gardé"),
}
