"""Closed lists of flaws that tests plant in real servers: what is planted, what is found, what is invented.

``python -m tests.flaws`` runs those tests, as root, and prints one line a server.
"""

import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from negatoscope.judge.catalogue import RULES
from negatoscope.judge.judge import judge
from negatoscope.model.judgement import ControlResult
from negatoscope.model.register import Register

SETTLED = "planted flaws"
WHERE = ("tests/observe", "tests/intake")
NAMED = "planted_flaw"
"""What such a test has in its name."""


class Flaw(NamedTuple):
    """One flaw. ``subject``: as findings name it."""

    control: str
    subject: str


def listed(file: Path, server: str | None = None) -> set[Flaw]:
    """The closed list of a server; each entry also says ``how`` the flaw is planted, by real configuration."""
    said = tomllib.loads(file.read_text("utf-8"))["flaws"]
    if any(not one["how"] for one in said):
        raise AssertionError(file)
    return {Flaw(one["control"], one["subject"]) for one in said if one.get("server") == server}


def found(facts: Register, at: datetime) -> set[Flaw]:
    """Every finding of the forty rules."""
    return {Flaw(one.id, finding.subject) for one in _controls(facts, at) for finding in one.findings}


def doubted(facts: Register, at: datetime) -> set[Flaw]:
    """Every doubt: what a server names and cannot settle."""
    return {Flaw(one.id, doubt.subject) for one in _controls(facts, at) for doubt in one.doubts}


def _controls(facts: Register, at: datetime) -> Iterator[ControlResult]:
    for rule in judge(facts, RULES, at).rules:
        yield from rule.controls


def settle(server: str, planted: set[Flaw], seen: set[Flaw], tell: Callable[[str, object], None]) -> None:
    """Demand that what is found is what was planted, and write it down. ``seen``: less what is so by nature."""
    tell(SETTLED, f"{server}\t{len(planted)}\t{len(planted & seen)}\t{len(seen - planted)}")
    told = f"{server}: missed {sorted(planted - seen)}, invented {sorted(seen - planted)}"
    assert seen == planted, told


class _Table:
    """What the tests wrote down."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.lines += [str(value) for name, value in report.user_properties if name == SETTLED]


def main() -> int:
    """Run the tests and print the table."""
    table = _Table()
    ended = pytest.main(["-q", "-n", "0", "-p", "no:randomly", "-k", NAMED, *WHERE], plugins=[table])
    lines = ["server\tplanted\tfound\tinvented", *sorted(table.lines)]
    sys.stdout.write("\n" + "\n".join(f"{a:<50}{b:>8}{c:>8}{d:>10}" for a, b, c, d in map(_cells, lines)) + "\n")
    return int(ended)


def _cells(line: str) -> list[str]:
    return line.split("\t")


if __name__ == "__main__":
    sys.exit(main())
