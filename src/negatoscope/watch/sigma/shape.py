"""Documents whose mere shape would cost too much are refused before anything reads them."""

import re

from negatoscope.watch.sigma.condition import CannotRun

BRACKETS = 2_000
CHAIN = re.compile(r"(?:[-?:][ \t]+){24}")
"""``- - - - …``: a level each, on one line."""
INDENT = re.compile(r"^[ \t]{400}[ \t]*[^\s#]", re.MULTILINE)


def refuse_shape(text: str) -> None:
    """Raise CannotRun for YAML that nests deeper than any rule does: its reader would nest as deep."""
    if text.count("[") + text.count("{") > BRACKETS or CHAIN.search(text) or _deep(text):
        raise CannotRun("too_deep")


def _deep(text: str) -> bool:
    """Whether so many lines are each further in than the last that depth, not a folded text, explains it."""
    return len({len(found) for found in INDENT.findall(text)}) > 1
