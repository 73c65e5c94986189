"""``negatoscope reflexes``: what to do, and not to do, in the first hour. Needs no console and no Django."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import msgspec

from negatoscope.cli.helping import helped
from negatoscope.kit.clock import utc_now
from negatoscope.kit.terminal import language
from negatoscope.respond.reflex import PHASES, Phase, Sheet, Step, name_of, sheets

USAGE = 2
WIDTH = 78
MARKS = {"qualify": "  – ", "dont": "  ✗ "}
SAY = helped("reflexes")


def main(arguments: Sequence[str]) -> int:
    """Print the list of sheets, or one of them. Returns the exit status."""
    asked = parser().parse_args(arguments)
    known = {sheet.id: sheet for sheet in sheets()}
    if asked.sheet not in (None, *known):
        sys.stderr.write(SAY("unknown").format(name=asked.sheet[:80], known=", ".join(known)) + "\n")
        return USAGE
    if asked.pdf:
        return _print(known.get(asked.sheet), asked.pdf)
    chosen = [sheet for sheet in known.values() if asked.sheet in (None, sheet.id)]
    if asked.json:
        sys.stdout.write("".join(map(_row, chosen)))
    else:
        sys.stdout.write(_page(chosen[0]) if asked.sheet else _list(chosen))
    return 0


def _print(sheet: Sheet | None, path: Path) -> int:
    """Write one sheet as a PDF."""
    from negatoscope.flows import guiding  # noqa: PLC0415 -- the compiler loads for who prints

    if sheet is None:
        sys.stderr.write(SAY("one_pdf") + "\n")
        return USAGE
    try:
        path.write_bytes(guiding.printed(sheet, language(), utc_now()))
    except OSError as error:
        sys.stderr.write(SAY("unwritten").format(path=path, why=error.strerror or error) + "\n")
        return 1
    return 0


def _list(chosen: Sequence[Sheet]) -> str:
    lines = [line for sheet in chosen for line in (f"  {sheet.id:<12}{sheet.title[language()]}", *_seen(sheet), "")]
    return "\n".join((*lines, SAY("one"))) + "\n"


def _seen(sheet: Sheet) -> list[str]:
    return wrap(sheet.seen[language()], WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 14)


def _row(sheet: Sheet) -> str:
    """One sheet for scripts, on a line, in the terminal's language."""
    lang = language()
    row = {
        "sheet": sheet.id,
        "title": sheet.title[lang],
        "seen": sheet.seen[lang],
        "minutes": sheet.minutes,
        "steps": [_told(sheet, phase, step) for phase in PHASES for step in sheet.steps(phase)],
        "sources": [{"name": one.name[lang], "as_of": one.as_of} for one in sheet.sources().values()],
    }
    return msgspec.json.encode(row).decode() + "\n"


def _told(sheet: Sheet, phase: Phase, step: Step) -> dict[str, object]:
    return {"id": name_of(sheet, phase, step), "phase": phase, "text": step[language()], "confidence": step.confidence}


def _page(sheet: Sheet) -> str:
    """One sheet for people, to print and tick with a pen; a source's number stands behind what it says."""
    lines = [sheet.title[language()].upper(), *wrap(sheet.seen[language()], WIDTH), ""]
    for phase in PHASES:
        lines += [sheet.title_of(phase, language()).upper(), *_steps(sheet, phase), ""]
    lines.append(SAY("sources"))
    for place, source in enumerate(sheet.sources().values(), 1):
        text = f"[{place}] {source.name[language()]} ({SAY('checked').format(day=source.as_of)})"
        lines += wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ")
    return "\n".join((*lines, "", *wrap(SAY("doubts"), WIDTH))) + "\n"


def _steps(sheet: Sheet, phase: Phase) -> list[str]:
    numbers = {name: place for place, name in enumerate(sheet.sources(), 1)}
    mark = MARKS.get(phase, "  ☐ ")
    lines = []
    for step in sheet.steps(phase):
        doubt = "" if step.confidence == "sure" else SAY(step.confidence)
        said = f"{step[language()]}\u00a0[{numbers[step.source]}]{doubt}"
        lines += wrap(said, WIDTH, initial_indent=mark, subsequent_indent="    ", break_on_hyphens=False)
        lines += [f"      {SAY('answers')}"] if phase == "qualify" else []
    return lines


def parser() -> argparse.ArgumentParser:
    """What the verb takes."""
    words = argparse.ArgumentParser(prog="negatoscope reflexes", description=SAY("does"))
    words.add_argument("sheet", nargs="?", metavar="SHEET", help=SAY("sheet"))
    words.add_argument("--pdf", type=Path, metavar="FILE", help=SAY("pdf"))
    words.add_argument("--json", action="store_true", help=SAY("json"))
    return words
