"""The forty rules, found by file name because they are numbered."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from negatoscope.judge import preamble
from negatoscope.judge.rule import Rule
from negatoscope.model.verdict import Proof

HOW_MANY = 40
HERE = Path(__file__).parent / "rules"


class Census(NamedTuple):
    """How many controls are measured by logic, attested by people, or awaiting a collector."""

    measured: int
    attested: int
    awaiting: int


def stems(folder: Path) -> tuple[str, ...]:
    """File names of the rules in order, each with its texts beside it. Raises ValueError if one is missing or extra."""
    modules = sorted(path.stem for path in folder.glob("r*_*.py"))
    texts = sorted(path.stem for path in folder.glob("r*_*.toml"))
    numbers = [stem.split("_", 1)[0] for stem in modules]
    if numbers != [f"r{number:02}" for number in range(1, HOW_MANY + 1)] or modules != texts:
        unlike = sorted(set(modules) ^ set(texts)) or numbers
        message = f"{folder} must hold forty rules, each a .py and a .toml: {', '.join(unlike)}"
        raise ValueError(message)
    return tuple(modules)


def named(stem: str, rule: Rule) -> Rule:
    """Check that a rule found in a file bears the number of that file. Raises ValueError."""
    if rule.id != f"R{int(stem[1:3])}" or not rule.controls:
        message = f"{stem} declares {rule.id}, with {len(rule.controls)} controls"
        raise ValueError(message)
    return rule


def census(rules: Iterable[Rule]) -> Census:
    """Count the controls of these rules by what proves them."""
    controls = [control for rule in rules for control in rule.controls.values()]
    attested = sum(control.proof is Proof.ATTESTED for control in controls)
    awaiting = sum(control.proof is Proof.MEASURED and control.logic is None for control in controls)
    return Census(len(controls) - attested - awaiting, attested, awaiting)


STEMS = stems(HERE)
RULES: tuple[Rule, ...] = tuple(named(stem, import_module(f"negatoscope.judge.rules.{stem}").RULE) for stem in STEMS)
"""R1 to R40, in order."""
PREAMBLE: Rule = preamble.RULE
"""R0: judged by the same engine, told apart."""
