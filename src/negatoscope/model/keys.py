"""Keys, badges and alarm codes, and in whose hands they are. A code itself is no fact: if kept, it is sealed apart."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


class KeyKind(StrEnum):
    """What opens a door and passes from hand to hand."""

    KEY = "key"
    BADGE = "badge"
    REMOTE = "remote"


class HandoverState(StrEnum):
    """Where something handed over is now."""

    HELD = "held"
    RETURNED = "returned"
    DISABLED = "disabled"
    """A badge that opens nothing any more."""
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Key:
    """A key, badge or remote control, each one by its own number."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """What tells it from the others: ``badge 12``."""
    kind: KeyKind | None = None
    opens: str | None = None
    """Which doors, in words."""
    traced: bool | None = None
    """Each passage made with it is recorded."""

    @property
    def ref(self) -> Ref:
        """``key/<name>``."""
        return named("key", self.name)


@dataclass(frozen=True, slots=True)
class AlarmCode:
    """That an alarm code exists, and when it last changed; the code itself stands in no fact."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """Which alarm: ``alarme du rez-de-chaussée``."""
    changed_on: date | None = None
    traced: bool | None = None
    """Each person has a code of their own, and the alarm records who used which."""
    site: Ref | None = None

    @property
    def ref(self) -> Ref:
        """``alarmcode/<name>``."""
        return named("alarmcode", self.name)


@dataclass(frozen=True, slots=True)
class Handover:
    """A key given, or a code told, to a person or a provider."""

    SCOPE: ClassVar[Scope] = "practice"

    item: Ref
    """A ``Key`` or an ``AlarmCode``."""
    holder: Ref
    """A ``Person`` or a ``Provider``."""
    given_on: date | None = None
    until: date | None = None
    """The day on which it must come back, where it is lent."""
    state: HandoverState | None = None
    returned_on: date | None = None
    """When it came back, was disabled or was missed."""

    @property
    def ref(self) -> Ref:
        """``handover/<item>/<holder>/<day>``."""
        return named("handover", rest(self.item), rest(self.holder), self.given_on)


_KINDS = {
    KeyKind.KEY: Words("clé", "key"),
    KeyKind.BADGE: Words("badge", "badge"),
    KeyKind.REMOTE: Words("télécommande", "remote control"),
}
_STATES = {
    HandoverState.HELD: Words("en main", "held"),
    HandoverState.RETURNED: Words("rendu", "returned"),
    HandoverState.DISABLED: Words("désactivé", "disabled"),
    HandoverState.LOST: Words("perdu", "lost"),
}
_ALSO_STATES = {
    "en cours": HandoverState.HELD, "remis": HandoverState.HELD, "detenu": HandoverState.HELD,
    "rendue": HandoverState.RETURNED, "restitue": HandoverState.RETURNED, "back": HandoverState.RETURNED,
    "desactivee": HandoverState.DISABLED, "bloque": HandoverState.DISABLED, "perdue": HandoverState.LOST,
    "vole": HandoverState.LOST, "stolen": HandoverState.LOST,
}  # fmt: skip

KEYS = Family(
    "keys",
    Key,
    (
        Column("name", "Clé ou badge", "Key or badge", ("clé", "badge", "numéro", "nom", "name", "key", "number"),
               required=True,
               note=Words("Un repère par exemplaire, jamais le code.", "One mark for each, never the code."),
               example="Badge 12"),
        Column("kind", "Genre", "Kind", ("type", "nature"), Shape.CHOICE, choices=_KINDS,
               also_chosen={"carte": KeyKind.BADGE, "card": KeyKind.BADGE, "bip": KeyKind.REMOTE}, width=16,
               note=Words("clé, badge ou télécommande.", "key, badge or remote control."), example=Words("badge",
                                                            "badge")),
        Column("opens", "Ouvre", "Opens", ("portes", "doors", "accès"), width=34,
               note=Words("Les portes qu’elle ouvre.", "The doors that it opens."),
               example=Words("Entrée, local technique", "Entrance, technical room")),
        Column("traced", "Passages enregistrés", "Passages recorded", ("tracé", "traced", "historique"), Shape.YES,
               width=20,
               note=Words("oui si chaque passage laisse une trace.", "yes if each passage leaves a trace."),
               example=Words("oui", "yes")),
    ),
    Words("Clés et badges", "Keys and badges"), Words("une clé ou un badge", "a key or badge"),
    Words("Sans cette liste, personne ne sait ce qui circule.", "Without this list nobody knows what is about."),
    group="premises",
)  # fmt: skip

ALARM_CODES = Family(
    "alarm-codes",
    AlarmCode,
    (
        Column("name", "Alarme", "Alarm", ("nom", "name", "code", "alarme ou code"), required=True, width=30,
               note=Words("Le nom de l’alarme. N’écrivez jamais le code.",
                          "The name of the alarm. Never write the code."),
               example=Words("Alarme du rez-de-chaussée", "Ground floor alarm")),
        Column("changed_on", "Code changé le", "Code changed on", ("changé le", "dernier changement", "changed",
                                                            "date"), Shape.DAY, width=16,
               note=Words("Jour du dernier changement.", "Day of the last change."), example="01/09/2026"),
        Column("traced", "Un code par personne", "One code per person", ("tracé", "traced", "individuel", "personal"),
               Shape.YES, width=20,
               note=Words("oui si chacun a son code et que l’alarme garde la trace.",
                          "yes if each has a code and the alarm keeps a record."),
               example=Words("oui", "yes")),
        Column("site", "Site", "Site", ("lieu", "place"), Shape.LINK, to=("Site",),
               note=Words("Seulement si vous avez plusieurs sites.", "Only if you have several sites."), example=""),
    ),
    Words("Codes d’alarme", "Alarm codes"), Words("un code d’alarme", "an alarm code"),
    Words("La liste dit qu’un code existe et quand il a changé, jamais le code ; il se garde à part, scellé.",
          "The list says that a code exists and when it changed, never the code, which is kept apart, sealed."),
    group="premises",
)  # fmt: skip

HANDOVERS = Family(
    "handovers",
    Handover,
    (
        Column("item", "Clé, badge ou alarme", "Key, badge or alarm", ("clé", "badge", "objet", "item", "alarme",
                                                            "clé ou badge"), Shape.LINK,
               required=True, to=("Key", "AlarmCode"), width=28,
               note=Words("Tel qu’écrit dans la liste des clés ou des codes.",
                          "As written in the list of keys or codes."), example="Badge 12"),
        Column("holder", "Remis à", "Given to", ("détenteur", "personne", "titulaire", "holder", "prestataire"),
               Shape.LINK,
               required=True, to=("Person", "Provider"), width=28,
               note=Words("Une personne de la liste du personnel, ou un prestataire.",
                          "Somebody in the staff list, or a contractor."),
               example="martin.claire"),
        Column("given_on", "Remis le", "Given on", ("date de remise", "date", "given"), Shape.DAY, width=14,
               note=Words("Jour de la remise.", "Day of the hand-over."), example="01/09/2021"),
        Column("until", "À rendre le", "Due back on", ("jusqu’au", "until", "fin", "prêté jusqu’au"), Shape.DAY,
               width=14,
               note=Words("Si c’est un prêt, et toujours pour un prestataire.",
                          "For a loan, and always for a contractor."), example=""),
        Column("state", "État", "State", ("situation", "statut", "status", "où"), Shape.CHOICE, choices=_STATES,
               also_chosen=_ALSO_STATES, width=14,
               note=Words("en main, rendu, désactivé ou perdu.", "held, returned, disabled or lost."),
               example=Words("en main", "held")),
        Column("returned_on", "Rendu le", "Returned on", ("date de retour", "retour", "restitué le"), Shape.DAY,
               width=14,
               note=Words("Jour du retour, de la désactivation ou de la perte.", "Day of return, disabling or loss."),
               example=""),
    ),
    Words("Remises de clés", "Key hand-overs"), Words("une remise", "a hand-over"),
    Words("Qui a reçu quoi, quand, et si c’est revenu.", "Who received what, when, and whether it came back."),
    key=("item", "holder", "given_on"),
    order=(("given_on", "returned_on"), ("given_on", "until")),
    group="premises",
)  # fmt: skip

FAMILIES = (KEYS, ALARM_CODES, HANDOVERS)
