"""Sigma rules read by pySigma into our own tree. What cannot run is told with its reason, never dropped."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
import yaml
from sigma.conditions import ConditionAND
from sigma.exceptions import SigmaError
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule
from sigma.rule.base import SigmaYAMLLoader, check_alias_expansion
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from negatoscope.watch.sigma.anchors import event_ids, keys_of
from negatoscope.watch.sigma.clauses import size_of
from negatoscope.watch.sigma.condition import DEEPEST, CannotRun, depth_of, either, every, read_condition
from negatoscope.watch.sigma.correlations import counted_from, resolved
from negatoscope.watch.sigma.shape import refuse_shape
from negatoscope.watch.sigma.tree import (
    ONE,
    Compare,
    Counted,
    Exists,
    Inside,
    Like,
    Moment,
    Node,
    Not,
    Pattern,
    Refused,
    Rule,
    Ruleset,
    Same,
    Source,
    Text,
    Where,
)

FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}
WRONG = (SigmaError, CannotRun, ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What a document of another shape than a rule makes pySigma raise."""
LARGEST = 10_000
"""Instructions of a regular expression; the largest of the public rules has 8,005."""


def read_rules(files: Iterable[tuple[str, bytes | None]], runs: Callable[[Source], bool]) -> Ruleset:
    """Read files of rules: name and content, ``None`` for one too large. ``runs`` tells whether a source is mapped."""
    rules: dict[str, Rule] = {}
    counted: list[Counted] = []
    refused: list[Refused] = []
    number = 0
    for path, data in files:
        number += 1
        for document in _documents(path, data, refused):
            try:
                read = msgspec.structs.replace(_one(document, runs), path=path)
                if isinstance(read, Counted):
                    counted.append(read)
                elif rules.setdefault(read.id, read) is not read:
                    raise CannotRun("twice")
            except WRONG as error:
                refused.append(_refusal(path, document, error))
    kept, told = resolved(rules.values(), counted)
    return Ruleset(kept, told.counted, (*refused, *told.refused), number)


def _documents(path: str, data: bytes | None, refused: list[Refused]) -> Iterator[dict[str, Any]]:
    """The documents of one file, those of ``action: global`` laid under the others."""
    ground: dict[str, Any] = {}
    last: dict[str, Any] = {}
    try:
        if data is None:
            raise CannotRun("too_large")
        text = data.decode("utf-8-sig")
        refuse_shape(text)
        for document in yaml.load_all(text, Loader=SigmaYAMLLoader):
            if document is None:
                continue
            if not isinstance(document, dict):
                raise CannotRun("unreadable", error="no mapping")
            check_alias_expansion(document, SigmaError)
            action = document.pop("action", None)
            if action in ("global", "reset"):
                ground = document if action == "global" else {}
                continue
            last = _laid(last if action == "repeat" else ground, document)
            yield last
    except (yaml.YAMLError, *WRONG) as error:
        refused.append(_refusal(path, {}, error))


