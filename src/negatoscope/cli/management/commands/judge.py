"""``negatoscope judge``: judge the forty rules on what was observed."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk, telling
from negatoscope.cli.verb import DONE, MET, USAGE, Fails, Verb
from negatoscope.flows.judging import judge_now
from negatoscope.model.verdict import Verdict

FAIL_ON = {"failed": {Verdict.FAILED}, "unproven": {Verdict.FAILED, Verdict.UNPROVEN}}


class Command(Verb):
    """Judge, and print."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose which rules are shown, and what makes a script stop."""
        parser.add_argument("--json", action="store_true", help=_("pour un programme"))
        parser.add_argument(
            "--fail-on", choices=tuple(FAIL_ON), help=_("sortir avec le code 3 sur ce verdict ou un pire")
        )
        parser.add_argument(
            "--rule", action="append", default=[], metavar="R10", help=_("montrer cette règle seulement")
        )

    def act(self, options: dict[str, Any]) -> int:
        """Judge all forty rules; show those asked for."""
        judgement = judge_now(desk.console(), desk.operator())
        wanted = {name.upper() for name in options["rule"]}
        unknown = wanted - judgement.by_rule.keys()
        if unknown:
            raise Fails(_("Règle inconnue : %(names)s (R1 à R40).") % {"names": ", ".join(sorted(unknown))}, USAGE)
        shown = tuple(rule for rule in judgement.rules if not wanted or rule.rule in wanted)
        telling.verdicts(self, judgement.at, shown, machine=options["json"])
        return MET if any(rule.verdict in FAIL_ON.get(options["fail_on"], ()) for rule in shown) else DONE
