"""What codes of incidents are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.containing import Turn
from negatoscope.model.custody import Piece
from negatoscope.model.incident import Clue, Hit, How, Moment, Origin, Part, Role, Stage, State, What
from negatoscope.respond.duty import Answer, Owed
from negatoscope.web import exercise_labels

Text = str | Promise
STATES: Mapping[str, Text] = {
    State.OPEN: _("ouvert"),
    State.QUALIFIED: _("qualifié : on sait ce que c’est"),
    State.CONTAINED: _("contenu : il ne s’étend plus"),
    State.ERADICATED: _("éradiqué : l’attaquant n’a plus rien chez nous"),
    State.RECOVERED: _("rétabli : le travail a repris"),
    State.CLOSED: _("clos"),
}
SHORT_STATES: Mapping[str, Text] = {
    State.OPEN: _("ouvert"),
    State.QUALIFIED: _("qualifié"),
    State.CONTAINED: _("contenu"),
    State.ERADICATED: _("éradiqué"),
    State.RECOVERED: _("rétabli"),
    State.CLOSED: _("clos"),
}
ORIGINS: Mapping[str, Text] = {
    Origin.HAND: _("ouvert à la main"),
    Origin.ALERT: _("né d’une alerte"),
    Origin.REPORT: _("né d’un signalement"),
    Origin.TERMINAL: _("ouvert au terminal"),
    Origin.EXERCISE: _("exercice"),
}
MOMENTS: Mapping[str, Text] = {
    Moment.OCCURRED: _("Début des faits"),
    Moment.DETECTED: _("Premier signe vu"),
    Moment.AWARE: _("Le cabinet en est raisonnablement sûr"),
}
ROLES: Mapping[str, Text] = {
    Role.LEAD: _("Dirige et décide"),
    Role.TECHNICAL: _("Mène la technique"),
    Role.CARE: _("Veille sur les patients et les examens"),
    Role.DECLARATIONS: _("Fait les déclarations"),
    Role.VOICE: _("Parle aux patients, à l’équipe, à la presse"),
    Role.WRITER: _("Tient la main courante"),
}
WHATS: Mapping[str, Text] = {What.HOST: _("Équipement"), What.ACCOUNT: _("Compte ou personne"), What.DATA: _("Données")}
HITS: Mapping[str, Text] = {
    Hit.COMPROMISED: _("touché, c’est sûr"),
    Hit.SUSPECTED: _("peut-être touché"),
    Hit.CLEARED: _("vérifié : pas touché"),
}
CLUES: Mapping[str, Text] = {
    Clue.ADDRESS: _("adresse IP"),
    Clue.DOMAIN: _("nom de domaine ou lien"),
    Clue.HASH: _("empreinte d’un fichier"),
    Clue.FILE: _("nom ou chemin d’un fichier"),
    Clue.ACCOUNT: _("nom d’un compte"),
}
PIECES: Mapping[str, Text] = {
    Piece.MEMORY: _("Image de la mémoire"),
    Piece.DISK: _("Image d’un disque"),
    Piece.LOGS: _("Journaux"),
    Piece.FILE: _("Fichier"),
    Piece.DEVICE: _("L’équipement lui-même"),
}
SYSTEMS: Mapping[str, Text] = {
    "any": _("Dans tous les cas"), "windows": "Windows", "linux": "Linux", "macos": "macOS",
}  # fmt: skip
PARTS: Mapping[str, Text] = {
    Part.ENTRY: _("Par où l’attaquant est-il entré ?"),
    Part.SPREAD: _("Jusqu’où est-il allé ?"),
    Part.DATA: _("À quelles données a-t-il pu toucher ?"),
    Part.IMAGES: _("Mémoire et disque ont-ils été copiés avant tout nettoyage ?"),
    Part.REINSTALL: _("L’équipement a-t-il été réinstallé entièrement ?"),
    Part.SECRETS: _("Quels mots de passe, clés et codes ont été changés ?"),
    Part.LESSONS: _("Qu’avons-nous appris ?"),
}
HOWS: Mapping[str, Text] = {
    How.SAID: _("nous le savons"),
    How.UNKNOWN: _("inconnu, après avoir cherché (dites comment)"),
    How.TAKEN: _("oui, copiés"),
    How.NOT_TAKEN: _("non (dites pourquoi)"),
    How.REINSTALLED: _("réinstallé entièrement, depuis un support sûr"),
    How.RETIRED: _("mis hors service pour toujours"),
    How.RESTORED: _("seulement restauré : cela ne suffit pas"),
    How.CLEANED: _("seulement nettoyé : cela ne suffit pas"),
    How.NONE: _("aucun équipement n’a été touché (dites comment vous le savez)"),
}
MISSING: Mapping[str, Text] = {
    "entry": _("Dire par où l’attaquant est entré, ou « inconnu, après avoir cherché »."),
    "spread": _("Dire jusqu’où il est allé."),
    "data": _("Dire à quelles données il a pu toucher."),
    "undecided": _("%(host)s est « peut-être touché » : dire s’il l’est ou non."),
    "images": _("%(host)s : dire si mémoire et disque ont été copiés, ou pourquoi pas."),
    "no_image": _("%(host)s : ajouter l’image de sa mémoire ou de son disque aux preuves, ou dire qu’il n’y en a pas."),
    "reinstall": _("%(host)s : le réinstaller entièrement, et le dire."),
    "not_rebuilt": _("%(host)s : nettoyer ou restaurer ne suffit pas, le réinstaller entièrement."),
    "no_host": _("Nommer les équipements touchés, ou dire qu’aucun ne l’a été."),
    "secrets": _("Dire quels mots de passe, clés et codes ont été changés."),
    "lessons": _("Dire ce que nous avons appris."),
    "actions": _("Noter au moins une action pour que cela n’arrive plus, avec qui s’en charge."),
}
ANSWERS: Mapping[str, Text] = {
    Answer.YES: _("Oui"), Answer.NO: _("Non"), Answer.UNKNOWN: _("Je ne sais pas"),
}  # fmt: skip
OWED: Mapping[str, Text] = {
    Owed.YES: _("obligatoire"), Owed.DOUBTFUL: _("peut-être obligatoire"), Owed.NO: _("pas nécessaire"),
}  # fmt: skip
MARKS: Mapping[str, Text] = {
    "24": _("le premier tiers du délai est passé"),
    "48": _("les deux tiers du délai sont passés"),
    "60": _("il reste un sixième du délai"),
    "70": _("le délai se termine"),
    "late": _("le délai est passé"),
    "rest": _("la suite de la déclaration est attendue"),
}
GESTURES: Mapping[str, Text] = {
    "done": _("Fait"),
    "left": _("Pas fait"),
    "yes": _("Oui"),
    "no": _("Non"),
    "unknown": _("Je ne sais pas"),
}
STAGES: Mapping[str, Text] = {
    Stage.COMPLETE: _("complète"),
    Stage.INITIAL: _("initiale, la suite viendra"),
    Stage.COMPLEMENT: _("complément"),
}
DOUBTS: Mapping[str, Text] = {"likely": _("probable"), "doubtful": _("à confirmer")}
TURNS: Mapping[str, Text] = {
    "draft": _("proposé"),
    Turn.APPROVED: _("décidé, à faire"),
    Turn.DONE: _("fait"),
    Turn.UNDONE: _("défait"),
    Turn.DROPPED: _("écarté"),
}
STEPS: Mapping[str, Text] = {
    "opened": _("Incident ouvert"),
    "noted": _("Note"),
    "struck": _("Ligne rayée"),
    "dated": _("Date"),
    "moved": _("État"),
    "named": _("Rôle"),
    "asked": _("Tâche"),
    "done": _("Tâche faite"),
    "touched": _("Ce qui est touché"),
    "marked": _("Indice"),
    "decided": _("Décision"),
    "attached": _("Document"),
    "inquired": _("Réponses aux questions"),
    "collected": _("Pièce prise"),
    "passed": _("Pièce remise"),
    "compared": _("Pièce relue"),
    "contained": _("Mesure"),
    "answered": _("Réponse"),
    "followed": _("Fiche réflexe"),
    "stated": _("Constat pour la clôture"),
    "sent": _("Déclaration faite"),
    "filled": _("Dossier"),
    "frozen": _("Date figée"),
    "reckoned": _("Obligations"),
    "reminded": _("Rappel"),
    "chained": _("Chaîne d’alerte"),
    **exercise_labels.STEPS,
}
REFUSED: Mapping[str, Text] = {
    "unknown": _("Cet incident n’existe pas."),
    "closed": _("L’incident est clos : rouvrez-le d’abord."),
    "wordless": _("Dites-le en quelques mots."),
    "gesture": _("Cette étape ne se note pas ainsi : rouvrez la fiche."),
    "there_already": _("L’incident est déjà dans cet état."),
    "not_recovered": _("Un incident ne se clôt qu’une fois rétabli."),
    "incomplete": _("Il manque encore de quoi clore."),
    "ahead": _("Cet instant est à venir."),
    "order": _("Les faits commencent, puis on les voit, puis on en est sûr : corrigez les dates dans cet ordre."),
    "frozen": _("Cette date a été donnée dans une déclaration : elle ne change plus."),
    "not_strikable": _("Cette ligne ne peut pas être rayée."),
    "no_task": _("Cette tâche est déjà faite, ou rayée."),
    "how": _("Cette réponse ne convient pas ici."),
    "answer": _("Cette réponse ne convient pas ici."),
    "duty": _("Cette obligation n’est pas connue."),
    "unaware": _("Dites d’abord quand le cabinet en a été sûr."),
    "sent_when": _("Une déclaration part après que le cabinet a été sûr, et pas dans l’avenir."),
    "no_first": _("Un complément suit une première déclaration : notez d’abord celle-ci."),
    "late": _("Elle est partie après le délai : dites pourquoi."),
    "field": _("Ce champ n’existe pas, ou ne prend pas cette valeur."),
    "no_piece": _("Cette pièce n’existe pas, ou a été rayée."),
    "undigested": _("Donnez l’empreinte sha256 du fichier : sans elle, rien ne dira qu’il n’a pas changé."),
    "digest": _("Une empreinte sha256 a 64 signes, chiffres et lettres de a à f."),
    "memory_first": _("La mémoire se prend avant le disque. Si ce n’est pas possible, dites pourquoi."),
    "no_measure": _("Cette mesure ne concerne rien de ce que l’incident touche : rouvrez la page."),
    "not_approved": _("Quelqu’un doit d’abord décider cette mesure."),
    "not_that_far": _("Cette mesure n’en est pas là : rouvrez la page."),
    "unapproved": _("Dites qui a décidé."),
    "care_unasked": _("Une modalité est concernée : demandez d’abord aux soins, et dites à qui."),
    "too_large": _("Ce document dépasse 25 Mo."),
    "empty": _("Ce document est vide."),
    **exercise_labels.REFUSED,
}
ACTS: Mapping[str, Text] = {
    "incident_opened": _("incident ouvert"),
    "incident_noted": _("incident : note"),
    "incident_struck": _("incident : ligne rayée"),
    "incident_dated": _("incident : date"),
    "incident_moved": _("incident : changement d’état"),
    "incident_named": _("incident : rôle confié"),
    "incident_asked": _("incident : tâche"),
    "incident_done": _("incident : tâche faite"),
    "incident_touched": _("incident : ce qui est touché"),
    "incident_marked": _("incident : indice"),
    "incident_decided": _("incident : décision"),
    "incident_attached": _("incident : document"),
    "incident_collected": _("incident : pièce prise"),
    "incident_passed": _("incident : pièce remise"),
    "incident_compared": _("incident : pièce relue"),
    "incident_answered": _("incident : réponse"),
    "incident_stated": _("incident : constat pour la clôture"),
    "incident_sent": _("incident : déclaration faite"),
    "incident_filled": _("incident : dossier rempli"),
    "incident_frozen": _("incident : date figée"),
    "incident_reckoned": _("incident : obligations calculées"),
    "incident_reminded": _("incident : rappel"),
    "incident_chained": _("incident : chaîne d’alerte"),
    **exercise_labels.ACTS,
}
