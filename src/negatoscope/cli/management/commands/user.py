"""``negatoscope user``: who may use the console. A password is typed or read from standard input, never an argument."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk, telling
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows import admitting, securing
from negatoscope.store.roles import Role


class Command(Verb):
    """Add, list, disable, enable, change a role or a password."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, to whom."""
        acts = parser.add_subparsers(dest="what", required=True)
        for what in ("add", "disable", "enable", "password", "factors"):
            acts.add_parser(what).add_argument("username")
        acts.choices["add"].add_argument("--name", required=True, help=_("nom complet de la personne"))
        acts.add_parser("role").add_argument("username")
        for what in ("add", "role"):
            acts.choices[what].add_argument("--role", choices=list(Role), required=what == "role", default=Role.READER)
        acts.add_parser("list").add_argument("--json", action="store_true", help=_("pour un programme"))

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console, who, username = desk.console(), desk.operator(), options.get("username", "")
        with telling.admission():
            match options["what"]:
                case "list":
                    telling.users(self, console.practice, machine=options["json"])
                case "add":
                    admitting.add_user(console, who, telling.newcomer(options))
                case "role":
                    admitting.give_role(console, who, username, Role(options["role"]))
                case "factors":
                    securing.reset(console, who, username)
                case "password":
                    admitting.change_password(console, who, username, telling.password())
                case what:
                    (admitting.disable_user if what == "disable" else admitting.enable_user)(console, who, username)
        return DONE
