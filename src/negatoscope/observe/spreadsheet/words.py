"""Why a row or a file is not taken, as a sentence."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from negatoscope.model.evidence import Ref
from negatoscope.model.family import Column, Family, Shape, Words, rest
from negatoscope.observe.spreadsheet.families import BY_KIND, columns
from negatoscope.observe.spreadsheet.rows import Problem


@cache
def book() -> dict[str, Any]:
    """``words.toml``, read once."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def problem(one: Problem, family: Family, lang: str) -> str:
    """What is wrong with a row."""
    said = str(book()["problems"].get(one.code, {}).get(lang, one.code))
    column = next((column for column in columns(family) if column.name == one.column), None)
    if column is not None:
        said = said.replace("{choices}", ", ".join(offered(column, lang)))
        said = said.replace("{lists}", listed_in(column, lang))
    return said.replace("{value}", one.value)


def offered(column: Column, lang: str) -> list[str]:
    """The words that a cell of this column may hold, where they are few."""
    if column.shape is Shape.YES:
        return ["yes", "no"] if lang == "en" else ["oui", "non"]
    return [word.say(lang) for word in column.choices.values()]


def listed_in(column: Column, lang: str) -> str:
    """The lists in which a linked thing must stand."""
    titles = [BY_KIND[kind].title.say(lang) if kind in BY_KIND else _HOSTS.say(lang) for kind in column.to]
    return (" or " if lang == "en" else " ou ").join(
        f"“{one}”" if lang == "en" else f"«\N{NO-BREAK SPACE}{one}\N{NO-BREAK SPACE}»" for one in titles
    )


_PLACES = {"row": "ligne", "line": "ligne", "byte": "octet", "character": "signe", "entries": "éléments"}
_PLACE = re.compile(r"(\d+ )?\b(row|line|byte|character|entries)\b( \d+)?")
"""How readers say where reading stopped, and what it is called in French."""
_HOSTS = Words("Équipements", "Hosts")


def noted(family: Family, column: Column, lang: str) -> tuple[str, str]:
    """What to write in a column, and an example."""
    told = book()["template"].get(family.name, {}).get(column.name)
    if told:
        example = told["example"]
        return str(told[lang]), str(example[lang] if isinstance(example, dict) else example)
    note = column.note.say(lang) if column.note else ""
    needed = {"fr": "Obligatoire. ", "en": "Required. "}[lang] if column.required else ""
    return needed + note, column.example.say(lang) if isinstance(column.example, Words) else column.example


def cell(column: Column, value: Any, names: Mapping[Ref, str], lang: str) -> str | date | int | None:  # noqa: ANN401 -- what the column holds
    """What a spreadsheet says of a value, so that reading it again gives the value. ``names``: of linked things."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return offered(column, lang)[not value]
    if column.shape is Shape.CHOICE and value in column.choices:
        return column.choices[value].say(lang)
    if isinstance(value, tuple):
        return " ; ".join(map(str, value))
    if column.shape is Shape.LINK:
        return names.get(value, rest(value))
    return value if isinstance(value, date | int) else str(value)


def label(family: Family, fact: Any, names: Mapping[Ref, str], lang: str) -> str:  # noqa: ANN401 -- a fact of the family
    """What people call one thing of a list: the fields of its key, as they read them. ``names``: of linked things."""
    keyed = (one for key in family.key for one in family.columns if one.name == key)
    said = (cell(column, getattr(fact, column.name), names, lang) for column in keyed)
    return " · ".join(f"{one:%d/%m/%Y}" if isinstance(one, date) else str(one) for one in said if one is not None)


def sheet_title(family: Family, lang: str) -> str:
    """The name of a family's sheet."""
    told = book()["template"]["sheets"].get(family.name)
    return str(told[lang]) if told else family.title.say(lang)


def file(why: str, position: str, family: Family, lang: str) -> str:
    """Why a whole file cannot be read."""
    said = book()["files"].get(why, {}).get(lang, f"{why} ({{position}})")
    if why == "column_missing":
        position = ", ".join(heading(family, name, lang) for name in position.split(", "))
    elif lang == "fr":
        position = _PLACE.sub(lambda found: f"{found[1] or ''}{_PLACES[found[2]]}{found[3] or ''}", position)
    return str(said).replace("{position}", position)


def refusal(code: str, values: Mapping[str, str], lang: str) -> str:
    """Why what is handed over is not taken at all."""
    said = str(book()["refusals"].get(code, {}).get(lang, code))
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", value)
    return said


def heading(family: Family, name: str, lang: str) -> str:
    """A column's own heading."""
    return next(column for column in columns(family) if column.name == name).heading(lang)
