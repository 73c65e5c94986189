"""What codes of Sigma rules are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negatoscope.flows.rulebook import State
from negatoscope.watch.detection import Level
from negatoscope.watch.sigma.tree import Source
from negatoscope.web.labels import label

Text = str | Promise
STATES: Mapping[str, Text] = {
    State.RUNS: gettext_lazy("en service"),
    State.WAITS: gettext_lazy("en attente d’une source"),
    State.CANNOT: gettext_lazy("impossible ici"),
    State.OFF: gettext_lazy("à l’arrêt"),
}
LEVELS: Mapping[str, Text] = {
    Level.CRITICAL: gettext_lazy("critique"),
    Level.HIGH: gettext_lazy("haute"),
    Level.MEDIUM: gettext_lazy("moyenne"),
    Level.LOW: gettext_lazy("basse"),
    Level.INFORMATIONAL: gettext_lazy("pour information"),
}
WHY: Mapping[str, Text] = {
    "unmapped": gettext_lazy("parle d’une source que la console ne sait pas encore lire"),
    "no_yaml": gettext_lazy("n’est pas du YAML bien écrit"),
    "no_rules": gettext_lazy("est vide"),
    "no_id": gettext_lazy("n’a pas d’identifiant"),
    "unreadable": gettext_lazy("n’est pas une règle que l’on puisse lire"),
    "placeholder": gettext_lazy("attend une liste à remplir soi-même (expand)"),
    "modifier": gettext_lazy("emploie un modificateur inconnu"),
    "condition": gettext_lazy("a une condition qui ne se lit pas"),
    "correlation": gettext_lazy("est une corrélation d’une sorte inconnue"),
    "missing_rule": gettext_lazy("compte une règle qui n’est pas là"),
    "filter": gettext_lazy("est un filtre : la console ne les applique pas"),
    "twice": gettext_lazy("porte l’identifiant d’une autre règle"),
    "too_large": gettext_lazy("est un fichier trop gros"),
    "costly": gettext_lazy("a une expression régulière qui demande trop de calcul"),
    "too_deep": gettext_lazy("est imbriquée trop profond"),
}
REMEDIES: Mapping[str, Text] = {
    "unmapped": gettext_lazy("Corrigez « logsource » : un produit que la console lit, comme windows ou linux."),
    "unreadable": gettext_lazy("Une règle a un titre, « logsource » et « detection » avec une condition."),
    "no_yaml": gettext_lazy("Vérifiez les retraits, les deux-points et les guillemets de cette ligne."),
    "no_rules": gettext_lazy("Écrivez une règle entière : titre, « logsource », « detection »."),
    "no_id": gettext_lazy("Ajoutez une ligne « id: » et un identifiant unique (UUID) : il suit ses versions."),
    "placeholder": gettext_lazy("Remplacez %liste% et le modificateur « expand » par les valeurs elles-mêmes."),
    "modifier": gettext_lazy("Gardez les modificateurs du format Sigma : contains, startswith, endswith, re, cidr…"),
    "condition": gettext_lazy("La condition nomme des parties écrites au-dessus, avec and, or, not, 1 of, all of."),
    "correlation": gettext_lazy("Quatre sortes sont connues : event_count, value_count, temporal, temporal_ordered."),
    "missing_rule": gettext_lazy("Écrivez dans le même texte la règle comptée, séparée par une ligne « --- »."),
    "filter": gettext_lazy("Écrivez ce qu’il laisse de côté dans la condition de la règle."),
    "twice": gettext_lazy("Donnez-lui un autre identifiant, ou suspendez l’autre règle."),
    "too_large": gettext_lazy("Une règle tient en moins de 1 Mio."),
    "costly": gettext_lazy("Raccourcissez l’expression régulière, surtout ses répétitions."),
    "too_deep": gettext_lazy("Écrivez la règle plus simplement, avec moins de parenthèses et de listes."),
}
"""How to mend a rule of one's own."""
PRODUCTS: Mapping[str, str] = {
    "windows": "Windows", "linux": "Linux", "m365": "Microsoft 365", "fortigate": "FortiGate", "squid": "Squid",
    "apache": "Apache", "nginx": "nginx", "samba": "Samba", "dovecot": "Dovecot", "postfix": "Postfix",
    "orthanc": "Orthanc", "macos": "macOS", "aws": "AWS", "azure": "Azure", "okta": "Okta", "github": "GitHub",
}  # fmt: skip
KINDS: Mapping[str, Text] = {
    "process_creation": gettext_lazy("programmes lancés"),
    "process_access": gettext_lazy("accès d’un programme à un autre"),
    "file_event": gettext_lazy("fichiers créés"),
    "file_delete": gettext_lazy("fichiers effacés"),
    "registry_set": gettext_lazy("valeurs écrites au registre de Windows"),
    "registry_event": gettext_lazy("changements du registre de Windows"),
    "image_load": gettext_lazy("bibliothèques chargées"),
    "driver_load": gettext_lazy("pilotes chargés"),
    "network_connection": gettext_lazy("connexions au réseau"),
    "dns_query": gettext_lazy("questions au DNS"),
    "ps_script": gettext_lazy("scripts PowerShell"),
    "ps_module": gettext_lazy("modules PowerShell"),
    "pipe_created": gettext_lazy("canaux entre programmes"),
    "webserver": gettext_lazy("serveur Web"),
    "proxy": gettext_lazy("proxy"),
    "dns": gettext_lazy("DNS"),
    "firewall": gettext_lazy("pare-feu"),
    "antivirus": gettext_lazy("antivirus"),
    "security": gettext_lazy("journal de sécurité"),
    "system": gettext_lazy("journal du système"),
    "application": gettext_lazy("journal des applications"),
}
"""Categories and services that many rules name; the others by Sigma's own name."""


def source_label(source: Source | None) -> str:
    """A log source in words, the product first."""
    if source is None:
        return ""
    product = PRODUCTS.get(source.product or "", source.product or "")
    kinds = [label(KINDS, one) for one in (source.service, source.category) if one]
    return " · ".join([*([product] if product else []), *kinds]) or _("toutes les sources")


def why_label(code: str, values: Mapping[str, str]) -> str:
    """Why a rule cannot run, with what it says of itself where that helps."""
    said = label(WHY, code)
    detail = values.get("error") or values.get("condition") or values.get("name") or values.get("rule")
    return f"{said} ({detail})" if detail else said
