"""What codes of alerts are called on a page."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.alert import AlertOutcome, AlertState, AlertStep, Priority
from negatoscope.model.event import Action
from negatoscope.model.weekly import WeekKind
from negatoscope.store.queries.weeks import OTHERS

Text = str | Promise
FIELDS: Mapping[str, Text] = {
    "behaviour": _("situation surveillée"),
    "brings": _("ce qu’elle apporte"),
    "closed_at": _("close le"),
    "due": _("à traiter avant"),
    "hosts": _("équipements"),
    "outcome": _("résultat"),
    "off_since": _("suspendue depuis"),
    "refused": _("ne peuvent pas tourner"),
    "rule": _("règle"),
    "rules": _("règles"),
    "silent": _("se tait"),
    "closed": _("clos"),
    "lacks": _("reste à dire"),
    "declared": _("déclarations à délai"),
    "taken_at": _("importé le"),
    "alert": _("alerte"),
    "changed": _("réglages changés"),
    "former": _("réglages d’avant"),
    "formerly_on": _("surveillée avant"),
    "loosened": _("réglages trop lâches"),
    "missing": _("fichiers de règles manquants"),
    "admins": _("comptes d’administration connus"),
    "reasons": _("ce qui a été vu"),
    "off": _("éteinte"),
    "off_at": _("éteinte sur ces sites"),
    "on": _("surveillée"),
    "situation": _("situation"),
    "since": _("depuis"),
    "until": _("jusqu’à"),
    "count": _("combien de fois"),
    "week": _("semaine du"),
    "what": _("quoi"),
    "who": _("qui"),
    "unjustified": _("gardés plus d’un an sans raison redite"),
    "days": _("jours gardés"),
    "starts": _("vaut à partir du"),
    "explained": _("raison dite le"),
    "former_reason": _("raison d’avant"),
    "former_explained": _("raison d’avant, dite le"),
    "formerly": _("jours gardés jusque-là"),
    "gone_before": _("avant ce jour, déjà effacés"),
}
STATES: Mapping[str, Text] = {
    AlertState.NEW: _("nouvelle"),
    AlertState.TAKEN: _("prise en charge"),
    AlertState.CLOSED: _("close"),
}
PRIORITIES: Mapping[str, Text] = {
    Priority.HIGH: _("haute"),
    Priority.MEDIUM: _("moyenne"),
    Priority.LOW: _("basse"),
}
OUTCOMES: Mapping[str, Text] = {
    AlertOutcome.TRUE: _("vraie : il fallait agir"),
    AlertOutcome.FALSE: _("fausse : rien de tel ne s’est passé"),
    AlertOutcome.BENIGN: _("sans gravité : c’était normal et voulu"),
}
SHORT_OUTCOMES: Mapping[str, Text] = {
    AlertOutcome.TRUE: _("vraie"),
    AlertOutcome.FALSE: _("fausse"),
    AlertOutcome.BENIGN: _("sans gravité"),
}
STEPS: Mapping[str, Text] = {
    AlertStep.RAISED: _("alerte levée"),
    AlertStep.GREW: _("l’alerte s’est aggravée"),
    AlertStep.TAKEN: _("prise en charge"),
    AlertStep.HANDED: _("confiée à"),
    AlertStep.COMMENTED: _("commentaire"),
    AlertStep.CLOSED: _("close"),
    AlertStep.REOPENED: _("rouverte"),
    AlertStep.AFTER_4: _("4 h sans prise en charge"),
    AlertStep.AFTER_12: _("12 h sans clôture"),
    AlertStep.AFTER_20: _("20 h sans clôture"),
    AlertStep.OVERDUE: _("non traitée en 24 h"),
}
WEEK_KINDS: Mapping[str, Text] = {
    WeekKind.MAILBOX: _("Boîtes aux lettres des personnes clés, ouvertes par d’autres"),
    WeekKind.SENSITIVE: _("Équipements et ressources sensibles"),
    WeekKind.RIGHTS: _("Droits et comptes changés"),
    WeekKind.STUDIES: _("Examens ouverts : en nombre, par beaucoup, hors de son site"),
    WeekKind.SILENT: _("Sources de journaux restées muettes"),
    WeekKind.TUNED: _("Détection réglée"),
    WeekKind.FALSE: _("Alertes closes comme fausses"),
}
DONE: Mapping[str, Text] = {
    Action.LOGON: _("connexion"),
    Action.FILE_OPENED: _("fichier ouvert"),
    Action.STUDY_OPENED: _("examen ouvert"),
    Action.MAILBOX_OPENED: _("boîte ouverte"),
    Action.RIGHTS_CHANGED: _("droits changés"),
    Action.ACCOUNT_CHANGED: _("compte changé"),
    "many_studies": _("examens différents ouverts en un jour, bien plus que d’habitude"),
    "many_readers": _("personnes ont ouvert ce même examen"),
    "elsewhere": _("examens d’un autre site que le sien, d’après qui d’autre les ouvre"),
    "was_silent": _("s’est tue plus longtemps que d’habitude"),
    "still_silent": _("se taisait encore à la fin de la semaine"),
    "rule_off": _("règle suspendue"),
    "situation_tuned": _("situation réglée autrement"),
    "situation_off": _("situation suspendue"),
    "exempt_unusual_hours": _("dispensé d’alerte : horaires inhabituels"),
    "exempt_transfers": _("dispensé d’alerte : envois massifs"),
    "exempt_attempts": _("dispensé d’alerte : tentatives répétées"),
    "exempt_bypass": _("dispensé d’alerte : politique contournée"),
    "exempt_rule": _("dispensé d’alerte : règle de détection"),
    "exempt_fields": _("certains événements dispensés d’alerte : règle de détection"),
    "keeping_changed": _("durée de conservation des journaux changée"),
    "rules_taken": _("règles ajoutées"),
    OTHERS: _("autres, moins rares"),
}
BECAUSE: Mapping[str, Text] = {
    "modality": _("touche une modalité"),
    "key_person": _("touche une personne clé"),
    "administrator": _("touche un administrateur"),
    "sensitive": _("touche un équipement sensible"),
}
VALUES: Mapping[type[StrEnum], Mapping[str, Text]] = {AlertOutcome: SHORT_OUTCOMES, WeekKind: WEEK_KINDS}
COLLECTORS: Mapping[str, Text] = {"watch": _("Supervision")}
COLLECTOR_HELP: Mapping[str, Text] = {
    "watch": _("Dit quels journaux arrivent, ce que la détection a regardé, et si les alertes ont été closes à temps."),
}
ACTS: Mapping[str, Text] = {
    "alert_raised": _("alerte levée"),
    "alert_taken": _("alerte prise en charge"),
    "alert_handed": _("alerte confiée"),
    "alert_commented": _("alerte commentée"),
    "alert_closed": _("alerte close"),
    "alert_reopened": _("alerte rouverte"),
    "alert_after_4": _("alerte relancée après 4 h"),
    "alert_after_12": _("alerte relancée après 12 h"),
    "alert_after_20": _("alerte relancée après 20 h"),
    "alert_overdue": _("alerte non traitée à temps"),
}
