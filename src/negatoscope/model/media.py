"""Printers; media taken out of use; and who may plug in a removable medium all the same."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


class MediumState(StrEnum):
    """Where a medium taken out of use is now."""

    STORED = "stored"
    RETURNED = "returned"
    """Given back to its lessor or maker."""
    DESTROYED = "destroyed"
    DISCARDED = "discarded"
    """Thrown away as it was."""
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer or copier: what people see of it. How it prints is an instrument's word."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    host: Ref | None = None
    room: Ref | None = None
    held_release: bool | None = None
    """It waits for the person before printing."""
    disk: bool | None = None
    """It keeps what it prints on a disk of its own."""
    owner: str | None = None
    """The practice, or the lessor's name."""

    @property
    def ref(self) -> Ref:
        """``printer/<name>``."""
        return named("printer", self.name)


@dataclass(frozen=True, slots=True)
class Medium:
    """A disk, tape, stick or disc that left use, followed until its end."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """Serial number, or the label stuck on it."""
    came_from: str | None = None
    removed_on: date | None = None
    state: MediumState | None = None
    kept_at: str | None = None
    """Where it waits."""
    ended_on: date | None = None
    """When it was destroyed or given back."""
    certificate: str | None = None
    """Number or name of the certificate of destruction or erasure."""

    @property
    def ref(self) -> Ref:
        """``medium/<name>``."""
        return named("medium", self.name)


@dataclass(frozen=True, slots=True)
class MediaException:
    """A host on which removable media stay usable, for whom, why and until when; it changes no verdict on it."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    person: Ref | None = None
    reason: str | None = None
    until: date | None = None
    """The last day."""

    @property
    def ref(self) -> Ref:
        """``mediaexception/<host>``."""
        return named("mediaexception", rest(self.host))


PRINTERS = Family(
    "printers",
    Printer,
    (
        Column("name", "Imprimante", "Printer", ("nom", "name", "copieur", "copier"), required=True, width=28,
               note=Words("Le nom que l’équipe emploie.", "The name that the team uses."),
               example=Words("Copieur de l’accueil", "Desk copier")),
        Column("host", "Équipement", "Host", ("adresse", "nom réseau"), Shape.LINK, to=("Host",), width=24,
               note=Words("Nom ou adresse, comme sur la page Équipements.", "Name or address, as on the Hosts page."),
               example="imp-accueil"),
        Column("room", "Pièce", "Room", ("lieu", "salle", "emplacement", "location"), Shape.LINK, to=("Room",),
               width=26,
               note=Words("Telle qu’écrite dans la liste des pièces.", "As written in the list of rooms."),
               example=Words("Salle d’attente", "Waiting room")),
        Column("held_release", "Impression retenue", "Held release", ("retenue", "code", "badge", "held"), Shape.YES,
               width=20,
               note=Words("oui si elle attend la personne.", "yes if it waits for the person."), example=Words("oui",
                                                            "yes")),
        Column("disk", "Disque interne", "Internal disk", ("disque", "disk"), Shape.YES, width=16,
               note=Words("oui si elle garde ce qu’elle imprime.", "yes if it keeps what it prints."),
               example=Words("oui", "yes")),
        Column("owner", "Propriétaire", "Owner", ("loueur", "lessor"), width=26,
               note=Words("Le cabinet, ou le loueur.", "The practice, or the lessor."),
               example=Words("Le cabinet", "The practice")),
    ),
    Words("Imprimantes", "Printers"), Words("une imprimante", "a printer"),
    Words("Où l’on imprime, et à qui sont les appareils.", "Where people print, and whose the devices are."),
    group="premises",
)  # fmt: skip

