"""``negatoscope logs``: hand over files of logs, and choose the folders in which logs are read as they grow."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import desk, filing
from negatoscope.cli.verb import DONE, Verb


class Command(Verb):
    """Give files, follow folders, list both."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, with which file or folder."""
        filing.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console, who, what = desk.console(), desk.operator(), options["what"]
        with filing.said():
            if what == "list":
                filing.show(self, console.practice, machine=options["json"])
            elif what == "give":
                filing.give(self, console, who, options["file"], watched=options["alarms"])
            elif what == "follow":
                filing.follow(console, who, options)
            else:
                filing.leave(console, who, options["number"])
        return DONE
