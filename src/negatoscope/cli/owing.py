"""``negatoscope duties``: whom to tell of an incident, since when and until when. Needs no console and no Django."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import msgspec

from negatoscope.cli.helping import helped
from negatoscope.kit.calendar import in_paris
from negatoscope.kit.terminal import language
from negatoscope.respond.duty import QUESTIONS, Answer, Answers, Debt, Owed, Question, owing, triage

USAGE = 2
MOST_BYTES = 64 * 1024
STANDARD_INPUT = Path("-")
SAY = helped("duties")


class Wrong(Exception):  # noqa: N818 -- what it is
    """What was given cannot be used; the message says why and what would do."""


def main(arguments: Sequence[str]) -> int:
    """Print what every duty asks. Returns the exit status."""
    asked = parser().parse_args(arguments)
    try:
        aware = in_paris(asked.aware)
        debts = owing(_answers(asked.answers) if asked.answers else {}, aware)
    except ValueError:
        return _refused(SAY("instant").format(value=asked.aware))
    except Wrong as error:
        return _refused(str(error))
    sys.stdout.write("".join(map(_row, debts)) if asked.json else _sheet(debts))
    return 0


def _refused(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return USAGE


def _answers(file: Path) -> Answers:
    """Read the file of answers. Raises Wrong."""
    try:
        with nullcontext(sys.stdin.buffer) if file == STANDARD_INPUT else file.open("rb") as stream:
            data = stream.read(MOST_BYTES)
        given = msgspec.json.decode(data, type=dict[str, str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Wrong(SAY("unreadable").format(file=file, why=error)) from error
    for name, value in given.items():
        if name not in QUESTIONS:
            raise Wrong(SAY("question").format(file=file, name=name[:80], known=", ".join(QUESTIONS)))
        if value not in tuple(Answer):
            raise Wrong(SAY("answer").format(file=file, name=name, value=value[:80]))
    return {name: Answer(given.get(name, Answer.UNKNOWN)) for name in QUESTIONS}


def _row(debt: Debt) -> str:
    """One duty for scripts, on a line: instants as ISO 8601 with their offset."""
    row = {
        "duty": debt.duty.id,
        "owed": debt.owed,
        "from": debt.since and debt.since.isoformat(),
        "due": debt.due and debt.due.isoformat(),
        "why": _why(debt, str),
        "source": debt.duty.source,
    }
    return msgspec.json.encode(row).decode() + "\n"


def _why(debt: Debt, naming: Callable[[Question], str]) -> str:
    """Why it is owed, doubtful or not, with the questions as their reader knows them."""
    if debt.owed is Owed.NO and debt.duty.awaits_law:
        return SAY("law").format(day=debt.duty.as_of)
    if debt.owed is Owed.NO:
        return SAY("answered").format(names=" ".join(map(naming, debt.duty.questions)))
    asked = SAY("missing").format(names=" ".join(map(naming, debt.unanswered)))
    return debt.duty.why[language()] + (f" ({asked})" if debt.unanswered else "")


def _asked(question: Question) -> str:
    return triage()[question][language()]


def _sheet(debts: Sequence[Debt]) -> str:
    """The same for people: what is to do first, then what is to check, then what is not owed."""
    lines = []
    for owed in (Owed.YES, Owed.DOUBTFUL, Owed.NO):
        mine = [debt for debt in debts if debt.owed is owed]
        lines += [SAY(owed), *(line for debt in mine for line in _lines(debt)), ""] if mine else []
    return "\n".join(lines)


def _lines(debt: Debt) -> list[str]:
    duty, lang = debt.duty, language()
    if debt.owed is Owed.NO:
        return [f"  {duty.id}  {duty.name[lang]} – {_why(debt, _asked)}"]
    until = SAY("until").format(day=debt.due) if debt.due else duty.said[lang]
    dated = SAY("checked").format(day=duty.as_of)
    doubt = "" if duty.confidence == "sure" else f", {SAY('doubted')}"
    told = (f"{duty.to[lang]} – {until}", _why(debt, _asked), duty.channel[lang], f"{duty.source} ({dated}{doubt})")
    return [f"  {duty.id}  {duty.name[lang]}", *(f"      {line}" for line in told)]


def parser() -> argparse.ArgumentParser:
    """What the verb takes."""
    words = argparse.ArgumentParser(prog="negatoscope duties", description=SAY("does"))
    words.add_argument("--answers", type=Path, metavar="FILE", help=SAY("answers"))
    words.add_argument("--aware", required=True, metavar="INSTANT", help=SAY("aware"))
    words.add_argument("--json", action="store_true", help=SAY("json"))
    return words
