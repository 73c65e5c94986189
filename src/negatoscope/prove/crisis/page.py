"""The crisis copy: one page that any browser opens, without network or script; what is to be saved stands inside it."""

import tomllib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from msgspec import Struct

SCHEME = "tel:"


class Table(Struct, frozen=True):
    """Rows under headings; ``phones``: the column that holds telephone numbers, several with commas between."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    phones: int | None = None


class Sheet(Struct, frozen=True):
    """What to do: parts, each with its title and steps."""

    title: str
    seen: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


class File(Struct, frozen=True):
    """A file that the page holds."""

    name: str
    says: str
    kind: str
    """Its media type."""
    data: bytes


class Copy(Struct, frozen=True):
    """All that the page says. ``picture``: SVG of our own making."""

    lang: str
    practice: str
    day: str
    calls: Table
    helpers: Table
    sheets: tuple[Sheet, ...]
    duties: Table
    picture: str
    annexes: tuple[Table, ...]
    verdicts: Table
    files: tuple[File, ...]


def page(copy: Copy) -> bytes:
    """The whole page, in UTF-8."""
    say = words(copy.lang)
    parts = [
        ("calls", _noted(say["calls_note"], (_table(copy.calls, say), _titled(copy.helpers, say)))),
        ("sheets", _noted(say["sheets_note"], map(_sheet, copy.sheets))),
        ("duties", _noted(say["duties_note"], (_table(copy.duties, say),))),
        ("map", [f'<div class="wide">{copy.picture}</div>', *(_folded(one, say) for one in copy.annexes)]),
        ("verdicts", [_table(copy.verdicts, say)]),
        ("files", _noted(say["files_note"], (f"<ul>{''.join(map(_file, copy.files))}</ul>",))),
        ("console", [f"<p>{_text(say['console_note'])}</p>"]),
    ]
    return "\n".join(_whole(copy, say, parts)).encode()


def _whole(copy: Copy, say: dict[str, str], parts: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    title = f"{say['title']} – {copy.practice}" if copy.practice else say["title"]
    yield f'<!doctype html>\n<html lang="{copy.lang}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{_text(title)}</title>\n<style>{_asset('page.css')}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>{_text(title)}</h1>\n<p>{_text(say['lead'].format(day=copy.day))}</p>"
    yield f'<p class="first">{_text(say["patient"])}</p>'
    links = "".join(f'<li><a href="#{code}">{_text(say[code])}</a></li>' for code, _ in parts)
    yield f'<nav aria-label="{_text(say["contents"])}"><ul>{links}</ul></nav>'
    for code, told in parts:
        yield f'<section id="{code}">\n<h2>{_text(say[code])}</h2>'
        yield from told
        yield "</section>"
    yield "</main>\n</body>\n</html>\n"


def _noted(note: str, parts: Iterable[str]) -> list[str]:
    return [f"<p>{_text(note)}</p>", *parts]


def _titled(one: Table, say: dict[str, str]) -> str:
    return f"<h3>{_text(one.title)}</h3>\n{_table(one, say)}"


def _folded(one: Table, say: dict[str, str]) -> str:
    return f"<details><summary>{_text(one.title)} ({len(one.rows)})</summary>{_table(one, say)}</details>"


def _table(one: Table, say: dict[str, str]) -> str:
    if not one.rows:
        return f"<p>{_text(say['none'])}</p>"
    head = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in one.headings)
    rows = "".join(f"<tr>{''.join(_cells(row, one))}</tr>\n" for row in one.rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(row: tuple[str, ...], one: Table) -> Iterator[str]:
    """Each cell knows its heading: on a telephone a row stands as lines."""
    for number, (heading, cell) in enumerate(zip(one.headings, row, strict=True)):
        told = ", ".join(map(_call, cell.split(", "))) if number == one.phones else _text(cell)
        yield f'<td data-is="{_text(heading)}">{told}</td>' if told else "<td></td>"


def _call(number: str) -> str:
    """A number that a telephone dials when it is touched; what is none stays text."""
    dialled = "".join(sign for sign in number if sign in "+0123456789")
    plain = bool(dialled) and all(sign in "+0123456789 .()-\N{NO-BREAK SPACE}" for sign in number)
    return f'<a href="{SCHEME}{dialled}">{_text(number)}</a>' if plain else _text(number)


def _sheet(one: Sheet) -> str:
    parts = "".join(
        f"<h4>{_text(title)}</h4><ul>{''.join(f'<li>{_text(step)}</li>' for step in steps)}</ul>"
        for title, steps in one.parts
        if steps
    )
    return f"<details><summary>{_text(one.title)}</summary><p>{_text(one.seen)}</p>{parts}</details>"


def _file(one: File) -> str:
    data = b64encode(one.data).decode()
    return f'<li><a download="{_text(one.name)}" href="data:{one.kind};base64,{data}">{_text(one.says)}</a></li>'


def _text(said: str) -> str:
    """What a host calls itself may hold anything: only what is printed stays."""
    return escape("".join(sign if sign.isprintable() else " " for sign in said))


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the page."""
    return {code: said[lang] for code, said in tomllib.loads(_asset("words.toml")).items()}


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