MEDIA = Family(
    "media",
    Medium,
    (
        Column("name", "Support", "Medium", ("numéro de série", "étiquette", "nom", "name", "serial", "disque"),
               required=True, width=28,
               note=Words("Numéro de série ou étiquette.", "Serial number or label."), example="WD-4021"),
        Column("came_from", "Provenance", "Came from", ("origine", "équipement", "appareil", "origin"), width=28,
               note=Words("L’appareil d’où il vient.", "The device it comes from."), example=Words("Ancien PACS",
                                                            "Old PACS")),
        Column("removed_on", "Retiré le", "Removed on", ("date de retrait", "sorti le"), Shape.DAY, width=14,
               note=Words("Jour où il a cessé de servir.", "Day on which it left use."), example="03/05/2026"),
        Column("state", "Sort", "Fate", ("état", "state", "devenir", "situation"), Shape.CHOICE, width=16,
               choices={MediumState.STORED: Words("gardé", "stored"), MediumState.RETURNED: Words("rendu", "returned"),
                        MediumState.DESTROYED: Words("détruit", "destroyed"), MediumState.DISCARDED: Words("jeté",
                                                            "discarded"),
                        MediumState.LOST: Words("perdu", "lost")},
               also_chosen={"stocke": MediumState.STORED, "garde": MediumState.STORED, "restitue": MediumState.RETURNED,
                            "broye": MediumState.DESTROYED, "poubelle": MediumState.DISCARDED,
                            "vole": MediumState.LOST},
               note=Words("gardé, rendu, détruit, jeté ou perdu.", "stored, returned, destroyed, discarded or lost."),
               example=Words("détruit", "destroyed")),
        Column("kept_at", "Où il attend", "Where it waits", ("lieu", "emplacement", "coffre"), width=26,
               note=Words("Si vous le gardez.", "If you keep it."), example=""),
        Column("ended_on", "Détruit ou rendu le", "Destroyed or returned on", ("détruit le", "rendu le",
                                                            "date de destruction"), Shape.DAY, width=20,
               note=Words("Jour de la fin.", "Day of its end."), example="10/06/2026"),
        Column("certificate", "Certificat", "Certificate", ("certificat de destruction", "numéro de certificat"),
               width=28,
               note=Words("Numéro du certificat de destruction ou d’effacement.",
                          "Number of the certificate of destruction or erasure."), example="DEST-2026-118"),
    ),
    Words("Supports retirés", "Media out of use"), Words("un support", "a medium"),
    Words("Chaque disque sorti de service est suivi jusqu’à sa destruction.",
          "Each disk out of use is followed until its destruction."),
    order=(("removed_on", "ended_on"),), group="premises",
)  # fmt: skip

MEDIA_EXCEPTIONS = Family(
    "media-exceptions",
    MediaException,
    (
        Column("host", "Équipement", "Host", ("poste", "nom", "name"), Shape.LINK, required=True, to=("Host",),
               width=26,
               note=Words("Nom ou adresse, comme sur la page Équipements.", "Name or address, as on the Hosts page."),
               example="poste-cd"),
        Column("person", "Pour qui", "For whom", ("personne", "person"), Shape.LINK, to=("Person",), width=26,
               note=Words("La personne qui en a besoin.", "Who needs it."), example="martin.claire"),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi"), Shape.NOTE, width=40,
               note=Words("Pourquoi on ne peut pas faire autrement.", "Why it cannot be done otherwise."),
               example=Words("Lecture des CD de patients", "Reading patients’ discs")),
        Column("until", "Jusqu’au", "Until", ("fin", "expire le", "end"), Shape.DAY, width=14,
               note=Words("Dernier jour, dans l’année.", "Last day, within the year."),
               example="31/12/2026"),
    ),
    Words("Supports amovibles autorisés", "Removable media allowed"), Words("une autorisation", "an allowance"),
    Words("Les seuls postes où une clé USB reste utilisable, pourquoi et jusqu’à quand.",
          "The only computers where a USB stick stays usable, why and until when."),
    key=("host",), group="network",
)  # fmt: skip

FAMILIES = (PRINTERS, MEDIA, MEDIA_EXCEPTIONS)
