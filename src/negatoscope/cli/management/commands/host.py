"""``negatoscope host``: take an equipment off the map."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import reconciling


class Command(Verb):
    """Retire a host."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what, and which."""
        parser.add_argument("what", choices=("retire",), help=_("retirer de la carte ; les relevés restent au coffre"))
        parser.add_argument("name", metavar=_("NOM"), help=_("le nom au registre, comme sur sa fiche"))

    def act(self, options: dict[str, Any]) -> int:
        """Retire, and say what went and how to undo it."""
        name = options["name"].removeprefix("host/")
        try:
            gone = reconciling.retire(desk.console(), desk.operator(), f"host/{name}")
        except reconciling.NoSuchHost as error:
            raise Fails(_("Aucun équipement « %(name)s » au registre.") % {"name": name}, USAGE) from error
        told = _("%(name)s est retiré : %(facts)d faits, %(software)d logiciels. Les relevés restent au coffre.")
        self.stdout.write(told % {"name": name, "facts": gone.facts, "software": gone.software})
        self.stdout.write(_("Un relevé qui le voit, ou une déclaration, le ramène."))
        return DONE
