"""``negatoscope ssh``: what to install on Linux servers, and the key that one shows."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.observe.collector import Unreachable
from negatoscope.observe.linux.lent import ACCOUNT, sudoers
from negatoscope.observe.ssh.session import fingerprint, host_key_of


class Command(Verb):
    """Print the sudo rule; ask a server for its key."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to print."""
        acts = parser.add_subparsers(dest="what", required=True)
        acts.add_parser("sudoers").add_argument("--account", default=ACCOUNT)
        key = acts.add_parser("key")
        key.add_argument("address")
        key.add_argument("--port", type=int, default=22)

    def act(self, options: dict[str, Any]) -> int:
        """Print it, or say why not."""
        try:
            if options["what"] == "sudoers":
                self.stdout.write(sudoers(options["account"]), ending="")
            else:
                self.stdout.write(fingerprint(host_key_of(options["address"], options["port"])))
        except ValueError as error:
            raise Fails(_("« %(name)s » ne peut pas nommer un compte.") % {"name": error}) from error
        except Unreachable as error:
            raise Fails(_("Ce serveur ne répond pas en SSH.")) from error
        return DONE
