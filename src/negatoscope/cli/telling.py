"""How verbs print what flows return: tables for people, one line of JSON for machines."""

import getpass
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli.verb import Fails, Verb
from negatoscope.flows.admitting import Newcomer, NotAdmitted
from negatoscope.flows.importing import Preview, file_problem, row_problem
from negatoscope.flows.observing import Outcome
from negatoscope.judge import texts
from negatoscope.judge.catalogue import RULES, census
from negatoscope.model.evidence import Gap
from negatoscope.model.judgement import Judgement, RuleResult
from negatoscope.model.verdict import Verdict
from negatoscope.prove.exports import json
from negatoscope.prove.report.words import age
from negatoscope.store.queries import users as members
from negatoscope.store.queries.paging import Ask
from negatoscope.store.roles import Role

NOT_ENCRYPTED = {
    "tls_set": gettext_lazy("Cette console a déjà un certificat : rien n’a été changé."),
    "not_a_name": gettext_lazy("« %(name)s » n’est ni un nom d’ordinateur ni une adresse."),
    "listens": gettext_lazy(
        "negatoscope.toml dit déjà « host » ou « names » : retirez ces lignes, ou ajoutez-y vous-même [tls]."
    ),
}
"""Why a console was given no certificate."""
SHOWN = 50
"""Lines of a list in a terminal; ``--json`` gives them all."""
WIDE = 120
"""Columns that a terminal needs for whole titles."""
SIGNS = {Verdict.PASSED: "[green]✓", Verdict.FAILED: "[red]✕", Verdict.UNPROVEN: "[dim]?", Verdict.NOT_APPLICABLE: "–"}


def looks(verb: Verb, collector: str, outcomes: Sequence[tuple[str, Outcome]], *, machine: bool) -> None:
    """What each look brought back, and what it could not see."""
    told = [{"collector": collector, "target": target, **_look(outcome)} for target, outcome in outcomes]
    if machine:
        verb.machine(told)
        return
    for one, (_target, outcome) in zip(told, outcomes, strict=True):
        verb.stdout.write(
            _("Observation %(sequence)s – faits : %(facts)s, angles morts : %(gaps)s, empreinte : %(digest)s…")
            % {**one, "gaps": len(outcome.gaps), "digest": outcome.digest[:12]}
        )
        gaps(verb, outcome.gaps)


def _look(outcome: Outcome) -> dict[str, Any]:
    return {"sequence": outcome.sequence, "digest": outcome.digest, "facts": outcome.facts, "gaps": outcome.gaps}


def gaps(verb: Verb, found: Sequence[Gap]) -> None:
    """What could not be seen, in words."""
    if not found:
        return
    table = verb.table(_("Angle mort"), _("Où"), _("Pourquoi"))
    for gap in found[:SHOWN]:
        values = {name: value for name, value in gap.values.items() if name != "whole"}
        where = texts.subject(gap.host, verb.lang) if gap.host else ""
        table.add_row(*map(escape, (texts.kind(gap.what, verb.lang), where, texts.gap(gap.why, values, verb.lang))))
    verb.screen().print(table)
    _rest(verb, len(found))


def verdicts(verb: Verb, at: datetime, rules: Sequence[RuleResult], *, machine: bool) -> None:
    """The rules, one a line, and how many controls rest on what."""
    if machine:
        verb.machine(json.judgement(Judgement(at, tuple(rules))))
        return
    table = verb.table(
        "",
        _("Règle"),
        _("Intitulé"),
        _("Verdict"),
        _("Preuve"),
        ">" + _("Âge"),
        ">" + _("Établis"),
        ">" + _("Constats"),
    )
    wide = verb.screen().width >= WIDE
    for rule in rules:
        table.add_row(
            SIGNS[rule.verdict],
            rule.rule,
            texts.rule(rule.rule).title[verb.lang] if wide else texts.rule(rule.rule).short[verb.lang],
            texts.verdict(rule.verdict, verb.lang),
            texts.proof(rule.proof, verb.lang) if rule.proof else "",
            age(rule.oldest, at, verb.lang),
            f"{rule.settled}/{len(rule.controls)}",
            str(sum(len(control.findings) for control in rule.controls) or ""),
        )
    verb.screen().print(table)
    counted = census(RULES)
    verb.stdout.write(
        _("Contrôles : %(measured)s mesurables, %(attested)s à attester, %(awaiting)s en attente d’un collecteur.")
        % counted._asdict()
    )


def imported(verb: Verb, preview: Preview | None, outcome: Outcome | None, *, machine: bool) -> None:
    """What a file would do, or did."""
    if machine:
        verb.machine(
            {
                "preview": _previewed(preview, verb.lang) if preview else None,
                "outcome": _look(outcome) if outcome else None,
            }
        )
        return
    if preview:
        _show_preview(verb, preview)
    if outcome:
        verb.stdout.write(_("Enregistré : relevé %(sequence)s, %(facts)s faits.") % _look(outcome))
        gaps(verb, outcome.gaps)


