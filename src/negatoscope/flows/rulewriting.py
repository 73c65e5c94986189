"""A practice's own Sigma rule: read at once, told where it is wrong, tried on past events before it is put in force."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

import yaml

from negatoscope.flows import rulefiles, ruling
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.rulefiles import Taken
from negatoscope.flows.ruling import RulesRefused
from negatoscope.model.event import Told
from negatoscope.watch import matching
from negatoscope.watch.sigma.files import RULE_BYTES
from negatoscope.watch.sigma.sources import runs
from negatoscope.watch.sigma.tree import Refused, Ruleset

PAST = timedelta(days=7)
"""On how much of the past a rule is tried."""
SECONDS = 10.0
"""A trial ends after so long, and says how far it came."""
BATCH = 200
SUFFIX = ".yml"
WHERE = {
    "condition": "condition", "unmapped": "logsource", "filter": "filter", "correlation": "correlation", "twice": "id",
    "no_id": "title", "modifier": "detection", "costly": "detection", "placeholder": "detection",
    "missing_rule": "rules",
}  # fmt: skip
"""The key of a rule in which a reason is to be mended."""


@dataclass(frozen=True)
class Checked:
    """What was read of a text. ``code``: empty if it can be put in force; else the first reason why not.

    Those of ``tree.Refused``, and ``no_rules``, ``no_id``, ``twice`` (another file's rule bears its id).
    """

    ruleset: Ruleset
    code: str = ""
    values: dict[str, str] = field(default_factory=dict)
    line: int | None = None
    """Where it is to be mended, from 1; ``None``: nobody can say."""


@dataclass(frozen=True)
class Rehearsal:
    """What a rule would have raised."""

    alerts: int
    events: int
    """How many of those it is about were looked at."""
    until: datetime | None
    """``None``: all of them; else up to when the time allowed to look."""


def check(console: Console, name: str, text: str) -> Checked:
    """Read the text of a rule that is to stand under a name. Raises OSError."""
    data = text.encode()
    if len(data) > RULE_BYTES:
        return Checked(Ruleset(), "too_large")
    from negatoscope.watch.sigma.reading import read_rules  # noqa: PLC0415 -- pySigma takes a third of a second

    ruleset = read_rules([(name, data)], runs)
    if ruleset.refused:
        return _wrong(ruleset, text, ruleset.refused[0])
    rules = ruleset.every
    if not rules:
        return Checked(ruleset, "no_rules")
    if any(one.id.startswith("sha256:") for one in rules):
        return Checked(ruleset, "no_id", line=_line(text, "no_id"))
    taken = _taken(console, name) & {one.id for one in rules}
    if taken:
        return Checked(ruleset, "twice", {"rule": min(taken)}, _line(text, "twice"))
    return Checked(ruleset)


def _taken(console: Console, name: str) -> set[str]:
    """Ids of the rules of every other file in use."""
    there = (ruling.rules_of(console, one) for one in rulefiles.files(console) if one.name != name)
    return {one.id for ruleset in there for one in ruleset.every}


def _wrong(ruleset: Ruleset, text: str, left: Refused) -> Checked:
    if left.code != "unreadable":
        return Checked(ruleset, left.code, left.values, _line(text, left.code))
    try:
        for _event in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return Checked(ruleset, "no_yaml", {"error": error.problem or ""}, mark.line + 1 if mark else None)
    except yaml.YAMLError as error:
        return Checked(ruleset, "no_yaml", {"error": str(error)[:200]})
    return Checked(ruleset, left.code, left.values, _line(text, left.code))


def _line(text: str, code: str) -> int | None:
    """The line on which the key that is to be mended stands."""
    key = WHERE.get(code)
    found = re.search(rf"^[ \t]*{key}[ \t]*:", text, re.MULTILINE) if key else None
    return text.count("\n", 0, found.start()) + 1 if found else None


def put_in_force(console: Console, operator: str, name: str, text: str) -> Taken:
    """Take a rule that has been checked, in place of what stood under its name. Raises RulesRefused, DiskFull."""
    told = check(console, name, text)
    if told.code:
        raise RulesRefused(told.code)
    return rulefiles.take(console, operator, name, text.encode())


def rehearse(console: Console, ruleset: Ruleset) -> Rehearsal:
    """Hold rules against the events received within ``PAST``, as long as ``SECONDS`` allow. Nothing is raised."""
    ends, since = time.monotonic() + SECONDS, console.clock() - PAST
    rules, state = matching.Rules(ruleset), matching.State()
    products = {one.source.product for one in ruleset.rules}
    product = products.pop() if len(products) == 1 else None
    told = store(console).told(since.astimezone(UTC).date(), product=product)
    cases: set[str] = set()
    events, last = 0, None
    for batch in batches(told, BATCH):
        cases |= {found.case for found in rules.look(batch, state)}
        events, last = events + len(batch), batch[-1].came
        if time.monotonic() > ends:
            return Rehearsal(len(cases), events, last)
    return Rehearsal(len(cases), events, None)


def batches(told: Iterator[Told], most: int) -> Iterator[list[Told]]:
    """Events, so many at a time."""
    while batch := list(islice(told, most)):
        yield batch
