"""``negatoscope tls NAME…``: let other computers reach the console, with a certificate of its own."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli.telling import NOT_ENCRYPTED
from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.flows.encrypting import NotEncrypted, encrypt
from negatoscope.kit.clock import utc_now


class Command(Verb):
    """Make the certificate, write the settings, and say what to do next."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names and addresses under which others reach the console."""
        parser.add_argument("names", nargs="+", metavar="NAME", help=_("nom ou adresse de cet ordinateur"))

    def act(self, options: dict[str, Any]) -> int:
        """Print the address, and the fingerprint to compare."""
        try:
            config, made = encrypt(settings.CONFIG, options["names"], utc_now())
        except NotEncrypted as error:
            raise Fails(str(NOT_ENCRYPTED[error.args[0]]) % {"name": error.args[1]}) from error
        told = {"url": config.address, "print": made.fingerprint}
        self.stdout.write(_("Arrêtez la console et relancez-la ; elle répondra à %(url)s") % told)
        self.stdout.write(_("Au premier accès, le navigateur montre cette empreinte (SHA-256) : %(print)s") % told)
        return DONE
