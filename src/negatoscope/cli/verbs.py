"""The verbs by name, and how the terminal reaches them."""

import sys

import django
from django.core.management import execute_from_command_line
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.cli import language

VERBS = {
    "run": gettext_lazy("ouvrir la console dans le navigateur"),
    "tls": gettext_lazy("laisser d’autres ordinateurs joindre la console, avec chiffrement"),
    "demo": gettext_lazy("explorer un cabinet de démonstration, à part du vôtre"),
    "observe": gettext_lazy("observer cet équipement ou un réseau, maintenant"),
    "vantage": gettext_lazy("essayer, d’ailleurs, ce qui répond au cabinet : un fichier à importer ici"),
    "probe": gettext_lazy("relever depuis un autre réseau, sans y laisser de carte (sonde)"),
    "detect": gettext_lazy("chercher dans des journaux ce que décrivent des règles Sigma"),
    "incident": gettext_lazy("ouvrir un incident, tenir sa main courante, la relire"),
    "exercise": gettext_lazy("jouer un incident de bout en bout, sans rien de réel ; le bilan"),
    "dossier": gettext_lazy("préparer une déclaration : CNIL, CERT Santé ; la lire, l’imprimer"),
    "chain": gettext_lazy("lancer la chaîne d’alerte, ou un exercice ; qui a répondu"),
    "tip": gettext_lazy("signaler quelque chose d’anormal, lister les signalements"),
    "spam": gettext_lazy("signaler à Signal Spam un courriel gardé, une fois qu’on l’a relu"),
    "duties": gettext_lazy("qui prévenir après un incident, et jusqu’à quand"),
    "reflexes": gettext_lazy("que faire, et ne pas faire, dans la première heure"),
    "judge": gettext_lazy("juger les quarante règles sur ce qui a été observé"),
    "report": gettext_lazy("écrire le rapport (PDF, XLSX ou JSON)"),
    "map": gettext_lazy("emporter la carte : image, document, classeur, ou copie scellée"),
    "import": gettext_lazy("remettre un fichier : personnes, comptes, relevé nmap"),
    "logs": gettext_lazy("remettre des fichiers de journaux, suivre des dossiers de journaux"),
    "hunt": gettext_lazy("chercher dans ce que les équipements ont écrit (journaux)"),
    "questions": gettext_lazy("sur un équipement suspect : entrée, propagation, échanges, portée, semblables"),
    "host": gettext_lazy("retirer un équipement de la carte"),
    "replay": gettext_lazy("reconstruire le registre et chaque jugement depuis le coffre seul"),
    "schedule": gettext_lazy("répéter, suspendre ou lister les relevés qui reviennent"),
    "credential": gettext_lazy("ajouter, remplacer, essayer ou retirer les identifiants des collecteurs"),
    "ssh": gettext_lazy("afficher la règle sudo à poser sur les serveurs Linux"),
    "rules": gettext_lazy("choisir les règles Sigma que la supervision applique aux journaux"),
    "channels": gettext_lazy("lister et essayer les canaux par lesquels les alertes préviennent"),
    "ledger": gettext_lazy("exporter, signer ou vérifier le journal"),
    "console": gettext_lazy("attendre des sondes, les lister, les révoquer, échanger avec elles par clé USB"),
    "user": gettext_lazy("ajouter, lister ou désactiver qui utilise la console"),
}
_HIDDEN = ("job", "loop", "door", "events", "watch", "migrate", "makemigrations", "check", "shell")
USAGE_ERROR = 2


def run(arguments: list[str]) -> int:
    """Run one verb; returns the exit status. Verbs exit by themselves with other codes."""
    django.setup()
    language.speak()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0
    if arguments[0] not in (*VERBS, *_HIDDEN):
        unknown = _("Aucun verbe « %(name)s ».") % {"name": arguments[0]}
        sys.stderr.write(f"{unknown}\n\n{_usage()}")
        return USAGE_ERROR
    execute_from_command_line(["negatoscope", *arguments])
    return 0


def _usage() -> str:
    lines = (f"  {verb:<10} {what}" for verb, what in VERBS.items())
    return _("usage : negatoscope [--data DOSSIER] VERBE …") + "\n\n" + "\n".join(lines) + "\n"
