"""Sites, rooms, doors and network sockets."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named


class DoorControl(StrEnum):
    """What stands between a door and whoever wants to pass it."""

    FREE = "free"
    """Nothing: whoever comes may enter."""
    KEY = "key"
    CODE = "code"
    BADGE = "badge"
    BADGE_AND_CODE = "badge_and_code"
    INTERCOM = "intercom"
    """Somebody inside opens."""


@dataclass(frozen=True, slots=True)
class Site:
    """One of the places where the practice works."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    address: str | None = None
    manager: Ref | None = None
    """The person answerable for the premises."""
    phone: str | None = None

    @property
    def ref(self) -> Ref:
        """``site/<name>``."""
        return named("site", self.name)


@dataclass(frozen=True, slots=True)
class Room:
    """A room, corridor or cupboard; what it is for, and whether patients may be there alone."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    public: bool | None = None
    """Patients or visitors may be there without anybody of the practice."""
    site: Ref | None = None
    purpose: str | None = None

    @property
    def ref(self) -> Ref:
        """``room/<name>``."""
        return named("room", self.name)


@dataclass(frozen=True, slots=True)
class Door:
    """A door, how it is held shut, and when somebody last tried it."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    room: Ref | None = None
    """The room that it leads into, on its protected side."""
    control: DoorControl | None = None
    badge: str | None = None
    """Technology of the badge: ``MIFARE DESFire EV2``."""
    tested_on: date | None = None
    """When somebody last tried to pass without the right to."""
    held: bool | None = None
    """What that test showed: the door stayed shut."""

    @property
    def ref(self) -> Ref:
        """``door/<name>``."""
        return named("door", self.name)


@dataclass(frozen=True, slots=True)
class Socket:
    """A network socket in a wall, as people see it; whether it is live is an instrument's word in the end."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """What is written on it: ``2.14``."""
    room: Ref | None = None
    port: str | None = None
    """Where its cable ends: switch and port, or the patch panel's number."""
    live: bool | None = None
    used_by: str | None = None
    """What is plugged in: a printer, a screen, a camera."""

    @property
    def ref(self) -> Ref:
        """``socket/<name>``."""
        return named("socket", self.name)


_CONTROLS = {
    DoorControl.FREE: Words("libre", "free"),
    DoorControl.KEY: Words("clé", "key"),
    DoorControl.CODE: Words("code", "code"),
    DoorControl.BADGE: Words("badge", "badge"),
    DoorControl.BADGE_AND_CODE: Words("badge et code", "badge and code"),
    DoorControl.INTERCOM: Words("interphone", "intercom"),
}
_ALSO_CONTROLS = {
    "aucun": DoorControl.FREE, "ouverte": DoorControl.FREE, "none": DoorControl.FREE, "open": DoorControl.FREE,
    "cle": DoorControl.KEY, "serrure": DoorControl.KEY, "lock": DoorControl.KEY, "digicode": DoorControl.CODE,
    "clavier": DoorControl.CODE, "keypad": DoorControl.CODE, "carte": DoorControl.BADGE, "card": DoorControl.BADGE,
    "visiophone": DoorControl.INTERCOM, "gache": DoorControl.INTERCOM,
}  # fmt: skip

SITES = Family(
    "sites",
    Site,
    (
        Column("name", "Site", "Site", ("nom", "name", "nom du site", "lieu", "place"), required=True, width=28,
               note=Words("Nom court, celui que tout le monde emploie.", "The short name that everybody uses."),
               example=Words("Centre-ville", "Town centre")),
        Column("address", "Adresse", "Address", ("adresse postale",), width=44,
               note=Words("Adresse postale.", "Postal address."), example="12 rue des Tilleuls, 31000 Toulouse"),
        Column("manager", "Responsable", "Manager", ("responsable du site", "gérant"), Shape.LINK, to=("Person",),
               note=Words("Identifiant ou nom exact d’une personne de la liste du personnel.",
                          "Identifier or exact name of somebody in the staff list."), example="martin.claire"),
        Column("phone", "Téléphone", "Phone", ("tel", "tél.", "telephone"), Shape.PHONE,
               note=Words("Numéro du site.", "Number of the site."), example="05 61 00 00 00"),
    ),
    Words("Sites", "Sites"), Words("un site", "a site"),
    Words("Les lieux où le cabinet travaille.", "The places where the practice works."),
    group="premises",
)  # fmt: skip

