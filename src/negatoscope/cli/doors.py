"""How verbs that go to an equipment over SSH are told where it answers, as whom, and by which key it is known."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import USAGE, Fails
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.evidence import Ref
from negatoscope.model.networks import HostKey
from negatoscope.observe.collector import Login
from negatoscope.observe.ssh.collector import place
from negatoscope.observe.ssh.session import Door, host_key_of


def words(parser: CommandParser) -> None:
    """What the act takes of the way in."""
    parser.add_argument("--address", required=True, help=_("où il répond"))
    parser.add_argument("--port", type=int, default=22)
    parser.add_argument("--user", default="root")
    parser.add_argument("--secret-file", type=Path, help=_("fichier du mot de passe, qui n’est pas gardé"))
    parser.add_argument("--key-file", type=Path, help=_("fichier de la clé privée, qui n’est pas gardée"))
    parser.add_argument("--host-key", default="", help=_("l’empreinte de sa clé, lue sur l’équipement : SHA256:…"))


def host(options: Mapping[str, Any]) -> Ref:
    """The host that is meant, by its name or its reference."""
    named = str(options["host"])
    return named if named.startswith("host/") else f"host/{named}"


def door(options: Mapping[str, Any], *, knock: bool = True) -> Door:
    """The way in; ``knock``: ask the equipment for its key, which somebody must have accepted. Raises Fails."""
    address, port = options["address"], options["port"]
    login = Login(options["user"], content(options["secret_file"]), content(options["key_file"]))
    if login.password is None and login.private_key is None:
        raise Fails(_("Donnez --secret-file ou --key-file : la console ne garde pas ce secret."), USAGE)
    return Door(address, port, login, _key(address, port, options["host_key"]) if knock else "")


def content(file: Path | None) -> str | None:
    """What a file of a secret holds, without the end of its line."""
    return None if file is None else file.read_text().removesuffix("\n")


def _key(address: str, port: int, told: str) -> str:
    """The key that the host shows: the one accepted before, or the one whose fingerprint was read on the host."""
    shown = host_key_of(address, port)
    mark = "SHA256:" + b64encode(hashlib.sha256(b64decode(shown.split()[1])).digest()).decode().rstrip("=")
    accepted = {one.place: one.key for one in StoredRegister(desk.console().practice).seen(HostKey).facts}
    if mark != told.strip() and accepted.get(place(address, port)) != shown:
        raise Fails(
            _(
                "Personne n’a accepté la clé de %(address)s. Sur l’équipement, comparez avec « ssh-keygen -lf"
                " /etc/ssh/ssh_host_ed25519_key.pub », puis recommencez avec --host-key %(mark)s."
            )
            % {"address": address, "mark": mark}
        )
    return shown
