"""Correlation rules, read; ``correlate`` counts by them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationRule

from negatoscope.watch.sigma.condition import CannotRun
from negatoscope.watch.sigma.tree import Counted, Refused, Rule

KINDS = ("event_count", "value_count", "temporal", "temporal_ordered")
OPERATORS = ("gte", "gt", "eq")
"""Those that a matching record can make true; fewer than so many is told by silence, which no record brings."""


class Resolved(NamedTuple):
    """Correlations whose rules are all known, and the others."""

    counted: tuple[Counted, ...]
    refused: tuple[Refused, ...]


def counted_from(document: dict[str, Any]) -> Counted:
    """One correlation; its rules are named as they stand. Raises CannotRun and what pySigma raises."""
    rule = SigmaCorrelationRule.from_dict(document)
    kind, condition = rule.type.name.lower(), rule.condition
    if kind not in KINDS or not isinstance(condition, SigmaCorrelationCondition) or not rule.rules:
        raise CannotRun("correlation", type=kind)
    operator = condition.op.name.lower()
    if operator not in OPERATORS:
        raise CannotRun("correlation", type=kind, operator=operator)
    fields = [condition.fieldref] if isinstance(condition.fieldref, str) else condition.fieldref or []
    return Counted(
        str(rule.id or rule.name or rule.title),
        rule.name,
        rule.title,
        rule.level.name.lower() if rule.level else "medium",
        tuple(str(tag) for tag in rule.tags),
        kind,
        tuple(one.reference for one in rule.rules),
        tuple(rule.group_by or ()),
        {one.alias: {by.reference: name.lower() for by, name in one.mapping.items()} for one in rule.aliases},
        float(rule.timespan.seconds),
        operator,
        float(condition.count),
        tuple(name.lower() for name in fields),
        generate=bool(rule.generate),
    )


def resolved(rules: Iterable[Rule], counted: Sequence[Counted]) -> tuple[tuple[Rule, ...], Resolved]:
    """Names become ids; rules told by a correlation alone fall quiet; a missing one refuses the correlation."""
    read = tuple(rules)
    both: tuple[Rule | Counted, ...] = (*read, *counted)
    known = {name: one.id for one in both for name in (one.name, one.id) if name}
    kept: list[Counted] = []
    refused: list[Refused] = []
    for one in counted:
        if missing := [name for name in one.rules if name not in known]:
            refused.append(Refused(one.id, one.title, "", "missing_rule", {"rule": ", ".join(missing)[:200]}))
        else:
            kept.append(_named(one, known))
    loud = {part for one in kept if one.generate for part in one.rules}
    quiet = {part for one in kept for part in one.rules} - loud
    return (
        tuple(msgspec.structs.replace(rule, quiet=True) if rule.id in quiet else rule for rule in read),
        Resolved(tuple(msgspec.structs.replace(one, quiet=one.id in quiet) for one in kept), tuple(refused)),
    )


def _named(one: Counted, known: dict[str, str]) -> Counted:
    """A correlation with the ids of its rules in place of their names."""
    aliases = {
        alias: {known.get(name, name): field for name, field in mapping.items()}
        for alias, mapping in one.aliases.items()
    }
    return msgspec.structs.replace(one, rules=tuple(known[name] for name in one.rules), aliases=aliases)
