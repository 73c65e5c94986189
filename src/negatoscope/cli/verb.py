"""What verbs share: their language, output for machines, and how they fail: one sentence, one exit code."""

import os
import sys
import unicodedata
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from rich.console import Console as Screen
from rich.table import Table

from negatoscope.cli import language
from negatoscope.cli.verbs import VERBS
from negatoscope.flows.console import KeyLost
from negatoscope.flows.disk import DiskFull, room_on
from negatoscope.kit.canonical import canonical

DONE, FAILED, USAGE, MET, DISK_FULL, CANCELLED = 0, 1, 2, 3, 4, 130
"""Exit codes, documented in ``docs/commands.md``. MET: what ``--fail-on`` names was found."""

DJANGO_OWN = {
    "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
    "--skip-checks",
}  # fmt: skip
"""Options that Django adds, and that say nothing to our users."""


class Fails(Exception):  # noqa: N818 -- what it is
    """The verb cannot be done; the sentence says why, and the remedy."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        """Keep the sentence and the exit code."""
        super().__init__(sentence)
        self.code = code


class Verb(BaseCommand):
    """Parse, call one flow, print; ``act`` returns the exit code."""

    requires_system_checks = ()
    lang: Literal["fr", "en"]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # noqa: ANN401 -- Django's
        """Speak the terminal's language from the first word of help on."""
        self.lang = language.speak()
        self.help = str(VERBS[subcommand])
        self.suppressed_base_arguments = DJANGO_OWN
        return super().create_parser(prog_name, subcommand, **kwargs)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Act, and exit with the code unless all is done."""
        with _told(self):
            code = self.act(options)
        if code:
            sys.exit(code)

    @abstractmethod
    def act(self, options: dict[str, Any]) -> int:
        """Do the work; returns the exit code. Raises Fails."""

    def machine(self, value: object) -> None:
        """Print for machines: one line of canonical JSON."""
        self.stdout.write(canonical(value).decode())

    def screen(self) -> Screen:
        """Where tables go; as wide as the terminal, or as a pipe takes."""
        return Screen(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), highlight=False)

    def table(self, *columns: str) -> Table:
        """A table in the house's style; a column whose name begins with ``>`` is aligned right."""
        table = Harmless(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for name in columns:
            table.add_column(
                name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold"
            )
        return table


class Harmless(Table):
    """A table whose cells command no terminal: what devices wrote, and called themselves, stands in them."""

    def add_row(self, *cells: Any, **more: Any) -> None:  # noqa: ANN401 -- as its parent has it
        """Add a row."""
        super().add_row(*(harmless(cell) if isinstance(cell, str) else cell for cell in cells), **more)


def harmless(text: str) -> str:
    """A text without signs that move a cursor, change colours or turn the direction of what is read."""
    return "".join(sign if sign == "\n" or unicodedata.category(sign)[0] != "C" else "\ufffd" for sign in text)


@contextmanager
def _told(verb: Verb) -> Iterator[None]:
    """Turn what went wrong into one sentence on stderr and an exit code."""
    try:
        with room_on(settings.CONFIG.data):
            yield
    except Fails as error:
        _leave(verb, str(error), error.code)
    except DiskFull:
        _leave(
            verb, _("Le disque est plein : rien n’a été enregistré. Libérez de la place, puis recommencez."), DISK_FULL
        )
    except KeyLost as error:
        _leave(
            verb,
            _("La clé %(file)s manque et la console en dépend : remettez-la depuis votre copie du dossier des clés.")
            % {"file": error.filename},
            FAILED,
        )
    except KeyboardInterrupt:
        _leave(verb, _("Arrêté à votre demande : rien n’a été enregistré."), CANCELLED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has left: nothing to add
        sys.exit(FAILED)
    except (DatabaseError, OSError) as error:
        _leave(verb, _("Impossible d’écrire ou de lire : %(why)s") % {"why": error}, FAILED)


def _leave(verb: Verb, sentence: str, code: int) -> None:
    verb.stderr.write(sentence)
    sys.exit(code)
