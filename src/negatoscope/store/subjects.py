"""Subjects as lists show them, and what changed of each: made from the facts in the same transaction (ADR 5)."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from negatoscope.kit.canonical import canonical
from negatoscope.model.atlas import HEARSAY
from negatoscope.model.evidence import PLACES
from negatoscope.model.memory import combine, drift
from negatoscope.store import facts, marks
from negatoscope.store.facts import BATCH, CHUNK, Statement, Subject
from negatoscope.store.models import ChangeRow, FactRow, ObservationRow, RevisionRow, SubjectRow

DRIFT = "drifted_from"
"""Key of subjects on which instruments contradict people: the names of the fields."""
REVISED: dict[str, tuple[str, ...]] = {
    "Account": ("holder",),
    "DirectoryAccount": ("holder",),
    "Person": ("arrived_on", "left_on"),
}
"""Fields whose earlier word is kept apart: taking it back must not make what it said unheard."""
UNREMARKABLE: dict[str, frozenset[str]] = {
    "Conversation": frozenset({"octets", "octets_out", "flows", "first", "last"}),
    "FlowWatch": frozenset({"first", "last", "records"}),
    "Sighting": frozenset({"last_seen"}),
    "SwitchPort": frozenset({"stations"}),
    "SourceHealth": frozenset({"last"}),
    "DetectorRun": frozenset({"until"}),
}
"""Fields that move at every look: their changes are no news, and no history is kept of them."""
LONGEST = 200
"""Signs of a text that sorting looks at."""


def weight(statement: Statement) -> tuple[bool, Any]:
    """Measured before declared; then by the instant it was true, the newest first."""
    return not statement.declared, statement.source.at


def merged(said: Iterable[Statement]) -> tuple[Any, list[Statement]]:
    """One fact of all statements on a subject, and these in the order of their weight."""
    told = list(said)
    if len(told) == 1:
        return told[0].fact, told
    told.sort(key=weight, reverse=True)
    measured = sum(not statement.declared for statement in told)
    return combine([statement.fact for statement in told], measured), told


def refresh(observation: ObservationRow, touched: Collection[Subject]) -> None:
    """Write these subjects again, and what the look changed of them."""
    practice = observation.practice_id
    wanted = sorted(touched)
    for start in range(0, len(wanted), CHUNK):
        part = set(wanted[start : start + CHUNK])
        before = {(row.kind, row.ref): row for row in _standing(practice, part)}
        rows, changes, gone, revised = [], [], [], []
        for subject, said in facts.merging(practice, part):
            old = before.get(subject)
            if said:
                row = _row(practice, subject, said)
                rows.append(row)
                changes += [change] if old and (change := _change(observation, old, row)) else []
                revised += _revised(observation, old, row) if old else []
                row.since = min(old.since, row.since) if old else row.since
            elif old:
                gone.append(old)
                revised += _revised(observation, old, None)
        changes += [_ended(observation, old) for old in gone]
        SubjectRow.objects.filter(pk__in=[old.pk for old in gone]).delete()
        _write(rows, changes)
        RevisionRow.objects.bulk_create(revised, batch_size=BATCH)


def total(practice: int) -> int:
    """How many subjects the register tells of, software apart."""
    return SubjectRow.objects.filter(practice_id=practice).count()


def rebuild(practice: int) -> None:
    """Make every subject and mark from the facts, for a register older than these tables; else do nothing."""
    last = ObservationRow.objects.filter(practice_id=practice).order_by("-sequence").first()
    if last is not None and not SubjectRow.objects.filter(practice_id=practice).exists():
        every = set(FactRow.objects.filter(practice_id=practice).values_list("kind", "ref").distinct())
        marks.refresh(practice, every)
        refresh(last, every)


def _standing(practice: int, part: Collection[Subject]) -> Iterator[SubjectRow]:
    rows = SubjectRow.objects.filter(
        practice_id=practice, kind__in={kind for kind, _ in part}, ref__in={ref for _, ref in part}
    )
    return (row for row in rows if (row.kind, row.ref) in part)


def _row(practice: int, subject: Subject, said: list[Statement]) -> SubjectRow:
    fact, told = merged(said)
    keys = _keys(fact)
    if drifted := _drifted(told):
        keys[DRIFT] = drifted
    instants = [statement.source.at for statement in told]
    return SubjectRow(
        practice_id=practice,
        kind=subject[0],
        ref=subject[1],
        host=next((place for name in PLACES if (place := getattr(fact, name, None))), None) or "",
        holder=getattr(fact, "holder", None) or "",
        body=canonical(fact).decode(),
        keys=keys,
        search=" ".join(
            [plain(subject[1]), *(key for name, key in keys.items() if isinstance(key, str) and name != DRIFT)]
        ),
        declared=any(statement.declared for statement in told),
        at=max(instants),
        seen=max((statement.source.at for statement in told if _met(statement)), default=None),
        since=min(instants),
    )


def _met(statement: Statement) -> bool:
    return not statement.declared and statement.source.collector not in HEARSAY


def _drifted(told: list[Statement]) -> str:
    """Names of the fields on which instruments contradict people."""
    measured = [statement.fact for statement in told if not statement.declared]
    declared = [statement.fact for statement in told if statement.declared]
    return " ".join(drift(combine(declared), combine(measured))) if measured and declared else ""


def _keys(fact: Any) -> dict[str, str | int | float | bool]:  # noqa: ANN401 -- any fact
    """What to sort and filter by: only fields that are known."""
    told = msgspec.to_builtins(fact)
    return {name: key for name, value in told.items() if (key := _key(value)) is not None}


def _key(value: Any) -> str | int | float | bool | None:  # noqa: ANN401 -- whatever JSON holds
    if value is None or isinstance(value, bool | int | float):
        return value
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return plain(text)[:LONGEST]


def plain(text: str) -> str:
    """Lower case without accents: what people type when they search."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _change(observation: ObservationRow, old: SubjectRow, new: SubjectRow) -> ChangeRow | None:
    """What differs, field by field; ``None`` if nothing does."""
    if old.body == new.body:
        return None
    before, after = msgspec.json.decode(old.body), msgspec.json.decode(new.body)
    names = [name for name in after if before.get(name) != after[name] and name not in UNREMARKABLE.get(new.kind, ())]
    values = {name: [before.get(name), after[name]] for name in names}
    return _changed(observation, new, values) if values else None


