"""Every verb of the terminal is in its page, and every verb of the page exists."""

import re
from pathlib import Path

from negatoscope.cli.verbs import VERBS
from negatoscope.observe.spreadsheet.families import FAMILIES

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
COMMANDS = Path(__file__).parents[2] / "src/negatoscope/cli/management/commands"
INNER = {"door", "events", "watch", "job", "loop"}
"""Started by the console itself, never typed."""


def test_every_verb_is_in_the_page_and_every_verb_of_the_page_exists() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    told = {word for row in rows for word in re.findall(r"`([a-z]+)", row)} - {"code"}
    assert told == set(VERBS)


def test_every_command_is_a_verb() -> None:
    assert {path.stem for path in COMMANDS.glob("[a-z]*.py")} - INNER == set(VERBS)


def test_every_list_that_can_be_imported_is_named() -> None:
    (told,) = re.findall(r"^Lists: (.+)$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`([a-z-]+)`", told)) == set(FAMILIES)
