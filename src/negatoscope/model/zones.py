"""How the network is meant to be cut up, and where it meets the outside. What it is in truth, instruments say."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


class ZoneKind(StrEnum):
    """What a zone is for."""

    INTERNET = "internet"
    DMZ = "dmz"
    USERS = "users"
    IMAGING = "imaging"
    SERVERS = "servers"
    ADMINISTRATION = "administration"
    GUEST = "guest"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Zone:
    """Networks that are meant to be kept together, and apart from the others."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    kind: ZoneKind | None = None
    networks: tuple[str, ...] | None = None
    """In CIDR notation."""
    site: Ref | None = None
    gateway: str | None = None
    """What stands at its border."""
    vlan: int | None = None
    """Its number on the switches, where it has one."""

    @property
    def ref(self) -> Ref:
        """``zone/<name>``."""
        return named("zone", self.name)


@dataclass(frozen=True, slots=True)
class InternetAccess:
    """A way out to the Internet that the practice knows of."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """Line number or name."""
    site: Ref | None = None
    operator: str | None = None
    router: str | None = None
    reason: str | None = None
    """Why it is needed."""
    addresses: tuple[str, ...] | None = None
    """Its public addresses, in CIDR notation: where the Internet meets the practice."""

    @property
    def ref(self) -> Ref:
        """``internetaccess/<name>``."""
        return named("internetaccess", self.name)


@dataclass(frozen=True, slots=True)
class Partner:
    """A link with the information system of somebody else: a hospital, a laboratory, a remote reader."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    means: str | None = None
    """VPN, leased line, web portal."""
    reason: str | None = None
    reviewed_on: date | None = None
    """When somebody last looked whether it is still needed."""
    networks: tuple[str, ...] | None = None
    """What lies behind it, in CIDR notation: how a firewall's routes and tunnels are known to be this link."""

    @property
    def ref(self) -> Ref:
        """``partner/<name>``."""
        return named("partner", self.name)


@dataclass(frozen=True, slots=True)
class AllowedFlow:
    """What one zone may say to another; whatever no line allows is meant to be refused."""

    SCOPE: ClassVar[Scope] = "practice"

    source: Ref
    """The zone that begins."""
    target: Ref
    """The zone that answers; the zones of kind Internet stand for all that is outside."""
    service: str
    """``tcp/104``, ``tcp/11112,2762``, ``udp/53``, ``icmp``, ``any``."""
    purpose: str | None = None
    starts_on: date | None = None
    until: date | None = None
    """The last day."""

    @property
    def ref(self) -> Ref:
        """``allowedflow/<source>/<target>/<service>``."""
        return named("allowedflow", rest(self.source), rest(self.target), self.service)


ZONES = Family(
    "zones",
    Zone,
    (
        Column("name", "Zone", "Zone", ("nom", "name"), required=True, width=26, note=Words("Nom de la zone.",
                                                            "Name of the zone."),
               example=Words("Imagerie", "Imaging")),
        Column("kind", "Genre", "Kind", ("type", "usage"), Shape.CHOICE, width=18,
               choices={ZoneKind.INTERNET: Words("Internet", "internet"), ZoneKind.DMZ: Words("serveurs publics",
                                                            "public servers"),
                        ZoneKind.USERS: Words("postes", "computers"), ZoneKind.IMAGING: Words("imagerie", "imaging"),
                        ZoneKind.SERVERS: Words("serveurs", "servers"),
                        ZoneKind.ADMINISTRATION: Words("administration", "administration"),
                        ZoneKind.GUEST: Words("invités", "guests"), ZoneKind.PUBLIC: Words("public", "public")},
               also_chosen={"dmz": ZoneKind.DMZ, "utilisateurs": ZoneKind.USERS, "modalites": ZoneKind.IMAGING},
               note=Words("À quoi elle sert.", "What it is for."), example=Words("imagerie", "imaging")),
        Column("networks", "Réseaux", "Networks", ("réseau", "network", "adresses", "cidr"), Shape.NETWORKS, width=34,
               note=Words("Séparés par des points-virgules.", "Separated by semicolons."),
               example="10.77.0.0/24 ; 10.78.0.0/24"),
        Column("site", "Site", "Site", ("lieu", "place"), Shape.LINK, to=("Site",),
               note=Words("Seulement si vous avez plusieurs sites.", "Only if you have several sites."), example=""),
        Column("gateway", "Passerelle", "Gateway", ("pare-feu", "firewall", "routeur"), width=26,
               note=Words("Ce qui la sépare des autres.", "What separates it from the others."), example="fw-1"),
        Column("vlan", "VLAN", "VLAN", ("numéro de vlan", "vlan id"), Shape.COUNT, width=10,
               note=Words("Son numéro sur les commutateurs, s’il y en a un.", "Its number on the switches, if any."),
               example="20"),
    ),
    Words("Zones du réseau", "Network zones"), Words("une zone", "a zone"),
    Words("Comment le réseau doit être découpé ; la mesure dira s’il l’est.",
          "How the network is meant to be cut up; measuring will tell whether it is."),
    group="network",
)  # fmt: skip

