"""``negatoscope credential``: the log-ins that collectors borrow; secrets are typed or piped, never arguments."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import desk, remotely
from negatoscope.cli.verb import DONE, FAILED, Verb
from negatoscope.flows import channels, codes, credentials


class Command(Verb):
    """Add, replace, list, try, remove; seal all anew."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, to which one."""
        remotely.credential_words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console, who, what, name = desk.console(), desk.operator(), options["what"], options.get("name", "")
        with remotely.borrowed():
            match what:
                case "list":
                    remotely.credentials(self, console.practice, machine=options["json"])
                case "rotate":
                    self.stdout.write(str(sum(room.rotate(console, who) for room in (credentials, codes, channels))))
                case "public":
                    self.stdout.write(remotely.public(console, name))
                case "try":
                    return DONE if credentials.try_out(console, who, name) else FAILED
                case "remove":
                    credentials.remove(console, who, name)
                case _:
                    keep = credentials.add if what == "add" else credentials.replace
                    keep(console, who, name, remotely.login(options))
        return DONE