def _previewed(preview: Preview, lang: str) -> dict[str, Any]:
    problem = preview.unreadable
    return {
        "family": preview.family,
        "rows": [
            {"row": row.number, "subject": row.fact.ref, "label": preview.label(row.fact, lang), "state": row.state}
            | {"changes": [{"field": x.field, "before": _said(x.before), "after": _said(x.after)} for x in row.changes]}
            for row in preview.rows
        ],
        "missing": [{"subject": one.ref, "label": preview.label(one, lang)} for one in preview.missing],
        "problems": [
            {"row": one.row, "column": one.column, "code": one.code, "value": one.value}
            | {"sentence": row_problem(one, preview.family, lang)[1]}
            for one in preview.problems
        ],
        "ignored": preview.ignored,
        "closes": preview.closes,
        "unreadable": {"why": problem.why, "position": problem.position} if problem else None,
    }


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _show_preview(verb: Verb, preview: Preview) -> None:
    if preview.unreadable:
        why = file_problem(preview.family, preview.unreadable.why, preview.unreadable.position, verb.lang)
        verb.stderr.write(_("Fichier illisible : %(why)s.") % {"why": why})
        return
    states = ("new", "changed", "unchanged", "deleted", "unknown")
    verb.stdout.write(
        _("%(new)s nouvelles lignes, %(changed)s changées, %(unchanged)s identiques, %(deleted)s à supprimer.")
        % {state: preview.count(state) for state in states}
    )
    if preview.missing:
        names = ", ".join(preview.label(one, verb.lang) for one in preview.missing[:SHOWN])
        verb.stdout.write(_("Absents de la liste complète, donc retirés : %(names)s.") % {"names": names})
    if preview.problems:
        table = verb.table(">" + _("Ligne"), _("Colonne"), _("Pourquoi elle n’est pas prise"))
        for one in preview.problems[:SHOWN]:
            table.add_row(str(one.row), *map(escape, row_problem(one, preview.family, verb.lang)))
        verb.screen().print(table)
        _rest(verb, len(preview.problems))


def _rest(verb: Verb, many: int) -> None:
    if many > SHOWN:
        verb.stdout.write(_("… et %(n)s autres, avec --json.") % {"n": many - SHOWN})


def users(verb: Verb, practice: int, *, machine: bool) -> None:
    """Who may use the console."""
    found = members.members(practice, Ask()).rows
    if machine:
        verb.machine(found)
        return
    roles = {
        Role.READER: _("lecteur"),
        Role.OPERATOR: _("opérateur"),
        Role.APPROVER: _("approbateur"),
        Role.ADMINISTRATOR: _("administrateur"),
    }
    table = verb.table(_("Identifiant"), _("Nom"), _("Rôle"), _("État"), _("Dernière connexion"))
    for one in found:
        role = roles[one.role] if one.role else ""
        state = _("actif") if one.active else _("désactivé")
        last = f"{one.last_login:%Y-%m-%d %H:%M} UTC" if one.last_login else ""
        table.add_row(*map(escape, (one.username, one.name, role, state, last)))
    verb.screen().print(table)


def password() -> str:
    """A password typed twice at a terminal, or one line of standard input. Raises Fails."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_("Mot de passe : "))
    if first != getpass.getpass(_("Encore une fois : ")):
        raise Fails(_("Les deux saisies diffèrent : recommencez."))
    return first


def newcomer(options: Mapping[str, Any]) -> Newcomer:
    """A person to let in, with the password typed now."""
    return Newcomer(options["name"], options["username"], password(), Role(options["role"]))


@contextmanager
def admission() -> Iterator[None]:
    """Say why a user is not added or changed. Raises Fails."""
    said = {
        "name_taken": _("Cet identifiant est déjà pris."),
        "unknown_user": _("Cet identifiant est inconnu : voyez « negatoscope user list »."),
        "last_administrator": _("C’est le dernier administrateur : nommez-en un autre d’abord."),
    }
    try:
        yield
    except ValidationError as error:
        raise Fails(" ".join(error.messages)) from error
    except NotAdmitted as error:
        raise Fails(said.get(error.code, error.code)) from error


def nowhere(refs: str) -> str:
    """Say which modalities have no address, and what to do."""
    names = ", ".join(ref.removeprefix("host/") for ref in refs.split(", "))
    said = _(
        "Modalité sans adresse connue : %(names)s. On ne pourrait pas l’épargner : donnez-lui une adresse sur "
        "sa fiche, ou retirez-la (negatoscope host retire NOM)."
    )
    return said % {"names": names}
