"""What codes of dossiers are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.flows.compiling import REGISTER
from negatoscope.respond.filling import OTHER, SENT

Text = str | Promise
FROM: Mapping[str, Text] = {
    SENT: _("comme dans la dernière déclaration partie"),
    OTHER: _("comme dans un autre dossier de cet incident"),
    "earlier": _("comme dans un incident d’avant"),
    REGISTER: _("d’après le registre"),
    "team": _("d’après l’équipe de l’incident"),
    "incident": _("d’après l’incident"),
    "answers": _("d’après vos réponses aux questions"),
    "reflex": _("d’après la fiche réflexe suivie"),
    "log": _("d’après la main courante"),
    "touched": _("d’après ce qui est touché"),
    "tasks": _("d’après les tâches"),
    "sent_others": _("d’après les déclarations parties"),
    "reckoned": _("calculé"),
    "usual": _("ce qui est habituel pour un cabinet"),
}
UNFIT: Mapping[str, Text] = {
    "choice": _("Ce choix ne convient pas ici."),
    "long": _("Ce texte est trop long."),
    "number": _("Écrivez un nombre, en chiffres."),
    "instant": _("Écrivez le jour et l’heure, à Paris ; pas une heure que le changement d’heure répète ou saute."),
    "pattern": _("Cela n’a pas la forme attendue : vérifiez les chiffres."),
}