INTERNET_ACCESSES = Family(
    "internet-accesses",
    InternetAccess,
    (
        Column("name", "Accès", "Access", ("ligne", "line", "nom", "name"), required=True, width=26,
               note=Words("Nom ou numéro de la ligne.", "Name or number of the line."),
               example=Words("Fibre principale", "Main fibre")),
        Column("site", "Site", "Site", ("lieu", "place"), Shape.LINK, to=("Site",),
               note=Words("Seulement si vous avez plusieurs sites.", "Only if you have several sites."), example=""),
        Column("operator", "Opérateur", "Operator", ("fournisseur", "fai", "isp"), width=24,
               note=Words("Qui fournit la ligne.", "Who provides the line."), example="Opérateur du Midi"),
        Column("router", "Routeur", "Router", ("box", "modem"), width=24, note=Words("L’appareil au bout.",
                                                            "The device at its end."), example="box-1"),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi", "usage"), Shape.NOTE, width=40,
               note=Words("Pourquoi il le faut.", "Why it is needed."),
               example=Words("Télétransmission et messagerie", "Claims and mail")),
        Column("addresses", "Adresses publiques", "Public addresses", ("adresse publique", "adresse ip", "ip publique",
                                                            "public address"), Shape.NETWORKS, width=30,
               note=Words("L’adresse vue d’Internet ; votre opérateur la connaît.",
                          "The address seen from the Internet; your operator knows it."), example="203.0.113.10/32"),
    ),
    Words("Accès à Internet", "Internet accesses"), Words("un accès à Internet", "an Internet access"),
    Words("Chaque sortie connue, et sa raison d’être.", "Each way out that is known, and why it is there."),
    group="network",
)  # fmt: skip

PARTNERS = Family(
    "partners",
    Partner,
    (
        Column("name", "Partenaire", "Partner", ("nom", "name", "établissement", "liaison"), required=True, width=30,
               note=Words("L’établissement relié.", "The body linked."), example=Words("Hôpital du Port",
                                                            "Port Hospital")),
        Column("means", "Moyen", "Means", ("par", "vpn", "type"), width=24, note=Words("VPN, ligne louée, portail…",
                                                            "VPN, leased line, portal…"), example="VPN"),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi"), Shape.NOTE, width=40,
               note=Words("Ce qui passe par là.", "What goes through it."),
               example=Words("Échange d’examens", "Exchange of studies")),
        Column("reviewed_on", "Revue le", "Reviewed on", ("relue le", "dernière revue"), Shape.DAY, width=14,
               note=Words("Jour où l’on a vérifié qu’elle sert encore.",
                          "Day on which somebody checked that it still serves."), example="01/09/2026"),
        Column("networks", "Réseaux", "Networks", ("réseau", "network", "adresses", "cidr"), Shape.NETWORKS, width=34,
               note=Words("Ceux du partenaire, tels que le pare-feu les nomme ; rien pour un portail web.",
                          "The partner’s, as the firewall names them; nothing for a web portal."),
               example="172.20.0.0/16"),
    ),
    Words("Liaisons avec des partenaires", "Partner links"), Words("une liaison", "a link"),
    Words("Chaque liaison avec le réseau de quelqu’un d’autre.", "Each link with somebody else’s network."),
    group="network",
)  # fmt: skip

ALLOWED_FLOWS = Family(
    "allowed-flows",
    AllowedFlow,
    (
        Column("source", "De la zone", "From zone", ("source", "zone source", "source zone"), Shape.LINK, to=("Zone",),
               required=True, width=26,
               note=Words("La zone qui commence l’échange.", "The zone that begins."), example=Words("Imagerie",
                                                            "Imaging")),
        Column("target", "Vers la zone", "To zone", ("cible", "destination", "zone cible", "target zone"), Shape.LINK,
               to=("Zone",), required=True, width=26,
               note=Words("La zone qui répond.", "The zone that answers."), example=Words("Serveurs", "Servers")),
        Column("service", "Service", "Service", ("port", "ports", "protocole", "protocol"), Shape.SERVICE,
               required=True, width=22,
               note=Words("Protocole et ports : tcp/104, tcp/443,8443, udp/53, icmp ou any.",
                          "Protocol and ports: tcp/104, tcp/443,8443, udp/53, icmp or any."), example="tcp/11112"),
        Column("purpose", "Raison", "Reason", ("motif", "pourquoi", "usage", "purpose"), Shape.NOTE, width=40,
               note=Words("Ce qui passe par là.", "What goes through it."),
               example=Words("Envoi des images au PACS", "Images sent to the PACS")),
        Column("starts_on", "À partir du", "Starts on", ("début", "start"), Shape.DAY, width=14,
               note=Words("Laissez vide si cela vaut déjà.", "Leave empty if it holds already."), example=""),
        Column("until", "Jusqu’au", "Until", ("fin", "échéance", "end"), Shape.DAY, width=14,
               note=Words("Dernier jour ; laissez vide si rien ne l’arrête.",
                          "Last day; leave empty if nothing ends it."), example=""),
    ),
    Words("Flux autorisés", "Allowed flows"), Words("un flux autorisé", "an allowed flow"),
    Words("Ce que chaque zone peut dire aux autres ; le reste doit être refusé.",
          "What each zone may say to the others; the rest must be refused."),
    key=("source", "target", "service"),
    group="network",
    order=(("starts_on", "until"),),
)  # fmt: skip

FAMILIES = (ZONES, INTERNET_ACCESSES, PARTNERS, ALLOWED_FLOWS)
