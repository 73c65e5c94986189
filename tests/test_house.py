"""Budgets and habits of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "negatoscope"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
FILE, FUNCTION, RULE, VERB = 400, 40, 120, 40
BANNED_NAMES = ("utils", "util", "helpers", "common", "manager", "base", "misc")


def budget(path: Path) -> int:
    if path.parent.name == "rules":
        return RULE
    return FILE


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_keep_to_their_budgets(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= budget(path)
    assert [name for name, lines in functions(path) if lines > FUNCTION] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_everything_has_a_home_and_a_name(path: Path) -> None:
    assert path.stem not in BANNED_NAMES


@pytest.mark.parametrize("path", sorted(SOURCE.glob("cli/management/commands/[a-z]*.py")), ids=lambda path: path.stem)
def test_a_verb_parses_calls_one_flow_and_prints(path: Path) -> None:
    command = next(node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef))
    assert (command.end_lineno or 0) - command.lineno + 1 <= VERB


def broad(node: ast.ExceptHandler) -> bool:
    names = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
    return node.type is None or any(isinstance(name, ast.Name) and name.id == "Exception" for name in names)


def test_the_judge_alone_catches_everything() -> None:
    found = [
        path.relative_to(SOURCE).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and broad(node)
    ]
    assert found == ["judge/judge.py"]
