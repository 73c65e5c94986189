"""What ``questions`` needs: instants into a window, answers onto a terminal."""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli.verb import USAGE, Fails, Verb, harmless
from negatoscope.flows import questioning
from negatoscope.flows.naming import names
from negatoscope.judge.texts import kind, subject
from negatoscope.kit.calendar import in_paris
from negatoscope.respond.questions import telling, texts
from negatoscope.respond.questions.answer import Answer, Window

BAD_WINDOW = gettext_lazy(
    "La période doit finir après son début, durer un an au plus, n’être pas à venir, et contenir le premier signe."
)
SHOWN = 10
"""Rows of each answer that people are shown; ``--json`` has all."""


def arguments(parser: CommandParser) -> None:
    """The host and the time."""
    parser.add_argument("host", metavar=_("NOM"), help=_("le nom au registre, comme sur sa fiche"))
    instants = {"from": "since", "to": "until", "sign": "sign"}
    told = (
        _("début ; sept jours avant la fin sans cela"),
        _("fin ; maintenant sans cela"),
        _("premier signe remarqué"),
    )
    for (name, into), what in zip(instants.items(), told, strict=True):
        parser.add_argument(f"--{name}", dest=into, metavar="2026-11-22T03:10", help=what)
    parser.add_argument("--json", action="store_true", help=_("pour un programme : un objet"))


def window(options: dict[str, Any], now: datetime) -> Window:
    """The time asked about. Raises Fails."""
    instants = {name: _instant(options[name]) for name in ("since", "until", "sign")}
    try:
        return questioning.window(now, **instants)
    except questioning.BadWindow as error:
        raise Fails(str(BAD_WINDOW), USAGE) from error


def _instant(text: str | None) -> datetime | None:
    try:
        return in_paris(text) if text else None
    except ValueError as error:
        raise Fails(
            _("« %(text)s » n’est pas un instant : écrivez-le ainsi, 2026-11-22T03:10.") % {"text": text}, USAGE
        ) from error


def show(verb: Verb, answers: dict[str, Answer[Any]], practice: int) -> None:
    """Print each answer: its first rows, what it stands on, what could not be seen."""
    shown = [row for answer in answers.values() for row in answer.rows[:SHOWN]]
    known = names(practice, {ref for row in shown for ref in telling.refs(row)})
    screen = verb.screen()

    def say(text: str, style: str = "") -> None:
        screen.print(escape(harmless(text)), style=style)

    for name, answer in answers.items():
        say(texts.texts().questions[name][verb.lang], "bold")
        for row in answer.rows[:SHOWN]:
            told = telling.line(row, verb.lang, lambda ref: known.get(ref) or subject(ref, verb.lang))
            say(f"  {told.title}")
            for why in told.because:
                say(f"      {why}")
        more = len(answer.rows) - SHOWN + answer.cut
        if more > 0:
            say("  " + _("et %(n)d autres ; --json les donne.") % {"n": more})
        if not answer.rows:
            say("  " + _("Rien n’a été trouvé dans ce qui a été lu ; voir ce qui ne l’a pas été :"))
        for blind in answer.blind:
            say(f"  ! {texts.blind(blind, verb.lang)}", "yellow")
        say("  " + ", ".join(f"{one.count} {read(one.kind, verb)}" for one in answer.read), "dim")


def read(code: str, verb: Verb) -> str:
    """What was read, in words."""
    said = texts.texts().reads.get(code)
    return said[verb.lang] if said else kind(code, verb.lang)
