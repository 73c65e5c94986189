"""``negatoscope schedule``: looks that come back by themselves."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import desk, looking, remotely
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows import rhythm


class Command(Verb):
    """List, set, pause, resume, remove."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, to which one."""
        remotely.schedule_words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console, who, what = desk.console(), desk.operator(), options["what"]
        acts = {"pause": rhythm.pause, "resume": rhythm.resume, "remove": rhythm.forget}
        with remotely.repeated():
            if what == "list":
                remotely.schedules(self, console.practice, machine=options["json"])
            elif what == "set":
                one = looking.collector(options["collector"])
                hours = options["hours"] or rhythm.PROPOSED.get(one.name, 24)
                settings = looking.settings(one, options["set"])
                rhythm.repeat(console, who, rhythm.Rhythm(one.name, options["target"], hours, settings))
            else:
                acts[what](console, who, options["number"])
        return DONE
