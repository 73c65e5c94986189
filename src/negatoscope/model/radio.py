"""Radio access points that the practice knows of, and why it has them; an empty list, complete: there is no Wi-Fi."""

from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """A device that serves Wi-Fi: an access point, a box, a controller that speaks for many."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """As the register names the device, or its address."""
    place: str | None = None
    reason: str | None = None
    """Why it is needed."""

    @property
    def ref(self) -> Ref:
        """``accesspoint/<name>``."""
        return named("accesspoint", self.name)


ACCESS_POINTS = Family(
    "access-points",
    AccessPoint,
    (
        Column("name", "Borne", "Access point", ("nom", "name", "adresse", "contrôleur"), required=True, width=26,
               note=Words("Son nom au registre, ou son adresse.", "Its name in the register, or its address."),
               example=Words("borne-accueil", "reception-ap")),
        Column("place", "Lieu", "Place", ("pièce", "room", "salle"), width=26,
               note=Words("Où elle est posée.", "Where it stands."), example=Words("Accueil", "Reception")),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi", "usage"), Shape.NOTE, width=40,
               note=Words("Pourquoi il la faut.", "Why it is needed."),
               example=Words("Échographe mobile", "Mobile ultrasound")),
    ),
    Words("Bornes Wi-Fi", "Access points"), Words("une borne Wi-Fi", "an access point"),
    Words("Tout ce qui donne du Wi-Fi. Sans Wi-Fi, déclarez la liste complète et vide.",
          "All that serves Wi-Fi. Without any Wi-Fi, declare the list complete and empty."),
    group="network",
)  # fmt: skip
FAMILIES = (ACCESS_POINTS,)
