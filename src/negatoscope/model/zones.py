"""How the network is meant to be cut up, and where it meets the outside. What it is in truth, instruments say."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named


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

    @property
    def ref(self) -> Ref:
        """``partner/<name>``."""
        return named("partner", self.name)


ZONES = Family(
    "zones",
    Zone,
    (
        Column("name", "Zone", "Zone", ("nom", "name", "vlan"), required=True, width=26, note=Words("Nom de la zone.",
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
    ),
    Words("Liaisons avec des partenaires", "Partner links"), Words("une liaison", "a link"),
    Words("Chaque liaison avec le réseau de quelqu’un d’autre.", "Each link with somebody else’s network."),
    group="network",
)  # fmt: skip

FAMILIES = (ZONES, INTERNET_ACCESSES, PARTNERS)
