"""How verbs speak of log-ins and schedules; a secret comes from a terminal or a pipe, never from a word."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli import telling
from negatoscope.cli.verb import USAGE, Fails, Verb
from negatoscope.flows import credentials as flow
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import UNSIGNED, CredentialRefused
from negatoscope.flows.rhythm import RhythmRefused
from negatoscope.kit.sealing import Unsealable
from negatoscope.observe.collector import Login
from negatoscope.observe.ssh.privilege import authorized_keys
from negatoscope.store.queries import credentials as held
from negatoscope.store.queries import schedules as rhythms

DIGESTS = ("sha256", "sha512", "sha1", "md5", UNSIGNED)
CIPHERS = ("aes128", "des")


def credential_words(parser: CommandParser) -> None:
    """What the verb ``credential`` takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    for what in ("add", "replace", "try", "remove", "public"):
        acts.add_parser(what).add_argument("name")
    for what in ("add", "replace"):
        acts.choices[what].add_argument("--username", default="")
        acts.choices[what].add_argument("--key", type=Path, help=_("fichier d’une clé privée SSH"))
        acts.choices[what].add_argument("--make-key", action="store_true", help=_("faire une paire de clés ici"))
        acts.choices[what].add_argument("--snmp", choices=("community", *DIGESTS), help=_("communauté, ou signature"))
        acts.choices[what].add_argument("--cipher", choices=CIPHERS, default="", help=_("chiffrement SNMP"))
    acts.add_parser("list").add_argument("--json", action="store_true", help=_("pour un programme"))
    acts.add_parser("rotate")


def schedule_words(parser: CommandParser) -> None:
    """What the verb ``schedule`` takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    acts.add_parser("list").add_argument("--json", action="store_true", help=_("pour un programme"))
    for what in ("pause", "resume", "remove"):
        acts.add_parser(what).add_argument("number", type=int)
    setting = acts.add_parser("set")
    setting.add_argument("collector")
    setting.add_argument("target", nargs="?", default="")
    setting.add_argument("--hours", type=int)
    wanted = _("réglage du collecteur")
    setting.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=wanted)


def login(options: Mapping[str, Any]) -> Login:
    """The log-in that is to be kept; its secret is read now."""
    if options["make_key"]:
        return flow.made_here(options["username"])
    if options["key"]:
        return Login(options["username"], None, options["key"].read_text())
    if options["snmp"]:
        return _snmp(options)
    return Login(options["username"], telling.password())


def _snmp(options: Mapping[str, Any]) -> Login:
    """Who asks agents; with a cipher, the second secret read is the one that encrypts."""
    digest = options["snmp"]
    if digest == "community":
        return Login("", community=telling.password())
    signs = telling.password() if digest != UNSIGNED else None
    privacy = telling.password() if options["cipher"] else None
    return Login(options["username"], signs, digest=digest, cipher=options["cipher"], privacy=privacy)


def public(console: Console, name: str) -> str:
    """The line of ``authorized_keys`` of a key. Raises Fails for a password."""
    line = flow.public_line(flow.opened(console, name))
    if line is None:
        raise Fails(_("Cet identifiant est un mot de passe : il n’a pas de clé publique."))
    return authorized_keys(line)


def credentials(verb: Verb, practice: int, *, machine: bool) -> None:
    """Every log-in, without its secret."""
    found = held.credentials(practice)
    if machine:
        verb.machine(found)
        return
    table = verb.table(_("Nom"), _("Sorte"), _("Nom de connexion"), _("Dernier emprunt"))
    for one in found:
        used = f"{one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else ""
        table.add_row(*map(escape, (one.name, one.kind, one.username, used)))
    verb.screen().print(table)


def schedules(verb: Verb, practice: int, *, machine: bool) -> None:
    """Every look that comes back."""
    found = rhythms.schedules(practice)
    if machine:
        verb.machine(
            [{name: getattr(one, name) for name in one.__dataclass_fields__ if name != "last"} for one in found]
        )
        return
    table = verb.table(">" + _("Numéro"), _("Collecteur"), _("Cible"), ">" + _("Heures"), _("Prochain"))
    for one in found:
        coming = f"{one.next_at:%Y-%m-%d %H:%M} UTC" if one.active else _("en pause")
        table.add_row(*map(escape, (str(one.id), one.collector, one.target, str(one.every_hours), coming)))
    verb.screen().print(table)


@contextmanager
def borrowed() -> Iterator[None]:
    """Say why a log-in is not taken. Raises Fails."""
    said = {
        "empty": _("Il manque le nom de connexion ou le secret."),
        "too_long": _("Ce secret est trop long."),
        "not_a_key": _("Ce n’est pas une clé privée, ou sa phrase ne l’ouvre pas."),
        "name_taken": _("Un autre identifiant porte déjà ce nom."),
        "unknown": _("Cet identifiant n’existe plus."),
    }
    try:
        yield
    except CredentialRefused as error:
        raise Fails(said[error.code], USAGE) from error
    except Unsealable as error:
        raise Fails(_("L’identifiant ne s’ouvre plus : saisissez-le de nouveau.")) from error


@contextmanager
def repeated() -> Iterator[None]:
    """Say why a rhythm is not taken. Raises Fails."""
    try:
        yield
    except RhythmRefused as error:
        raise Fails(_("Ce rythme n’est pas pris : %(code)s.") % {"code": error.code}, USAGE) from error
