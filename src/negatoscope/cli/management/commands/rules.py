"""``negatoscope rules``: which Sigma rules the watch holds events against."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk, ruled
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows import rulefiles, ruling


class Command(Verb):
    """Import, list, drop; turn off and on."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what, and which."""
        acts = parser.add_subparsers(dest="what", required=True)
        acts.add_parser("import").add_argument("file", type=Path, help=_("règle, ou archive .zip de règles Sigma"))
        acts.add_parser("check").add_argument("file", type=Path, help=_("règle à relire, et à essayer sur 7 jours"))
        back = acts.add_parser("back")
        back.add_argument("name", help=_("fichier importé, comme dans la liste"))
        back.add_argument("digest", nargs="?", default="", help=_("début de l’empreinte ; sans elle, les versions"))
        acts.add_parser("drop").add_argument("name", help=_("fichier importé, comme dans la liste"))
        acts.add_parser("on").add_argument("rule", help=_("identifiant Sigma"))
        acts.add_parser("off").add_argument("rule", help=_("identifiant Sigma"))
        acts.choices["off"].add_argument("--reason", required=True, help=_("pourquoi elle ne vaut pas ici"))
        listed = acts.add_parser("list")
        listed.add_argument("--refused", action="store_true", help=_("celles qui ne peuvent pas tourner, et pourquoi"))
        listed.add_argument("--json", action="store_true", help=_("pour un programme"))

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console, who, what = desk.console(), desk.operator(), options["what"]
        with ruled.refusals():
            if what == "import":
                name, data = ruled.file(options["file"])
                ruled.taken(self, rulefiles.take(console, who, name, data))
            elif what == "check":
                return ruled.checked(self, console, *ruled.file(options["file"]))
            elif what == "back":
                ruled.back(self, console, options["name"], options["digest"])
            elif what == "list":
                ruled.listed(self, console, refused=options["refused"], machine=options["json"])
            elif what == "drop":
                ruling.drop(console, who, options["name"])
            elif what == "off":
                ruling.turn_off(console, who, options["rule"], options["reason"])
            else:
                ruling.turn_on(console, who, options["rule"])
        return DONE
