"""Points on which much depends, as people know them; those that the drawing shows by itself need no list."""

from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A host whose failure stops the practice, or a part of it."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    reason: str | None = None
    spare: str | None = None
    """What takes over, or who is called."""

    @property
    def ref(self) -> Ref:
        """``criticalpoint/<host>``."""
        return named("criticalpoint", rest(self.host))


CRITICAL_POINTS = Family(
    "critical-points",
    CriticalPoint,
    (
        Column("host", "Équipement", "Host", ("point critique", "critical point", "appareil", "nom"), Shape.LINK,
               to=("Host",), required=True, width=28,
               note=Words("Son nom, tel que le registre le connaît.", "Its name, as the register knows it."),
               example="fw-1"),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi", "why"), Shape.NOTE, width=40,
               note=Words("Ce qui s’arrête sans lui.", "What stops without it."),
               example=Words("Plus d’images ni de rendez-vous", "No more images or appointments")),
        Column("spare", "Secours", "Spare", ("remplacement", "relève", "backup"), width=34,
               note=Words("Ce qui prend le relais, ou qui appeler.", "What takes over, or whom to call."),
               example=Words("Pare-feu de rechange au coffre", "Spare firewall in the safe")),
    ),
    Words("Points critiques", "Critical points"), Words("un point critique", "a critical point"),
    Words("Ce dont la panne arrêterait le cabinet ; la carte les marque.",
          "What would stop the practice if it failed; the map marks them."),
    key=("host",),
    group="network",
    closable=False,
)  # fmt: skip
FAMILIES = (CRITICAL_POINTS,)
