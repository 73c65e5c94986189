"""Why a row or a file is not taken, as a sentence."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from negatoscope.observe.spreadsheet.families import Family
from negatoscope.observe.spreadsheet.rows import Problem


@cache
def book() -> dict[str, Any]:
    """``words.toml``, read once."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def problem(one: Problem, lang: str) -> str:
    """What is wrong with a row."""
    said = book()["problems"].get(one.code, {}).get(lang, one.code)
    return str(said).replace("{value}", one.value)


def file(why: str, position: str, family: Family, lang: str) -> str:
    """Why a whole file cannot be read."""
    said = book()["files"].get(why, {}).get(lang, f"{why} ({{position}})")
    if why == "column_missing":
        position = ", ".join(heading(family, name, lang) for name in position.split(", "))
    return str(said).replace("{position}", position)


def refusal(code: str, values: Mapping[str, str], lang: str) -> str:
    """Why what is handed over is not taken at all."""
    said = str(book()["refusals"].get(code, {}).get(lang, code))
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", value)
    return said


def heading(family: Family, name: str, lang: str) -> str:
    """A column's own heading."""
    column = family.column(name)
    return column.en if lang == "en" else column.fr
