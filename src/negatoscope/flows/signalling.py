"""A mail that somebody kept is reported to Signal Spam: by a click of a named person, once, and never one of a patient.

Off until an administrator gives an account. A try is written down before anything leaves, so that none is forgotten.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from django.views.decorators.debug import sensitive_variables

from negatoscope.flows import credentials, dossiers, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.flows.dossiers import Leaving
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line
from negatoscope.flows.signal_link import NotReached, knows, post
from negatoscope.judge.mailing import providers
from negatoscope.kit.sealing import Unsealable
from negatoscope.model.continuity import Contact
from negatoscope.model.incident import Attached, Incident, Noted, State
from negatoscope.model.mail import MailSystem
from negatoscope.model.people import Person
from negatoscope.model.providers import Provider
from negatoscope.model.spam import Outcome, Sending, Service
from negatoscope.observe.collector import Login
from negatoscope.respond import tips as known_tips
from negatoscope.respond.spam import guard
from negatoscope.respond.spam import service as contract
from negatoscope.respond.spam.guard import Known, Sign
from negatoscope.store import credentials as kept
from negatoscope.store import spam as rows
from negatoscope.store.queries import incidents as logs
from negatoscope.store.queries import spam as held
from negatoscope.store.queries import tips
from negatoscope.store.vault import Tampered

ACCOUNT = "signal-spam"
"""What its log-in is called among those of collectors."""
DUTY = "SPAM"
REST = timedelta(minutes=1)
"""Between two tries of one mail."""
LOST = timedelta(minutes=5)
"""A try without an end after so long was cut with the console: nobody knows whether it was taken."""
AGAIN = "again"
"""Said by whoever checked that a mail that may have been taken was not."""


class NotSignalled(Exception):  # noqa: N818 -- what it is
    """Nothing left, or it was not taken. ``code`` says why; ``left``: it may have been taken."""

    def __init__(self, code: str, *, left: bool = False) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.left = code, left


@dataclass(frozen=True)
class Mail:
    """A kept mail, and where it was said. ``incident``: in whose log its sending is told."""

    name: str
    digest: str
    size: int
    tip: int | None = None
    incident: int | None = None


@dataclass(frozen=True)
class Dry:
    """What would leave, and what speaks against it: nothing left."""

    mail: Mail
    data: bytes
    signs: tuple[Sign, ...]
    tries: tuple[Sending, ...]
    service: Service | None
    refused: str
    """Why it cannot leave, as a code; empty: it can, once a person says so."""

    @property
    def asked(self) -> frozenset[str]:
        """What a person must have looked at."""
        unsure = bool(self.tries) and self.tries[0].outcome is Outcome.UNSURE
        return guard.asked(self.signs) | (frozenset({AGAIN}) if unsure else frozenset())


def of_tip(console: Console, number: int, place: int) -> Mail | None:
    """The mail that was joined to a report; ``None``: none is there."""
    one = tips.tip(console.practice, number)
    file = next((word.file for word in one.words if word.place == place), None) if one else None
    return Mail(file.name, file.digest, file.size, number, one.incident) if one and file else None


def of_incident(console: Console, number: int, place: int) -> Mail | None:
    """The mail that was attached to an incident; ``None``: none is there."""
    log = logs.entries(console.practice, number)
    word = next((entry.word for entry in log if entry.place == place), None)
    return Mail(word.name, word.digest, word.size, None, number) if isinstance(word, Attached) else None


def dry(console: Console, mail: Mail) -> Dry:
    """Look at a mail as if it were to leave. Raises Tampered, FileNotFoundError."""
    with console.vault.open(mail.digest) as stream:
        data = stream.read(contract.service().most + 1)
    signs = guard.look(data, _known(console))
    tries = tuple(_settled(console, held.sendings(console.practice, mail.digest)))
    told = held.service(console.practice)
    return Dry(mail, data, signs, tries, told, _refusal(console, mail, data, signs, tries))


def _settled(console: Console, tries: list[Sending]) -> list[Sending]:
    """Tries whose end nobody wrote are unsure."""
    for one in tries:
        if one.outcome is Outcome.GOING and one.began_at + LOST < console.clock():
            with alone(console):
                rows.settle(one.number, console.clock(), Outcome.UNSURE, None, "cut")
                enter(console, console.clock(), "spam_unsure", "console", {"sending": one.number, "why": "cut"})
    return held.sendings(console.practice, tries[0].digest) if tries else tries


def _refusal(
    console: Console, mail: Mail, data: bytes, signs: tuple[Sign, ...], tries: tuple[Sending, ...]
) -> str:  # fmt: skip
    told = held.service(console.practice)
    if known_tips.kind_of(data[: known_tips.HEAD]) != "eml":
        return "not_mail"
    if guard.stops(signs):
        return "patient"
    if told is None or not told.active:
        return "off"
    return _of_incident(console, mail) or _of_tries(console, tries)


def _of_incident(console: Console, mail: Mail) -> str:
    one = _incident(console, mail)
    if one is None:
        return ""
    return "exercise" if one.exercise else "closed" if one.state is State.CLOSED else ""


def _incident(console: Console, mail: Mail) -> Incident | None:
    return responding.incident(console, mail.incident) if mail.incident is not None else None


def _of_tries(console: Console, tries: tuple[Sending, ...]) -> str:
    if any(one.outcome is Outcome.TAKEN for one in tries):
        return "taken_before"
    if any(one.outcome is Outcome.GOING for one in tries):
        return "going"
    return "rest" if tries and tries[0].began_at + REST > console.clock() else ""


def _known(console: Console) -> Known:
    """Who really writes to the practice: its register's people, and domains that belong to one of them alone."""
    register = StoredRegister(console.practice)
    told = (
        *(one.email for one in register.seen(Provider).facts),
        *(one.email for one in register.seen(Contact).facts),
        *(one.email for one in register.seen(Person).facts),
    )
    addresses = frozenset(one.strip().lower() for one in told if one)
    own = {domain for system in register.seen(MailSystem).facts for domain in system.domains or ()}
    domains = {one.rpartition("@")[2] for one in addresses} | {domain.lower() for domain in own}
    return Known(addresses, frozenset(domains) - providers() - {""})


