"""The hand-over pack of an incident: one archive, read without this console, with the digest of all that is in it."""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import escape

from negatoscope.flows import carrying, custody_paper, hunting, questioning, responding
from negatoscope.flows.console import Console
from negatoscope.flows.drawing import lay
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.naming import known_as
from negatoscope.flows.questioning import BadWindow, NoSuchHost, Questioning
from negatoscope.flows.recording import enter
from negatoscope.kit import age
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.drawing import Drawing
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Incident, Moment, Touched, What
from negatoscope.prove.drawing.svg import picture
from negatoscope.prove.ledger import key_id
from negatoscope.prove.report.words import instant
from negatoscope.respond import pack
from negatoscope.respond.pack import Row, words
from negatoscope.respond.questions.answer import Window
from negatoscope.store import aliases, practice
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries.events import Refused as Unanswered
from negatoscope.store.queries.events import Wanted
from negatoscope.store.queries.paging import Ask

MOST_HOSTS, MOST_EVENTS = 10, 5_000
BEFORE, LONGEST = timedelta(days=1), timedelta(days=365)
DIGESTS = "EMPREINTES.sha256"
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""First signs of what a spreadsheet would compute."""


@dataclass
class _Pack:
    """What is put in, in order, and what the index says of it."""

    lang: Lang
    files: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, part: str, name: str, data: bytes, note: str = "") -> None:
        self.files[name] = data
        self.told.setdefault(part, []).append((name, note))

    def table(self, part: str, name: str, titles: Row, rows: Iterable[Row]) -> None:
        """Semicolons and a byte order mark, as French spreadsheets expect; what looks like a formula is quoted."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(titles)
        writer.writerows([f"'{cell}" if cell.startswith(ACTIVE) else cell for cell in row] for row in rows)
        self.add(part, name, b"\xef\xbb\xbf" + out.getvalue().encode())


def packed(console: Console, operator: str, number: int, lang: Lang, *, keys: tuple[str, ...] = ()) -> bytes:
    """The pack, sealed for ``keys`` where some are given; the ledger knows who took it. Raises Refused."""
    one, log = responding.incident(console, number), held.entries(console.practice, number)
    made = _Pack(lang)
    made.table("timeline", "main-courante.csv", pack.TIMELINE, pack.timeline(log, one.struck))
    made.table("clues", "indicateurs.csv", pack.CLUES, pack.clues(one))
    made.table("pieces", "pieces.csv", pack.PIECES, pack.pieces(one, log))
    made.add("custody", "chaine-de-conservation.pdf", custody_paper.printed(console, number, lang))
    leaders = aliases.leading(console.practice)
    hosts = sorted({leaders.get(host, host) for host in _hosts(one)})
    if hosts:
        made.add("map", "carte-extrait.svg", _extract(console, frozenset(hosts), words().title[lang]))
    window = _window(console, one)
    for n, host in enumerate(hosts[:MOST_HOSTS], start=1):
        _of_host(console, made, host, window, n)
    data = _zipped(console, made, _index(console, made, one, len(hosts)))
    data = age.seal(data, list(keys)) if keys else data
    said = {"what": f"pack {number}", "digest": sha256(data), "sealed": bool(keys)}
    enter(console, console.clock(), "export", operator, said)
    return data


def sealed(console: Console, operator: str, number: int, lang: Lang) -> bytes:
    """The pack for those whose keys open the crisis copy. Raises Refused, NoRecipient."""
    keepers = carrying.recipients(console)
    if not keepers:
        raise carrying.NoRecipient
    return packed(console, operator, number, lang, keys=tuple(one.key for one in keepers))


def _hosts(one: Incident) -> list[Ref]:
    found = (entry.word for entry in one.touched.values())
    return [word.name for word in found if isinstance(word, Touched) and word.what is What.HOST]


def _window(console: Console, one: Incident) -> Window:
    """From a day before it happened, as far as anybody said, to now."""
    now = console.clock()
    seen = one.moment(Moment.OCCURRED) or one.moment(Moment.DETECTED) or one.opened.at
    try:
        return questioning.window(now, max(min(seen, now) - BEFORE, now - LONGEST), None, None)
    except BadWindow:
        return questioning.window(now, None, None, None)