ROOMS = Family(
    "rooms",
    Room,
    (
        Column("name", "Pièce", "Room", ("salle", "local", "nom", "name", "zone"), required=True, width=30,
               note=Words("Nom de la pièce, du couloir ou du placard technique.",
                          "Name of the room, corridor or technical cupboard."),
               example=Words("Salle d’attente", "Waiting room")),
        Column("public", "Ouverte au public", "Open to the public", ("public", "publique", "accès public"), Shape.YES,
               width=18,
               note=Words("oui si un patient peut s’y trouver seul.", "yes if a patient may be there alone."),
               example=Words("oui", "yes")),
        Column("site", "Site", "Site", ("lieu", "place"), Shape.LINK, to=("Site",),
               note=Words("Seulement si vous avez plusieurs sites.", "Only if you have several sites."), example=""),
        Column("purpose", "Usage", "Use", ("utilisation", "purpose", "rôle"), width=34,
               note=Words("À quoi elle sert.", "What it is for."), example=Words("Accueil des patients",
                                                            "Receiving patients")),
    ),
    Words("Pièces", "Rooms"), Words("une pièce", "a room"),
    Words("Elles disent où le public peut aller.", "They say where the public may go."),
    group="premises",
)  # fmt: skip

DOORS = Family(
    "doors",
    Door,
    (
        Column("name", "Porte", "Door", ("nom", "name", "accès"), required=True, width=30,
               note=Words("Nom de la porte.", "Name of the door."), example=Words("Porte du local technique",
                                                            "Technical room door")),
        Column("room", "Pièce protégée", "Protected room", ("pièce", "room", "salle", "local", "zone"), Shape.LINK,
               to=("Room",), width=28,
               note=Words("La pièce où mène la porte, telle qu’écrite dans la liste des pièces.",
                          "The room that it leads into, as written in the list of rooms."),
               example=Words("Local technique", "Technical room")),
        Column("control", "Fermeture", "Lock", ("contrôle", "contrôle d’accès", "access control", "control", "moyen"),
               Shape.CHOICE,
               choices=_CONTROLS, also_chosen=_ALSO_CONTROLS, width=18,
               note=Words("libre, clé, code, badge, badge et code ou interphone.",
                          "free, key, code, badge, badge and code or intercom."),
               example=Words("badge", "badge")),
        Column("badge", "Technologie du badge", "Badge technology", ("technologie", "type de badge", "badge type"),
               width=26,
               note=Words("Demandez-la à l’installateur.", "Ask the installer."), example="MIFARE DESFire EV2"),
        Column("tested_on", "Essayée le", "Tested on", ("dernier essai", "test", "date du test", "tested"), Shape.DAY,
               width=14,
               note=Words("Jour où quelqu’un a essayé d’entrer sans en avoir le droit.",
                          "Day when somebody tried to enter without the right to."),
               example="15/10/2026"),
        Column("held", "A tenu", "Held", ("essai réussi", "test réussi", "passed", "résultat"), Shape.YES, width=10,
               note=Words("oui si la porte est restée fermée.", "yes if the door stayed shut."), example=Words("oui",
                                                            "yes")),
    ),
    Words("Portes", "Doors"), Words("une porte", "a door"),
    Words("Chaque porte d’une pièce privée ferme, et on l’a essayée.",
          "Each door of a private room shuts, and somebody tried it."),
    group="premises",
)  # fmt: skip

SOCKETS = Family(
    "sockets",
    Socket,
    (
        Column("name", "Prise", "Socket", ("numéro", "repère", "nom", "name", "number"), required=True,
               note=Words("Le repère écrit sur la prise.", "The mark written on the socket."), example="2.14"),
        Column("room", "Pièce", "Room", ("salle", "local"), Shape.LINK, to=("Room",), width=28,
               note=Words("La pièce, telle qu’écrite dans la liste des pièces.",
                          "The room, as written in the list of rooms."),
               example=Words("Salle d’attente", "Waiting room")),
        Column("port", "Port du commutateur", "Switch port", ("port", "brassage", "baie", "patch"), width=28,
               note=Words("Où arrive le câble.", "Where the cable ends."), example="SW1 / 14"),
        Column("live", "Active", "Live", ("en service", "vivante", "enabled"), Shape.YES, width=10,
               note=Words("oui si elle donne du réseau.", "yes if it gives network."), example=Words("non", "no")),
        Column("used_by", "Ce qui y est branché", "What is plugged in", ("branché", "appareil", "device", "usage"),
               width=30,
               note=Words("Imprimante, écran, caméra, téléphone…", "Printer, screen, camera, phone…"),
               example=Words("Écran d’affichage", "Display screen")),
    ),
    Words("Prises réseau", "Network sockets"), Words("une prise réseau", "a network socket"),
    Words("Celles des lieux publics ne doivent mener nulle part.", "Those in public places must lead nowhere."),
    group="premises",
)  # fmt: skip

FAMILIES = (SITES, ROOMS, DOORS, SOCKETS)
