"""The chain of custody of an incident's evidence as a PDF, sealed by the ledger."""

from negatoscope.flows import responding
from negatoscope.flows.console import Console
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.naming import known_as
from negatoscope.kit.bilingual import Lang
from negatoscope.model.custody import Collected, Compared, Passed
from negatoscope.model.incident import Entry
from negatoscope.prove.custody.paper import Link, Paper, Piece, render, words
from negatoscope.prove.ledger import key_id
from negatoscope.prove.report.words import instant
from negatoscope.respond.custody import Chain, chains
from negatoscope.store import practice


def printed(console: Console, number: int, lang: Lang) -> bytes:
    """Every piece with what became of it, and room to sign the next handing over. Raises Refused."""
    one, now, say = responding.incident(console, number), console.clock(), words(lang)
    seal = checkpoint(console)
    told = Paper(
        lang,
        practice.name(console.practice),
        " – ".join(
            filter(None, (say["exercise"] if one.exercise else "", say["incident"].format(number=number), one.title))
        ),
        instant(now, lang),
        tuple(_piece(console, chain, lang) for chain in chains(one)),
        say["ledger"].format(size=seal.size, head=seal.head[:16], key=key_id(seal.key)),
    )
    return render(told, now)


def _piece(console: Console, chain: Chain, lang: Lang) -> Piece:
    word, say = chain.word, words(lang)
    host = known_as(console.practice, word.host, lang)
    return Piece(
        f"{say[word.piece]} – {host}", word.name, "" if word.size is None else f"{word.size} {say['octets']}",
        word.digest, word.read, chain.holder, chain.seal, chain.altered,
        tuple(_link(entry, word, lang) for entry in (chain.taken, *chain.links)),
    )  # fmt: skip


def _link(entry: Entry, taken: Collected, lang: Lang) -> Link:
    what = _what(entry, taken, words(lang))
    return Link(instant(entry.at, lang), f"{what} – {entry.text}" if entry.text else what, entry.name or entry.who)


def _what(entry: Entry, taken: Collected, say: dict[str, str]) -> str:
    match entry.word:
        case Passed(_, to, seal):
            return say["passed"].format(to=to) + (say["sealed"].format(seal=seal) if seal else "")
        case Compared(_, digest):
            return say["same"] if digest == taken.digest else say["changed"].format(digest=digest[:16])
    return say["taken"]
