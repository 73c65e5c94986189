"""The report on A4: typst lays out data that it reads as data, with fonts from a locked package and nothing else."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import typst

from negatoscope.prove.report.content import Control, Report
from negatoscope.prove.report.glyphs import FOLDER, printable
from negatoscope.prove.report.words import section

TEMPLATE = "report.typ"
Standard = Literal["a-2a", "a-2b", "ua-1"]
STANDARDS: tuple[Standard, ...] = ("a-2a", "ua-1")
"""For archives, and for screen readers."""
ARCHIVES: tuple[Standard, ...] = ("a-2b",)
"""For archives alone: tags of a hundred thousand cells weigh twenty times what they say."""
LONGEST = 24
"""Characters of a word that may stand unbroken."""
MAX_SENTENCES = 60
"""Culprits of one control on paper; the workbook holds all."""
MAX_BLURS = 200
MAX_PROOFS = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST},}}")


@cache
def fonts() -> typst.Fonts:
    """Source Sans Pro from the package; neither the system's fonts nor the compiler's own."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def render(report: Report, made: datetime) -> bytes:
    """Lay the report out. Text is passed as data and never becomes typst source."""
    words = section("paper", report.lang)
    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    return laid_out(template, {"report": msgspec.to_builtins(_shortened(report)), "words": words}, made)


def laid_out(
    template: bytes,
    told: object,
    made: datetime,
    pictures: Mapping[str, str] | None = None,
    standards: tuple[Standard, ...] = STANDARDS,
) -> bytes:
    """Lay plain data out with one of our templates; ``made`` is the only date in the document.

    ``pictures``: drawings of our own, as SVG, by the name under which the template asks for them.
    """
    data = msgspec.json.encode(_printed(told))
    compiler = typst.Compiler(
        template,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={**(pictures or {}), "data": data.decode()},
    )
    paper = compiler.compile(
        format="pdf", pdf_standards=[*standards], timestamp=int(made.timestamp()), pdf_tags="ua-1" in standards
    )
    if not isinstance(paper, bytes):
        raise TypeError("typst gave no document")
    return paper


def _shortened(report: Report) -> Report:
    return msgspec.structs.replace(
        report,
        controls=tuple(_fewer(control) for control in report.controls if control.findings),
        blurs=report.blurs[:MAX_BLURS],
        proofs=report.proofs[:MAX_PROOFS],
    )


def _fewer(control: Control) -> Control:
    left = max(len(control.findings) - MAX_SENTENCES, 0)
    return msgspec.structs.replace(control, findings=control.findings[:MAX_SENTENCES], subjects=(), more=left)


def _printed(value: object) -> object:
    """Keep what the fonts hold, put a question mark for the rest, and let long words break."""
    if isinstance(value, str):
        plain = unicodedata.normalize("NFC", value)
        return _LONG.sub(_breakable, "".join(sign if sign in printable() else _instead(sign) for sign in plain))
    if isinstance(value, dict):
        return {name: _printed(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printed(one) for one in value]
    return value


def _instead(sign: str) -> str:
    return " " if sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"} else "?"


def _breakable(found: re.Match[str]) -> str:
    """Allow a break after punctuation, and at the latest every so many characters; digests stay whole."""
    if _DIGEST.fullmatch(found.group()):
        return found.group()
    parts = re.findall(rf"[^/.,:;_@\-]{{1,{LONGEST}}}[/.,:;_@\-]*|[/.,:;_@\-]+", found.group())
    return "\N{ZERO WIDTH SPACE}".join(parts)