def _of_host(console: Console, made: _Pack, host: Ref, window: Window, n: int) -> None:
    """What rule 38 asks about a host, and what was written about it."""
    called = known_as(console.practice, host, made.lang)
    try:
        asked = questioning.find(console, host, window)
    except NoSuchHost:
        made.told.setdefault("questions", []).append(("", f"{called} – {words().unanswered[made.lang]}"))
        return
    answers, silent = _answers(asked)
    note = f" ({words().unanswered[made.lang]}: {', '.join(silent)})" if silent else ""
    made.add(
        "questions", f"questions/{n:02}.json", canonical({"host": host, "window": window, **answers}), called + note
    )
    wanted = Wanted(since=window.since, until=window.until, host=host)
    try:
        found = hunting.hunt(console, "pack", wanted, Ask(stop=MOST_EVENTS))
    except Unanswered as error:
        made.told.setdefault("logs", []).append(("", f"{called} – {words().unanswered[made.lang]} ({error.why})"))
        return
    lines = b"".join(canonical(one) + b"\n" for one in found.rows)
    cut = f", {words().cut[made.lang]}" if found.total > len(found.rows) else ""
    made.add("logs", f"journaux/{n:02}.jsonl", lines, f"{called}, {len(found.rows)}/{found.total}{cut}")


def _answers(asked: Questioning) -> tuple[dict[str, object], list[str]]:
    """What can be answered, and the names of what cannot now."""
    answers, silent = dict[str, object](), list[str]()
    for name in questioning.NAMES:
        try:
            answers[name] = getattr(asked, name)
        except Unanswered:
            silent.append(name)
    return answers, silent


def _extract(console: Console, hosts: frozenset[Ref], title: str) -> bytes:
    """The hosts, what is linked to them, and where they stand."""
    laid = lay(console)
    links = tuple(link for link in laid.drawing.links if {link.source, link.target} & hosts)
    shown = hosts | {end for link in links for end in (link.source, link.target)}
    parents = {node.ref: node.parent for node in laid.drawing.nodes}
    for ref in tuple(shown):
        up = parents.get(ref)
        while up is not None and up not in shown:
            shown |= {up}
            up = parents.get(up)
    nodes = tuple(node for node in laid.drawing.nodes if node.ref in shown)
    some: Drawing = replace(laid.drawing, nodes=nodes, links=links)
    return picture(some, {ref: box for ref, box in laid.boxes.items() if ref in shown}, title).encode()


def _index(console: Console, made: _Pack, one: Incident, hosts: int) -> bytes:
    """The page that says what is what."""
    say, lang, seal = words(), made.lang, checkpoint(console)
    notes = [say.lead[lang], say.check[lang], say.absent[lang]]
    notes += [say.exercise[lang]] if one.exercise else []
    notes += [say.none[lang]] if not hosts else [say.more_hosts[lang]] if hosts > MOST_HOSTS else []
    name = f"{practice.name(console.practice)} – n°\N{NO-BREAK SPACE}{one.number}, {one.title}"
    head = f"{escape(instant(console.clock(), lang))} · {seal.size} · {seal.head} · {key_id(seal.key)}"
    parts = (
        f"<h2>{escape(part.says[lang])}</h2><ul>{''.join(map(_item, made.told[part.code]))}</ul>"
        for part in say.part
        if part.code in made.told
    )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(say.title[lang])}</title>'
        f"<h1>{escape(say.title[lang])}</h1><p><b>{escape(name)}</b></p>"
        f"{''.join(f'<p>{escape(note)}</p>' for note in notes)}{''.join(parts)}<p><small>{head}</small></p></html>"
    ).encode()


def _item(told: tuple[str, str]) -> str:
    name, note = map(escape, told)
    return f'<li><a href="{name}">{name}</a> {note}</li>' if name else f"<li>{note}</li>"


def _zipped(console: Console, made: _Pack, index: bytes) -> bytes:
    files = {"LISEZ-MOI.html": index, **made.files}
    files[DIGESTS] = "".join(f"{sha256(data)}  {name}\n" for name, data in files.items()).encode()
    out, at = io.BytesIO(), console.clock().timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, at), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