def _laid(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One mapping over another, at every depth."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = _laid(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _refusal(path: str, document: dict[str, Any], error: BaseException) -> Refused:
    identity, title = document.get("id"), document.get("title")
    code, values = (error.code, error.values) if isinstance(error, CannotRun) else ("unreadable", {})
    if not isinstance(error, CannotRun):
        values = {"error": str(error).splitlines()[0][:200] if str(error) else type(error).__name__}
    return Refused(str(identity or "")[:100], str(title or "")[:256], path, code, values)


def _one(document: dict[str, Any], runs: Callable[[Source], bool]) -> Rule | Counted:
    """One document. Raises what is in ``WRONG``."""
    if "correlation" in document:
        return counted_from(document)
    if "filter" in document:
        raise CannotRun("filter")
    rule = SigmaRule.from_dict(document)
    source = Source(rule.logsource.product, rule.logsource.service, rule.logsource.category)
    if not runs(source):
        raise CannotRun("unmapped", **{name: value for name, value in msgspec.structs.asdict(source).items() if value})
    node = _tree(rule)
    if depth_of(node) > DEEPEST:
        raise CannotRun("too_deep")
    return Rule(
        str(rule.id) if rule.id else f"sha256:{sha256(repr(document).encode()).hexdigest()}",
        rule.name,
        rule.title,
        rule.level.name.lower() if rule.level else "medium",
        tuple(str(tag) for tag in rule.tags),
        source,
        msgspec.msgpack.encode(node),
        keys_of(node),
        event_ids(node),
    )


def _tree(rule: SigmaRule) -> Node:
    """The tree of a rule; several conditions are alternatives."""
    detections = rule.detection.detections
    known: dict[str, Node] = {}

    def meaning(name: str) -> Node:
        if name not in known:
            known[name] = _detection(detections[name])
        return known[name]

    return either([read_condition(str(one), list(detections), meaning) for one in rule.detection.condition])


def selection(asked: Mapping[str, Sequence[str]]) -> Node:
    """One selection as a rule writes it: fields, with their modifiers, beside values. Raises what is in ``WRONG``."""
    return _detection(SigmaDetection.from_definition({name: list(values) for name, values in asked.items()}))


def _detection(detection: SigmaDetection) -> Node:
    parts = [
        _item(part) if isinstance(part, SigmaDetectionItem) else _detection(part) for part in detection.detection_items
    ]
    return every(parts) if detection.item_linking is ConditionAND else either(parts)


def _item(item: SigmaDetectionItem) -> Node:
    field = item.field.lower() if item.field else None
    if not item.value and field is None:
        raise CannotRun("modifier", type="empty")
    leaves = [leaf(field, value) for value in item.value] or [Not(Exists(field or ""))]
    node = every(leaves) if item.value_linking is ConditionAND else either(leaves)
    return Not(node) if item.negated else node


def leaf(field: str | None, value: SigmaType) -> Node:
    """One field beside one value. Raises CannotRun for what we do not run."""
    if isinstance(value, SigmaExpansion):
        return either([leaf(field, one) for one in value.values])
    if isinstance(value, SigmaRegularExpression):
        return _pattern(field, value)
    if isinstance(value, SigmaString):
        return _text(field, value)
    if isinstance(value, SigmaBool):
        return _plain(field, "true" if value.boolean else "false")
    if isinstance(value, SigmaNumber) and not isinstance(value, SigmaTimestampPart):
        return _plain(field, str(value.number))
    if field is None:
        raise CannotRun("modifier", type=type(value).__name__)
    return _of_field(field, value)


def _of_field(field: str, value: SigmaType) -> Node:
    """What only a named field can be asked."""
    match value:
        case SigmaNull():
            return Not(Exists(field))
        case SigmaExists():
            return Exists(field) if value.exists else Not(Exists(field))
        case SigmaCIDRExpression():
            return Inside(field, str(value.network))
        case SigmaCompareExpression() if value.op.name != "NEQ":
            return Compare(field, value.op.name.lower(), float(value.number.number))
        case SigmaFieldReference():
            return Same(field, _where(value.ends_with, value.starts_with), value.field.lower())
        case SigmaTimestampPart():
            return Moment(field, value.timestamp_part.name.lower(), int(value.number))
    raise CannotRun("modifier", type=type(value).__name__)


def _plain(field: str | None, text: str) -> Node:
    return Text(field, Where.IS if field else Where.HAS, text)


def _where(open_before: bool, open_after: bool) -> Where:  # noqa: FBT001 -- the two ends of a value
    """Where a text stands, by whether anything may stand before and after it."""
    if open_before:
        return Where.HAS if open_after else Where.ENDS
    return Where.STARTS if open_after else Where.IS


def _pattern(field: str | None, value: SigmaRegularExpression) -> Node:
    if value.contains_placeholder():
        raise CannotRun("placeholder")
    pattern = Pattern(field, str(value.regexp), "".join(sorted(FLAGS[flag] for flag in value.flags)))
    if size_of(pattern) > LARGEST:
        raise CannotRun("costly")
    return pattern


def _text(field: str | None, value: SigmaString) -> Node:
    """A text with its wildcards. A keyword is sought anywhere in a value."""
    pieces, cased = [""], isinstance(value, SigmaCasedString)
    for part in value.s:
        if part is SpecialChars.WILDCARD_MULTI:
            pieces.append("")
        elif part is SpecialChars.WILDCARD_SINGLE:
            pieces[-1] += ONE
        elif isinstance(part, str):
            pieces[-1] += part if cased else part.casefold()
        else:
            raise CannotRun("placeholder", name=getattr(part, "name", ""))
    if field is None:
        if not any(pieces):
            raise CannotRun("modifier", type="empty")
        pieces = ["", *_stripped(pieces), ""]
    if not any(pieces):
        return Text(field, Where.IS, "") if len(pieces) == 1 else Exists(field or "")
    return _shaped(field, pieces, cased=cased)


def _stripped(pieces: Sequence[str]) -> list[str]:
    """Pieces without the open ends."""
    start = 1 if len(pieces) > 1 and not pieces[0] else 0
    end = len(pieces) - 1 if len(pieces) - start > 1 and not pieces[-1] else len(pieces)
    return list(pieces[start:end])


def _shaped(field: str | None, pieces: list[str], *, cased: bool) -> Node:
    """One text in its place, or several in their order."""
    inner = [piece for piece in pieces if piece]
    if len(inner) == 1 and ONE not in inner[0]:
        return Text(field, _where(not pieces[0], not pieces[-1]), inner[0], cased)
    middle = [piece for piece in pieces[1:-1] if piece]
    return Like(field, (pieces[0], *middle, pieces[-1]) if len(pieces) > 1 else (pieces[0],), cased)
