"""What changed of a subject, and by what its host is known: as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, get_type_hints

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.flows.naming import names as names_of
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.register.likeness import Confidence, compare
from negatoscope.store.queries import subjects
from negatoscope.store.queries.register import Told
from negatoscope.web import labels
from negatoscope.web.naming import called

MARKS: dict[str, str | Promise] = {
    "serial": _("numéro de série"),
    "machine": _("identifiant du système"),
    "agent": _("identifiant de l’agent"),
    "directory": _("identifiant dans l’annuaire"),
    "mac": _("adresse matérielle"),
    "ae": _("titre DICOM"),
    "lent_mac": _("adresse matérielle changeante"),
    "ip": _("adresse IP"),
    "name": _("nom d’hôte"),
    "ref": _("nom au registre"),
}
CONFIDENCES: dict[str, str | Promise] = {
    Confidence.CERTAIN: _("certaine"),
    Confidence.STRONG: _("forte"),
    Confidence.WEAK: _("faible"),
}


@dataclass(frozen=True)
class Moment:
    """One look or word that changed something: which fields, before and after; none where the subject ended."""

    ref: str
    kind: str
    at: datetime
    sequence: int
    collector: str
    operator: str
    fields: Sequence[tuple[str, Any, Any]]


def moments(practice: int, ref: str, names: dict[str, str], *, held: bool = False, limit: int = 30) -> list[Moment]:
    """What changed, newest first. ``names``: who people are, by their name at the console."""
    changes = subjects.changes(practice, ref, held=held, limit=limit)
    known = names_of(practice, (one for change in changes for pair in change.values.values() for one in pair))
    return [
        Moment(
            one.ref,
            one.kind,
            one.at,
            one.sequence,
            one.collector,
            labels.who(one.operator, names),
            [
                (labels.title_of(one.kind, name), *(called(_value(one.kind, name, said), known) for said in pair))
                for name, pair in one.values.items()
            ],
        )
        for one in changes
    ]


def _value(kind: str, name: str, value: Any) -> Any:  # noqa: ANN401 -- any field of any fact
    hints = get_type_hints(KINDS[kind]) if kind in KINDS else {}
    try:
        said = msgspec.convert(value, hints.get(name, Any))
    except msgspec.ValidationError:  # said when the field was of another type
        return value
    return labels.chosen_label(kind, name, said) if isinstance(said, StrEnum) else said


@dataclass(frozen=True)
class Known:
    """How one voice's word was recognised as this host: which marks it shares with the others, and which contradict."""

    collector: str
    sequence: int
    agreed: str
    differs: str
    confidence: str | Promise


def recognised(told: Sequence[Told]) -> list[Known]:
    """For each voice that speaks of a host, why it is this one; nothing to say of a host with a single voice."""
    found = []
    for one in told:
        others: list[Host] = [other.fact for other in told if other is not one]
        if others:
            alike = compare(others, [one.fact])
            found.append(
                Known(
                    one.collector,
                    one.sequence,
                    marks(tuple(name for name in alike.agreed if name != "ref") or alike.agreed),
                    marks(alike.differs),
                    CONFIDENCES[alike.confidence],
                )
            )
    return found


def marks(names: Sequence[str]) -> str:
    """Say which marks, in words."""
    return ", ".join(labels.label(MARKS, name) for name in names)
