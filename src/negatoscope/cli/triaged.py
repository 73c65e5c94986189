"""How the verb ``incident`` holds evidence against the rules."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console as Screen
from rich.markup import escape
from rich.progress import Progress

from negatoscope.cli import desk, evidenced
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import triaging
from negatoscope.flows.evidencing import Other, Unsettled
from negatoscope.flows.triaging import Aim, Found, type_progress
from negatoscope.respond.incident import Refused

SHOWN = 20
"""Rules that people are shown; the document has every match."""
REFUSED = {
    **evidenced.REFUSED,
    "no_rules": gettext_lazy("Aucune règle n’est en service : donnez-en d’abord (negatoscope rules)."),
}
LEFT = {
    "no_log": gettext_lazy("fichiers qui ne sont pas des journaux : %(n)d"),
    "unreadable_files": gettext_lazy("fichiers abîmés ou illisibles : %(n)d"),
    "too_large": gettext_lazy("archives trop grandes une fois dépliées, laissées : %(n)d"),
    "too_many": gettext_lazy("fichiers en trop, laissés : %(n)d"),
    "unreadable": gettext_lazy("lignes illisibles : %(n)d"),
    "too_long": gettext_lazy("lignes trop longues : %(n)d"),
    "damaged": gettext_lazy("passages abîmés : %(n)d"),
    "undated": gettext_lazy("correspondances sans heure, non comptées ensemble : %(n)d"),
    "not_correlated": gettext_lazy("correspondances en trop, non comptées ensemble : %(n)d"),
    "untold": gettext_lazy("correspondances en trop, absentes du document : %(n)d"),
}


def words(acts: Any) -> list[CommandParser]:  # noqa: ANN401 -- argparse's own, untyped
    """What the act takes."""
    act = acts.add_parser("triage", help=_("chercher dans ce qui a été pris ce que les règles connaissent"))
    act.add_argument("number", type=int, metavar=_("NUMÉRO"))
    act.add_argument("path", type=Path, metavar=_("FICHIER"), help=_("un dossier, une archive, un journal"))
    act.add_argument("--piece", type=int, metavar=_("LIGNE"), help=_("celle où la pièce a été prise"))
    return [act]


def triage(verb: Verb, options: Mapping[str, Any]) -> int:
    """Hold it against the rules in force, and note what came of it."""
    aim = Aim(options["number"], options["path"], options["piece"])
    with _told(aim.path), _shown() as progress:
        found, place = triaging.triage(desk.console(), aim, evidenced.operator(), _said, progress)
    if options["json"]:
        for match in found.matches:
            verb.machine(triaging.row(match))
        return DONE
    verb.stdout.write(_said(found))
    told = Counter((match.rule.level, match.rule.title) for match in found.matches)
    table = verb.table(">" + _("Fois"), _("Gravité"), _("Règle"))
    for (level, title), number in told.most_common(SHOWN):
        table.add_row(str(number), str(level), escape(title))
    if told:
        verb.screen().print(table)
    return evidenced.line(verb, options, place)


def _said(found: Found) -> str:
    """What came of it, in a few words: what was read, what matched, what was left."""
    numbers = {
        "matches": len(found.matches), "rules": len({match.rule.id for match in found.matches}), "of": found.rules,
        "records": found.counts["records"], "files": found.counts["files"],
    }  # fmt: skip
    said = _(
        "Tri par les règles : correspondances %(matches)d, règles touchées %(rules)d sur %(of)d, enregistrements lus"
        " %(records)d, journaux lus %(files)d."
    )
    left = [str(text) % {"n": found.counts[code]} for code, text in LEFT.items() if found.counts[code]]
    return " ".join([said % numbers, *([" · ".join(left)] if left else [])])


@contextmanager
def _shown() -> Iterator[type_progress]:
    with Progress(console=Screen(file=sys.stderr), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda name, number: shown.update(task, description=escape(name[-60:]), completed=number)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say why it did not come to its end."""
    try:
        yield
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error
    except Other as error:
        told = _("Ce fichier n’est pas ce qui a été pris : attendu %(expected)s, trouvé %(found)s.")
        raise Fails(told % {"expected": error.expected, "found": error.found}) from error
    except Unsettled as error:
        told = _("%(file)s change encore : attendez la fin de la copie, puis recommencez.")
        raise Fails(told % {"file": path}) from error
    except OSError as error:
        told = _("%(file)s ne se lit pas : %(why)s")
        raise Fails(told % {"file": error.filename or path, "why": error.strerror}) from error


ACTS = {"triage": triage}
