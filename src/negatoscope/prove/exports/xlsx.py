"""The same judgement as a workbook. Every text stays text: no name of a host or person can be a formula."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from negatoscope.prove.report.content import Report
from negatoscope.prove.report.words import say

MAX_ROWS = 50_000
"""Rows of one sheet; a last line says that there are more."""
MAX_CELL = 32_000
_SHEETS = {
    "summary": {"fr": "Synthèse", "en": "Summary"},
    "rules": {"fr": "Règles", "en": "Rules"},
    "controls": {"fr": "Contrôles", "en": "Controls"},
    "findings": {"fr": "Constats", "en": "Findings"},
    "doubts": {"fr": "Doutes", "en": "Doubts"},
    "plan": {"fr": "Plan d’action", "en": "Action plan"},
    "waivers": {"fr": "Dérogations", "en": "Waivers"},
    "elsewhere": {"fr": "Autres textes", "en": "Other texts"},
    "proofs": {"fr": "Preuves", "en": "Evidence"},
}
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HEAD = Font(bold=True, color="FFFFFF")
_DARK = PatternFill("solid", fgColor="1F2A33")
_FILLS = {
    "passed": PatternFill("solid", fgColor="CDEBD6"),
    "failed": PatternFill("solid", fgColor="F6CFCB"),
    "unproven": PatternFill("solid", fgColor="E1E5E8"),
}
Value = str | int


def workbook(report: Report, doubts: Iterable[tuple[str, str, str]]) -> bytes:
    """Eight sheets. ``doubts``: control, subject and sentence of each."""
    sheets = _Sheets(report.lang)
    sheets.add("summary", (("", 34), ("", 90)), chain(_state(report), _scope(report), _seal(report)))
    _rules(sheets, report)
    _controls(sheets, report)
    found = (
        (control.id, subject, sentence, control.fix)
        for control in report.controls
        for subject, sentence in zip(control.subjects, control.findings, strict=True)
    )
    sheets.add("findings", (("control", 10), ("subject", 40), ("sentence", 90), ("fix", 70)), found)
    sheets.add("doubts", (("control", 10), ("subject", 40), ("doubt", 110)), doubts)
    _plan(sheets, report)
    _waivers(sheets, report)
    mapped = ((one.rule, one.anssi, one.iso, one.nis2, one.recyf) for one in report.elsewhere)
    notes = ((note,) for note in report.elsewhere_notes)
    columns = (("rule", 8), ("anssi", 20), ("iso", 34), ("nis2", 20), ("recyf", 14))
    sheets.add("elsewhere", columns, chain(mapped, notes))
    proofs = ((proof.digest, proof.what, proof.at) for proof in report.proofs)
    sheets.add("proofs", (("digest", 70), ("look", 40), ("on", 18)), proofs)
    return sheets.bytes()


def _rules(sheets: "_Sheets", report: Report) -> None:
    columns = (
        ("rule", 8), ("title", 60), ("chapter", 34), ("verdict", 16), ("proof", 12), ("age", 10), ("settled", 10),
        ("many_controls", 11), ("findings", 10), ("doubts", 10),
    )  # fmt: skip
    rows = (
        (
            film.rule, film.title, film.chapter, film.verdict_said, film.proof_said, film.age, film.settled, film.total,
            film.findings, film.doubts,
        )
        for film in report.films
    )  # fmt: skip
    sheets.add("rules", columns, rows, tuple(film.verdict for film in report.films))


def _controls(sheets: "_Sheets", report: Report) -> None:
    columns = (
        ("control", 10), ("asks", 80), ("verdict", 16), ("proven_by", 14), ("checked", 11), ("findings", 10),
        ("evidence", 66),
    )  # fmt: skip
    rows = (
        (
            control.id, control.asks, control.verdict_said, control.means, control.checked, len(control.findings),
            " ".join(control.evidence),
        )
        for control in report.controls
    )  # fmt: skip
    sheets.add("controls", columns, rows, tuple(control.verdict for control in report.controls))


def _plan(sheets: "_Sheets", report: Report) -> None:
    """What was promised; a late one says so in its state."""
    columns = (("control", 10), ("subject", 40), ("owner", 30), ("stands_at", 24), ("by", 14), ("cost", 12))
    late = say("paper", "late", report.lang)
    rows = (
        (one.control, one.subject, one.owner, f"{one.state} – {late}" if one.late else one.state, one.due, one.cost)
        for one in report.plan
    )
    sheets.add("plan", columns, chain(rows, [(report.plan_cost,)] if report.plan_cost else ()))


def _waivers(sheets: "_Sheets", report: Report) -> None:
    """What is accepted for a while; the last line says that no verdict changes by it."""
    columns = (("control", 10), ("subject", 40), ("owner", 30), ("compensation", 80), ("until", 14))
    rows = ((one.control, one.subject, one.owner, one.compensation, one.until) for one in report.waivers)
    sheets.add("waivers", columns, chain(rows, [(say("paper", "waivers_note", report.lang),)]))


def _state(report: Report) -> Iterator[Sequence[Value]]:
    """Where the practice stands, and what to do."""
    word: Callable[..., str] = partial(say, "paper", lang=report.lang)
    yield report.practice or word("unnamed"), report.headline
    yield word("judged"), report.judged
    yield word("made"), report.made
    for verdict, many in report.counts.items():
        yield report.verdicts.get(verdict, verdict), many
    yield word("many_controls"), word("controls", **report.coverage)
    if report.policy is not None:
        yield word("policy"), report.policy.verdict_said
    if report.passwords:
        yield word("passwords"), report.passwords
    for act in report.acts:
        yield word("first"), f"{act.sentence} – {word('moves', n=act.films)}"
    for due in report.dues:
        yield word("due"), f"{due.on} – {due.sentence}"


def _scope(report: Report) -> Iterator[Sequence[Value]]:
    word = partial(say, "paper", lang=report.lang)
    yield from ((f"{word('network')} {cidr}", swept) for cidr, swept in report.scope.networks)
    yield from ((f"{word('hosts')} ({name})", many) for name, many in report.scope.hosts)
    yield from ((f"{word('look')} ({name})", at) for name, at in report.scope.looks)
    if report.scope.newer:
        yield "", word("newer")


def _seal(report: Report) -> Iterator[Sequence[Value]]:
    seal = report.seal
    said = (("judgement_digest", seal.judgement), ("size", seal.size), ("head", seal.head), ("key", seal.key))
    yield from ((say("paper", code, report.lang), value) for code, value in said)


class _Sheets:
    """A workbook written row by row: nothing of it but the zip is held in memory."""

    def __init__(self, lang: str) -> None:
        self._book = Workbook(write_only=True)
        self._lang = lang

    def bytes(self) -> bytes:
        """The file."""
        file = BytesIO()
        self._book.save(file)
        return file.getvalue()

    def add(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Iterable[Sequence[Value]],
        verdicts: Sequence[str] = (),
    ) -> None:
        """One sheet. ``columns``: the word above (none: no heading row) and the width. ``verdicts`` tint the rows."""
        sheet: Any = self._book.create_sheet(_SHEETS[name][self._lang])
        for place, (_, width) in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        if all(code for code, _ in columns):
            sheet.freeze_panes = "A2"
            sheet.append([_heading(sheet, say("paper", code, self._lang)) for code, _ in columns])
        many = iter(rows)
        for number, (first, *rest) in enumerate(islice(many, MAX_ROWS)):
            verdict = verdicts[number] if verdicts else ""
            sheet.append([_cell(sheet, first, verdict), *(_cell(sheet, value) for value in rest)])
        left = sum(1 for _ in many)
        if left:
            sheet.append([_cell(sheet, say("paper", "and_more", self._lang, n=left))])


def _heading(sheet: Any, said: str) -> Any:  # noqa: ANN401 -- openpyxl's sheet and cell
    cell = WriteOnlyCell(sheet, said)
    cell.font, cell.fill = _HEAD, _DARK
    return cell


def _cell(sheet: Any, value: Value, verdict: str = "") -> Any:  # noqa: ANN401 -- openpyxl's sheet and cell
    """A number, or a text that stays one: Excel shows a leading quote instead of computing it, also after an edit."""
    if isinstance(value, str):
        value = _FORBIDDEN.sub("", value)[:MAX_CELL]
    cell: Any = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if value.startswith(_RISKY):
            cell.quotePrefix = True
    if verdict in _FILLS:
        cell.fill = _FILLS[verdict]
    return cell
