"""What the author of a rule says of it, for people to read: never needed to match."""

from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct
from sigma.exceptions import SigmaError
from sigma.rule.base import check_alias_expansion

from negatoscope.watch.sigma.condition import CannotRun
from negatoscope.watch.sigma.shape import refuse_shape

MANY = 20
"""References and causes of false alarms that are shown."""
LONG = 4_000


class About(Struct, frozen=True):
    """The author's own words, in the author's language; empty where there are none."""

    description: str = ""
    author: str = ""
    date: str = ""
    status: str = ""
    mistaken: tuple[str, ...] = ()
    """What else may look the same (``falsepositives``)."""
    references: tuple[str, ...] = ()


def about(data: bytes, rule: str) -> About:
    """What the document of this id says, or the first one. Empty for what cannot be read."""
    try:
        text = data.decode("utf-8-sig")
        refuse_shape(text)
        documents = list(_mappings(text))
    except (yaml.YAMLError, SigmaError, CannotRun, ValueError, RecursionError):
        return About()
    one = next((each for each in documents if each.get("id") == rule), documents[0] if documents else {})
    return About(
        _said(one, "description"),
        _said(one, "author"),
        _said(one, "modified") or _said(one, "date"),
        _said(one, "status"),
        _several(one, "falsepositives"),
        _several(one, "references"),
    )


def _mappings(text: str) -> Iterator[dict[str, Any]]:
    for document in yaml.safe_load_all(text):
        if isinstance(document, dict):
            check_alias_expansion(document, SigmaError)
            yield document


def _said(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()[:LONG]


def _several(document: dict[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name)
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(str(one)[:LONG] for one in listed[:MANY] if isinstance(one, str))