def send(console: Console, mail: Mail, looked: AbstractSet[str], who: Handler) -> Sending:
    """Report a mail, now: its own octets. ``looked``: signs that ``who`` says to have looked at.

    Raises NotSignalled, Tampered.
    """
    _settled(console, held.sendings(console.practice, mail.digest))
    login, told, number, data = _begin(console, mail, looked, who)
    try:
        status = post(told.address, login, data)
    except NotReached as error:
        outcome = Outcome.UNSURE if error.left else Outcome.REFUSED
        _settle(console, mail, _Answer(number, outcome, None, error.code), who)
        raise NotSignalled(error.code, left=error.left) from error
    why = contract.why_not(status)
    _settle(console, mail, _Answer(number, Outcome.REFUSED if why else Outcome.TAKEN, status, why), who)
    if why:
        raise NotSignalled(why)
    return held.sendings(console.practice, mail.digest)[0]


@sensitive_variables()
def _begin(
    console: Console, mail: Mail, looked: AbstractSet[str], who: Handler
) -> tuple[Login, Service, int, bytes]:  # fmt: skip
    """Look once more and write the try down, alone; what was looked at before may have changed."""
    with alone(console):
        told = dry(console, mail)
        if told.refused:
            raise NotSignalled(told.refused)
        if told.asked - looked:
            raise NotSignalled("unlooked")
        login, service = _login(console), told.service
        if service is None:
            raise NotSignalled("off")
        said = {"digest": mail.digest, "tip": mail.tip, "incident": mail.incident, "address": service.address}
        now = console.clock()
        number = rows.begin(console.practice, now, who.name, **said, name=mail.name[:200], size=mail.size)
        enter(console, now, "spam_leaving", who.operator, {"sending": number, "looked": sorted(looked), **said})
        return login, service, number, told.data


@sensitive_variables()
def _login(console: Console) -> Login:
    try:
        return credentials.opened(console, ACCOUNT)
    except CredentialRefused as error:
        raise NotSignalled("no_account") from error
    except (KeyLost, Unsealable) as error:
        raise NotSignalled("key_lost") from error


@dataclass(frozen=True)
class _Answer:
    number: int
    outcome: Outcome
    status: int | None
    why: str


def _settle(console: Console, mail: Mail, told: _Answer, who: Handler) -> None:
    """Say what became of it, in the ledger and in the log of its incident; one that was taken meets the duty."""
    with alone(console):
        now = console.clock()
        rows.settle(told.number, now, told.outcome, told.status, told.why)
        said = {"sending": told.number, "status": told.status, "why": told.why}
        enter(console, now, f"spam_{told.outcome.value}", who.operator, said)
        one = _incident(console, mail)
        if one is None or one.state is State.CLOSED:
            return
        if told.outcome is Outcome.TAKEN:
            text = f"Signal Spam a pris « {mail.name} », SHA-256 {mail.digest}."
            dossiers.send(console, one.number, DUTY, Leaving(now, receipt=f"HTTP {told.status}", text=text), who)
        else:
            text = f"Signal Spam n’a pas confirmé avoir pris « {mail.name} » ({told.why}, {told.status or '–'})."
            responding.say(console, one.number, Line(Noted(), text), who)


@sensitive_variables()
def set_account(console: Console, address: str, login: Login | None, who: Handler, *, active: bool) -> None:
    """Say where mails may be reported, with which account, and whether at all.

    ``login`` ``None``: the one that is kept stays. Raises NotSignalled (``address``, ``no_account``),
    CredentialRefused, KeyLost.
    """
    if not contract.fits(address):
        raise NotSignalled("address")
    known = kept.named(console.practice, ACCOUNT) is not None
    with alone(console):
        if login is not None:
            (credentials.replace if known else credentials.add)(console, who.operator, ACCOUNT, login)
        elif not known and active:
            raise NotSignalled("no_account")
        rows.set_service(console.practice, address=address, active=active, tried_at=None, tried="")
        enter(console, console.clock(), "spam_service", who.operator, {"address": address, "active": active})


def try_out(console: Console, who: Handler) -> str:
    """Ask the service whether it knows the account; no mail leaves. Returns why not, as a code; empty: it does.

    Raises NotSignalled: no account is kept.
    """
    told = held.service(console.practice)
    if told is None:
        raise NotSignalled("no_account")
    login = _login(console)
    try:
        status = knows(told.address, login)
        why = "" if status in contract.service().known else contract.why_not(status) or "not_known"
    except NotReached as error:
        why = error.code
    with alone(console):
        rows.set_service(console.practice, tried_at=console.clock(), tried=why)
        enter(console, console.clock(), "spam_tried", who.operator, {"address": told.address, "why": why})
    return why


__all__ = ["AGAIN", "Dry", "Mail", "NotSignalled", "Tampered", "dry", "of_incident", "of_tip", "send", "set_account"]