def _ended(observation: ObservationRow, old: SubjectRow) -> ChangeRow:
    return _changed(observation, old, {})


def _changed(observation: ObservationRow, row: SubjectRow, values: dict[str, Any]) -> ChangeRow:
    return ChangeRow(
        practice_id=row.practice_id, kind=row.kind, ref=row.ref, host=row.host, observation=observation, values=values
    )


def _revised(observation: ObservationRow, old: SubjectRow, new: SubjectRow | None) -> list[RevisionRow]:
    """The earlier words that another one replaces, or that nobody repeats."""
    if old.kind not in REVISED or (new and old.body == new.body):
        return []
    before, after = msgspec.json.decode(old.body), msgspec.json.decode(new.body) if new else {}
    return [
        RevisionRow(
            practice_id=old.practice_id,
            kind=old.kind,
            ref=old.ref,
            field=name,
            before=before[name],
            observation=observation,
        )
        for name in REVISED[old.kind]
        if before.get(name) and before[name] != after.get(name)
    ]


def _write(rows: list[SubjectRow], changes: list[ChangeRow]) -> None:
    SubjectRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["practice", "kind", "ref"],
        update_fields=["host", "body", "keys", "search", "declared", "at", "seen"],
    )
    ChangeRow.objects.bulk_create(changes, batch_size=BATCH)


__all__ = ["merged", "plain", "rebuild", "refresh", "total", "weight"]
