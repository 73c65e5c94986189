"""``negatoscope ledger``: export, checkpoint, rotate the signing key; ``ledger verify`` works without a database."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows import ledgering
from negatoscope.kit.canonical import canonical
from negatoscope.kit.durable import write_durably
from negatoscope.prove.ledger import key_id


class Command(Verb):
    """Take the ledger elsewhere, sign it, change its key."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, and where to write."""
        acts = parser.add_subparsers(dest="act", required=True)
        for act in ("export", "checkpoint"):
            acts.add_parser(act).add_argument("file", type=Path)
        acts.add_parser("rotate")

    def act(self, options: dict[str, Any]) -> int:
        """Do it and say what was done."""
        console = desk.console()
        if options["act"] == "rotate":
            change = ledgering.rotate(console, desk.operator())
            self.stdout.write(f"{key_id(change.old)} → {key_id(change.new)}")
            return DONE
        if options["act"] == "export":
            written = ledgering.export(console, desk.operator())
        else:
            written = canonical(ledgering.checkpoint(console)) + b"\n"
        write_durably(options["file"], written)
        self.stdout.write(_("Écrit : %(file)s") % {"file": options["file"]})
        return DONE
