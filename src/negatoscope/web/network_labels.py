"""What codes of the network are called on a page: ports, radio networks, flows, ways in and out."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.model.gateways import Tunnel
from negatoscope.model.mail import Means
from negatoscope.model.switching import Place, WifiSecurity

Text = str | Promise
FIELDS: Mapping[str, Text] = {
    "address": _("adresse"),
    "administers": _("sert à administrer"),
    "alias": _("intitulé du port"),
    "answered": _("réponse vue"),
    "answers": _("répond en clair"),
    "authenticated": _("demande une authentification (802.1X)"),
    "by": _("aperçu par"),
    "certificates": _("certificat ou clé par personne"),
    "chains": _("lignes du pare-feu"),
    "chassis": _("appareil voisin"),
    "code": _("code à taper à l’imprimante"),
    "complete": _("essai mené à son terme"),
    "description": "description",
    "destination": "destination",
    "digest": _("empreinte"),
    "device": _("imprimante servie"),
    "exporter": _("source des flux"),
    "external": _("adresse vue d’Internet"),
    "external_port": _("port ouvert vers Internet"),
    "internal": _("mène à"),
    "internal_port": _("port intérieur"),
    "nat_pmp": _("ouvre des ports à la demande (NAT-PMP)"),
    "remote": _("ouvert à"),
    "upnp": _("ouvre des ports à la demande (UPnP)"),
    "families": _("versions d’IP"),
    "first": _("premier échange"),
    "first_seen": _("aperçu la première fois"),
    "flows": _("nombre d’échanges"),
    "gateway": _("passerelle"),
    "held": _("attend la personne"),
    "can_hold": _("sait attendre la personne"),
    "guest": _("réservé aux invités"),
    "index": _("numéro du port"),
    "interface": _("carte réseau"),
    "interfaces": "interfaces",
    "isolated": _("stations isolées entre elles"),
    "key": _("clé publique"),
    "known_devices": _("ordinateurs du cabinet seulement"),
    "last": _("dernier échange"),
    "last_seen": _("aperçu la dernière fois"),
    "linked": _("appareil branché"),
    "lost": _("enregistrements perdus"),
    "days_lost": _("jours dont les journaux manquent"),
    "days_over": _("jours gardés au-delà de leur durée"),
    "domain": _("domaine d’arrivée"),
    "domains": _("domaines"),
    "keeps_copy": _("une copie reste"),
    "mailbox": _("boîte"),
    "mailboxes": _("boîtes lues"),
    "maker": _("fabricant de la carte"),
    "made_at": _("faite le"),
    "made_by": _("faite par"),
    "means": _("moyen du renvoi"),
    "rules_read": _("règles des personnes lues"),
    "settings_read": _("réglages du serveur lus"),
    "network": _("réseau"),
    "networks": _("réseaux"),
    "octets": _("octets échangés"),
    "octets_out": _("octets envoyés"),
    "origin": _("depuis"),
    "peers": _("qui peut entrer"),
    "ports": "ports",
    "published": _("répond au nom d’usine"),
    "recipients": _("clés qui l’ouvrent"),
    "records": _("enregistrements"),
    "remote_port": _("port du voisin"),
    "routes": _("chemins"),
    "sampled": _("un paquet compté sur"),
    "second_factor": _("second facteur demandé"),
    "security": "protection",
    "shared_secret": _("secret commun à tous"),
    "source": _("qui commence"),
    "ssid": _("nom du réseau Wi-Fi"),
    "stations": _("appareils derrière ce port"),
    "system": _("nom du système"),
    "tagged": _("VLAN étiquetés"),
    "target": _("qui répond"),
    "translations": _("traductions d’adresses"),
    "tunnel": _("sorte de tunnel"),
    "vlan": "VLAN",
    "weak": _("réglages trop faibles"),
    "where": _("lieu"),
    "wps": _("entrée par bouton (WPS)"),
}
VALUES: Mapping[type[StrEnum], Mapping[str, Text]] = {
    Place: {
        Place.PORT: _("port d’un commutateur"),
        Place.WIFI: "Wi-Fi",
        Place.LEASE: _("attribution d’adresse (DHCP)"),
        Place.ARP: _("table de voisinage (ARP)"),
    },
    WifiSecurity: {
        WifiSecurity.OPEN: _("ouvert"),
        WifiSecurity.WEP: "WEP",
        WifiSecurity.WPA: "WPA",
        WifiSecurity.WPA2_PERSONAL: _("WPA2, mot de passe commun"),
        WifiSecurity.WPA3_PERSONAL: _("WPA3, mot de passe commun"),
        WifiSecurity.ENTERPRISE: _("par personne (802.1X)"),
    },
    Means: {
        Means.SIEVE: _("règle de tri (Sieve)"),
        Means.FORWARD_FILE: _("fichier .forward"),
        Means.ALIASES: _("alias du serveur"),
        Means.VIRTUAL: _("adresse virtuelle du serveur"),
        Means.INBOX_RULE: _("règle de la boîte"),
        Means.MAILBOX: _("réglage de la boîte"),
    },
    Tunnel: {
        Tunnel.OPENVPN: "OpenVPN",
        Tunnel.IPSEC: "IPsec",
        Tunnel.WIREGUARD: "WireGuard",
        Tunnel.SSL: _("tunnel TLS"),
    },
}
COLLECTORS: Mapping[str, Text] = {
    "firewall": _("Pare-feu et accès distants"),
    "flows": _("Flux du réseau"),
    "leases": _("Baux DHCP et voisinage (ARP)"),
    "wifi": _("Bornes Wi-Fi"),
    "mail": _("Messagerie"),
    "snmp": _("Appareils réseau et imprimantes (SNMP)"),
    "ipp": _("Files d’impression"),
    "upnp": _("Ports ouverts par le routeur (UPnP)"),
}
COLLECTOR_HELP: Mapping[str, Text] = {
    "firewall": _(
        "Lit les règles d’un pare-feu et les accès distants dans les fichiers que vous déposez : pfSense, OPNsense, "
        "FortiGate, nftables, iptables, OpenVPN, WireGuard, IPsec. Les secrets n’entrent jamais."
    ),
    "flows": _(
        "Dit qui parle à qui, d’après ce que votre routeur ou votre pare-feu exporte (NetFlow, IPFIX), ou d’après une "
        "table de flux que vous déposez. Le contenu des échanges n’est jamais vu."
    ),
    "leases": _("Lit qui a reçu une adresse ou parlé près d’un équipement, dans les fichiers que vous déposez."),
    "wifi": _("Lit les réseaux Wi-Fi dans les réglages de vos bornes, que vous déposez."),
    "mail": _("Lit quels messages sont renvoyés ailleurs, dans les listes de la messagerie que vous déposez."),
    "ipp": _(
        "Demande aux imprimantes si un document attend que la personne soit devant elles. Rien n’est imprimé. Seuls "
        "les équipements dont la classe est connue sont interrogés."
    ),
    "upnp": _(
        "Demande au routeur quels ports des appareils du cabinet lui ont fait ouvrir vers Internet (UPnP, NAT-PMP). "
        "Rien n’est ouvert ni fermé. Seuls les routeurs et les équipements dont la classe est connue sont interrogés."
    ),
    "snmp": _(
        "Demande aux commutateurs, aux routeurs et aux imprimantes ce qu’ils sont, ce qui est branché sur chaque port "
        "et par où ils sortent. Rien n’est modifié. Dit aussi qui répond en clair. Une modalité n’est jamais "
        "interrogée sans accord enregistré."
    ),
}
SETTINGS: Mapping[str, Text] = {
    "host_seconds": _("Durée maximale par appareil (secondes)"),
}
SETTING_HELP: Mapping[str, Text] = {}
