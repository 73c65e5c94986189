"""What codes of looks at services from afar are called on a page: TLS, factory log-ins, reach from a place."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
FIELDS: Mapping[str, Text] = {
    "certificate_from": _("certificat valable à partir du"),
    "pair": _("identifiant d’usine"),
    "works": _("fonctionne encore"),
    "every_version": _("toutes les versions de TLS essayées"),
    "key_bits": _("taille de la clé (bits)"),
    "names": _("noms du certificat"),
    "self_signed": _("certificat signé par lui-même"),
    "signature": _("signature du certificat"),
    "trusted": _("signé par une autorité connue"),
    "upgraded": _("passe du clair à TLS en"),
    "versions": _("versions de TLS acceptées"),
}
COLLECTORS: Mapping[str, Text] = {
    "tls": _("Chiffrement (TLS)"),
    "vantage": _("Essai d’accès"),
    "defaults": _("Mots de passe d’usine"),
}
COLLECTOR_HELP: Mapping[str, Text] = {
    "tls": _(
        "Demande à chaque service déjà aperçu quelles versions de TLS il accepte, et lit le certificat qu’il montre. "
        "Rien d’autre ne lui est dit. Les ports d’imagerie et ceux qui impriment ne sont jamais essayés."
    ),
    "defaults": _(
        "Essaie les identifiants que les constructeurs publient, sur les seuls équipements qu’une personne a "
        "autorisés : deux essais au plus par service, à un jour au moins l’un de l’autre, jamais sur une modalité. "
        "Aucun mot de passe n’est gardé."
    ),
    "vantage": _(
        "Essaie, d’où se trouve la console, ce qui répond dans un réseau : les pages d’administration, les services. "
        "Rien n’est demandé que la première page. Pour essayer depuis Internet, lancez « negatoscope vantage » sur un "
        "ordinateur dehors, puis importez son fichier."
    ),
}
SETTINGS: Mapping[str, Text] = {
    "origin": _("D’où part l’essai (facultatif)"),
    "authority": _("Certificats connus de vos postes (facultatif)"),
}
SETTING_HELP: Mapping[str, Text] = {
    "origin": _("Vide : le réseau où se trouve la console. Écrivez « internet » si elle est dehors."),
    "authority": _("Collez ici l’autorité du cabinet, ou un certificat que vos postes connaissent, au format PEM."),
}
