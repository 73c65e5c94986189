"""``negatoscope replay``: rebuild the register and every judgement from the vault, on an empty database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk
from negatoscope.flows.replaying import Contradicted, NotEmpty, Tampered, replay


class Command(BaseCommand):
    """Replay the vault's journal."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer output for machines."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Rebuild, or say which piece of evidence is not what it was."""
        try:
            done = replay(desk.bare_console(), desk.operator())
        except (NotEmpty, Tampered, Contradicted) as error:
            reasons = {
                NotEmpty: "The database is not empty: move negatoscope.sqlite3 away first, then replay.",
                Tampered: f"The vault is not what it was: {error}. Nothing was rebuilt.",
                Contradicted: f"Judgement {error} comes out differently. Nothing was rebuilt.",
            }
            self.stderr.write(reasons[type(error)])
            sys.exit(1)
        if options["json"]:
            self.stdout.write(f'{{"observations":{done.observations},"judgements":{done.judgements}}}')
        else:
            self.stdout.write(f"{done.observations} observations, {done.judgements} judgements rebuilt.")
