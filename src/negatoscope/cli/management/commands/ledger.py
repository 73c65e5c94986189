"""``negatoscope ledger``: export, checkpoint, rotate the signing key; ``ledger verify`` works without a database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from negatoscope.cli import desk
from negatoscope.flows import ledgering
from negatoscope.flows.console import Console, KeyLost
from negatoscope.kit.canonical import canonical
from negatoscope.kit.durable import write_durably
from negatoscope.prove.ledger import key_id


class Command(BaseCommand):
    """Take the ledger elsewhere, sign it, change its key."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, and where to write."""
        acts = parser.add_subparsers(dest="act", required=True)
        for act in ("export", "checkpoint"):
            acts.add_parser(act).add_argument("file", type=Path)
        acts.add_parser("rotate")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Do it and say what was done."""
        try:
            self._do(desk.console(), options)
        except KeyLost as error:
            raise CommandError(str(error)) from error

    def _do(self, console: Console, options: dict[str, Any]) -> None:
        if options["act"] == "rotate":
            change = ledgering.rotate(console, desk.operator())
            self.stdout.write(f"{key_id(change.old)} -> {key_id(change.new)}")
        elif options["act"] == "export":
            write_durably(options["file"], ledgering.export(console, desk.operator()))
            self.stdout.write(f"{options['file']}")
        else:
            signed = ledgering.checkpoint(console)
            write_durably(options["file"], canonical(signed) + b"\n")
            self.stdout.write(f"{options['file']}: {signed.size} entries, head {signed.head}, key {key_id(signed.key)}")
