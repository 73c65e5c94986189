"""What a text says, in one language, and the sheet it is laid out on."""

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.model.papers import PaperKind
from negatoscope.prove.report.pdf import laid_out

HERE = Path(__file__).parent


class Section(Struct, frozen=True):
    """A heading, a few sentences, and points."""

    title: str
    says: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The fixed words of one text in one language."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    """Those of the charter; of the policy, those before and after the rules (``after`` says how many come after)."""
    signed: str
    """The line over the place for a signature."""
    after: int = 0


class Sheet(Struct, frozen=True):
    """A text, ready for paper."""

    lang: str
    title: str
    practice: str
    version: str
    made: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    signed: str


@cache
def words(kind: PaperKind, lang: str) -> Words:
    """Read the fixed words of a text. Raises msgspec.ValidationError where the file is not of this shape."""
    told = msgspec.toml.decode((HERE / f"{kind.value}.toml").read_bytes(), type=dict[str, Words])
    return told[lang]


def render(sheet: Sheet, made: datetime) -> bytes:
    """Lay a text out on A4, PDF/A, tagged."""
    template = (HERE / "paper.typ").read_bytes()
    return laid_out(template, msgspec.to_builtins(sheet), made)
