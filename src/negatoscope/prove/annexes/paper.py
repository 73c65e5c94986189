"""The annexes written out, and laid out: PDF/A, tagged, with a list of what is in it."""

from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files

import msgspec

from negatoscope.model.evidence import Source
from negatoscope.prove.annexes.content import PEOPLE, Annex, Book, Sheet, say, section
from negatoscope.prove.annexes.sheets import SHEETS
from negatoscope.prove.report.pdf import ARCHIVES, STANDARDS, laid_out

GAPS = 12
"""Gaps of one annex on paper; more are counted."""
VOICES = (("word", 3), ("seen", 3))
"""The last two columns of every annex: on whose word, and when last."""


TAGGED = 4000
"""Rows up to which the paper is tagged for screen readers; beyond, the workbook is what they read."""


def annexes(book: Book) -> list[Annex]:
    """Write every annex."""
    return [_annex(book, sheet) for sheet in SHEETS]


def _annex(book: Book, sheet: Sheet) -> Annex:
    lines = sorted(sheet.lines(book), key=lambda line: _counted(line.cells))
    instants = [_newest(line.sources) for line in lines if line.sources]
    columns = (*sheet.columns, *VOICES)
    return Annex(
        sheet.code,
        say("titles", sheet.code, book.lang),
        say("about", sheet.code, book.lang),
        tuple(say("columns", name, book.lang) for name, _ in columns),
        tuple(width for _, width in columns),
        tuple((*line.cells, *_voices(book, line.sources)) for line in lines),
        len(lines),
        book.day(max(instants)) if instants else "",
        book.day(min(instants)) if instants else "",
        tuple(_gaps(book, sheet, found=bool(lines))),
    )


def _counted(cells: tuple[str, ...]) -> list[tuple[int, str]]:
    """As people sort: case apart, numbers by their worth."""
    parts = " ".join(cells[:2]).casefold().replace(".", " ").replace("/", " ").split()
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _newest(sources: tuple[Source, ...]) -> datetime:
    return max(source.at for source in sources)


def _voices(book: Book, sources: tuple[Source, ...]) -> tuple[str, str]:
    """Whether instruments or people say so, and when last."""
    if not sources:
        return book.fact(None), book.fact(None)
    kinds = {source.collector in PEOPLE for source in sources}
    word = "both" if len(kinds) > 1 else "declared" if True in kinds else "measured"
    return book.word(word), book.day(_newest(sources))


def _empty(book: Book, sheet: Sheet) -> str:
    """Why there is no line: only who looked through the whole practice may say that there is none."""
    looks = [one for kind in sheet.kinds for one in book.register.seen(kind).sweeps]
    whole = [one for one in looks if one.sweep.host is None and one.sweep.network is None]
    if whole:
        return book.word("looked").format(day=book.day(max(one.source.at for one in whole)))
    fill = say("fill", sheet.code, book.lang)
    if not looks:
        return f"{book.word('unlooked')} {fill}"
    places = {one.sweep.host or one.sweep.network for one in looks}
    last = book.day(max(one.source.at for one in looks))
    return f"{book.word('looked_apart').format(n=len(places), day=last)} {fill}"


def _gaps(book: Book, sheet: Sheet, *, found: bool) -> Iterator[str]:
    """What the annex may lack: never looked at, or looked at in vain; and what would fill it."""
    if not found:
        yield _empty(book, sheet)
    told: dict[str, None] = {}
    for kind in sheet.kinds:
        for blind in book.register.seen(kind).gaps:
            where = f"{book.name(blind.gap.host)} · " if blind.gap.host else ""
            said = book.gap(blind.gap.why, blind.gap.values)
            told[f"{where}{said} ({book.day(blind.source.at)})"] = None
    yield from list(told)[:GAPS]
    if len(told) > GAPS:
        yield book.word("more_gaps").format(n=len(told) - GAPS)


def paper(tables: list[Annex], practice: str, lang: str, made: datetime, day: str) -> bytes:
    """Lay them out on A4: PDF/A, tagged unless it is very long."""
    told = {
        "lang": lang,
        "practice": practice,
        "made": day,
        "tables": msgspec.to_builtins(tables),
        "words": section("paper", lang),
    }
    standards = STANDARDS if sum(table.count for table in tables) <= TAGGED else ARCHIVES
    template = files(__package__).joinpath("annexes.typ").read_bytes()
    return laid_out(template, told, made, standards=standards)
