"""The map taken off the network: as a picture, on paper, as a workbook; and in the sealed crisis copy."""

from collections.abc import Callable, Sequence

from negatoscope.flows import crisis
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.drawing import Laid, lay
from negatoscope.flows.recording import enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge import texts
from negatoscope.kit import age
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.carrying import Recipient, SealedCopy
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host
from negatoscope.prove.annexes import paper as register
from negatoscope.prove.annexes.content import Book
from negatoscope.prove.drawing.annexes import SAID, annexes, paper, workbook
from negatoscope.prove.drawing.svg import picture
from negatoscope.prove.report.words import day
from negatoscope.store import practice

FORMS = ("svg", "pdf", "xlsx")
"""The map itself."""
ANNEXES = "annexes"
"""The register of the network, an annex a question, as PDF."""


class NoRecipient(Exception):  # noqa: N818 -- what it is
    """Nobody's key was entered: a sealed copy that nobody opens is none."""


def taken(console: Console, operator: str, form: str, lang: str) -> bytes:
    """The map in one of its forms; the ledger knows who took it."""
    data = _made(console, lay(console), form, lang)
    enter(console, console.clock(), "export", operator, {"what": f"map {form}", "digest": sha256(data)})
    return data


def _made(console: Console, laid: Laid, form: str, lang: str) -> bytes:
    if form == ANNEXES:
        return _annexes(console, laid, lang)
    if form == "svg":
        return picture(laid.drawing, laid.boxes, SAID["title"].say(lang)).encode()
    hosts = {host.ref: host for host in StoredRegister(console.practice).seen(Host).facts}
    tables = annexes(laid.drawing, hosts, lang)
    if form == "xlsx":
        return workbook(tables)
    drawn = picture(laid.drawing, laid.boxes, SAID["title"].say(lang))
    return paper(drawn, tables, practice.name(console.practice), lang, console.clock())


def _annexes(console: Console, laid: Laid, lang: str) -> bytes:
    tongue: Lang = "fr" if lang == "fr" else "en"
    book = Book(
        StoredRegister(console.practice),
        laid.drawing,
        lang,
        gap=lambda why, values: texts.gap(why, values, tongue),
        day=lambda at: day(at, lang),
    )
    now = console.clock()
    return register.paper(register.annexes(book), practice.name(console.practice), lang, now, day(now, lang))


def recipients(console: Console) -> Sequence[Recipient]:
    """Whose keys open the sealed copies."""
    return StoredRegister(console.practice).seen(Recipient).facts


def copies(console: Console) -> list[SealedCopy]:
    """The copies that were made, the newest first."""
    made = StoredRegister(console.practice).seen(SealedCopy).facts
    return sorted(made, key=lambda copy: copy.made_at, reverse=True)


def entrust(console: Console, operator: str, name: str, key: str) -> Recipient:
    """Let one more key open the copies to come. Raises NoKey."""
    recipient = Recipient(name, age.checked(key))
    declare(console, Said(operator, "configuration"), (recipient,))
    return recipient


def withdraw(console: Console, operator: str, ref: str) -> None:
    """Let a key open no further copy; those that were made stay open to it."""
    declare(console, Said(operator, "configuration"), (), (Retraction(Recipient.__name__, ref),))


def hand_over(_data: bytes) -> None:
    """Leave it to who asked for the copy."""


def sealed(
    console: Console, operator: str, lang: str, deliver: Callable[[bytes], object] = hand_over
) -> tuple[bytes, SealedCopy]:
    """The crisis copy in one sealed file, entered in the register and the ledger once it is delivered.

    Raises NoRecipient, and what delivering raises: a copy that nobody got is none.
    """
    keepers = recipients(console)
    if not keepers:
        raise NoRecipient
    laid, at = lay(console), console.clock()
    forms = {f"carte.{form}": _made(console, laid, form, lang) for form in ("pdf", "xlsx")}
    forms["registre.pdf"] = _made(console, laid, ANNEXES, lang)
    forms["carte.json"] = canonical({"format": "negatoscope-map/1", "made_at": at, "drawing": laid.drawing})
    clear = crisis.copy(console, laid, "fr" if lang == "fr" else "en", forms)
    data = age.seal(clear, [one.key for one in keepers])
    deliver(data)
    names = tuple(f"{one.name} {age.fingerprint(one.key)}" for one in keepers)
    copy = SealedCopy(at, sha256(data), len(data), operator, names, crisis.HOLDS)
    declare(console, Said(operator, "export"), (copy,))
    return data, copy
