"""What mails say: the lines of ``notices.toml`` with their values, the page where it is done, and the ledger's head."""

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from negatoscope.flows.naming import about
from negatoscope.judge import texts
from negatoscope.kit.bilingual import Lang, counted
from negatoscope.kit.clock import PARIS
from negatoscope.model.alert import Alert
from negatoscope.model.launch import Purpose
from negatoscope.prove.telling import Kind
from negatoscope.respond.duty import duties
from negatoscope.respond.wall import LATE, REST, Clock
from negatoscope.store import ledger
from negatoscope.store.notices import NoticeRow
from negatoscope.watch.texts import behaviour

MOST = 40
"""Notices that one letter tells; of the others it says how many."""
DAY = 10
"""Signs of a day without an hour."""


def letter(rows: Sequence[NoticeRow], language: str, base: str) -> tuple[str, str]:
    """Subject and body of one letter that bears these notices."""
    parts = [_part(row, language, base) for row in rows[:MOST]]
    if len(rows) > MOST:
        parts.append(_fill("more", {"n": len(rows) - MOST, "url": f"{base}echeances/"}, language))
    subject = told(rows[0], language) if len(rows) == 1 else _fill("several", {"n": len(rows)}, language, "subject")
    last = ledger.last() or {"sequence": 0, "hash": ""}
    foot = _fill("foot", {"size": last["sequence"], "head": last["hash"]}, language)
    head = "" if rows[0].kind == Kind.CALL else "Négatoscope – "  # an exercise says so in its first word
    return f"{head}{subject}", "\n\n".join(parts) + f"\n\n-- \n{foot}\n"


def told(row: NoticeRow, language: str) -> str:
    """What a notice says, in one line."""
    return _fill(row.code, _values(row, language), language, "subject")


def alert(kind: str, code: str, language: str) -> str:
    """What an alert is called, by what raised it."""
    return behaviour(code, _lang(language)) if kind == "behaviour" else str(_book()["alert"]["sigma"][language])


def called(one: Alert, step: str, language: str, base: str) -> str:
    """What a channel says of an alert at a step: neither whom nor what it is about, for others carry it."""
    values = {
        "number": one.number, "alert": alert(one.kind, one.code, language), "url": f"{base}alertes/{one.number}/",
        "hour": _hour(one.due.isoformat(), language), "priority": _book()["priority"][one.priority][language],
    }  # fmt: skip
    return _fill(step, values, language, "call")


def sentence(clock: Clock, mark: str) -> str:
    """Which sentence a mark on the clock of a duty asks for."""
    if mark in {LATE, REST}:
        return mark
    return "due" if clock.due else "untold"


def reminded(number: int, clock: Clock, mark: str, language: str, base: str) -> str:
    """What a channel says of the clock of a duty: neither whom it is about nor what happened."""
    code, lang, duty = f"duty_{sentence(clock, mark)}", _lang(language), clock.duty
    values = {
        "number": number, "duty": duty.name[lang], "to": duty.to[lang], "url": f"{base}incidents/{number}/obligations/",
        "hour": _hour(clock.ends.isoformat(), language) if clock.ends else "",
    }  # fmt: skip
    return _fill(code, values, language, "call")


def rung(purpose: Purpose, url: str, language: str) -> str:
    """What a channel says to somebody whom the alert chain calls: no name, nothing of what happens."""
    return _fill(f"chain_{purpose}", {"url": url}, language, "call")


def answered_at(base: str, token: str) -> str:
    """The address by which somebody answers the alert chain."""
    return f"{base}repondre/{token}/"


def headed(purpose: Purpose, language: str) -> str:
    """The title of such a message; that of an exercise says so in its first word."""
    return _fill(f"chain_{purpose}", {}, language, "subject")


def undelivered(why: str, language: str) -> str:
    """Why what a channel was to tell did not arrive."""
    said: dict[str, dict[str, str]] = _book()["undelivered"]
    return said[why][language] if why in said else why


def call(lines: Sequence[str], n: int, language: str, base: str) -> tuple[str, str]:
    """Title and text of a message that bears these lines, of ``n``; none: a trial."""
    url = f"{base}alertes/"
    if not lines:
        return "Négatoscope", _fill("trial", {"url": url}, language, "call")
    more = [_fill("more", {"n": n - len(lines), "url": url}, language, "call")] if n > len(lines) else []
    title = f"Négatoscope – {_fill('several', {'n': n}, language, 'call')}" if n > 1 else "Négatoscope"
    return title, "\n".join([*lines, *more])


def _part(row: NoticeRow, language: str, base: str) -> str:
    """One notice: what it says, instead of whom it is told, and where it is done."""
    lines = [_fill(row.code, _values(row, language), language)]
    lines += [_instead(one, language) for one in row.values.get("instead", ())]
    path = where(row.code, row.values)
    return "\n".join([*lines, f"{base}{path[1:]}"] if path else lines)


def where(code: str, values: dict[str, Any]) -> str:
    """The page where it is done; empty: none is, for somebody who may have no access."""
    path = _book()["page"].get(values.get("what", code), "")
    told = {name: str(values.get(name, "")) for name in ("subject", "control", "ident")}
    told |= {"name": told["subject"].partition("/")[2], "number": told["control"][1:].partition(".")[0]}
    return str(path).format_map({name: quote(str(value), safe="/~:@!$&()*+,;=") for name, value in told.items()})


def _values(row: NoticeRow, language: str) -> dict[str, Any]:
    values = {name: value for name, value in row.values.items() if name not in {"list", "instead"}}
    values |= {"name": _named(values, language), "day": _day(values.get("at", ""), language)}
    values["hour"] = _hour(values.get("at", ""), language)
    if "duty" in values:
        values |= _duty(str(values["duty"]), language)
    if "alert" in values:
        values["alert"] = alert(values["kind"], values["alert"], language)
    if "rules" in values:
        values["rules"] = ", ".join(about(code, _lang(language)) for code in str(values["rules"]).split(", "))
    if "paper" in values:
        values["paper"] = _book()["what"][values["paper"]][language]
    values["list"] = "\n".join(f"– {_line(one, language)}" for one in row.values.get("list", ())[:MOST])
    return values


def _duty(code: str, language: str) -> dict[str, str]:
    """What a duty is called, and who is told."""
    lang, found = _lang(language), next((one for one in duties() if one.id == code), None)
    return {"duty": found.name[lang], "to": found.to[lang]} if found else {"duty": code, "to": code}


@cache
def _book() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("negatoscope.flows").joinpath("notices.toml").read_text(encoding="utf-8"))


def _fill(code: str, values: dict[str, Any], language: str, part: str = "body") -> str:
    text: str = _book()[part][code][language]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return counted(text, values["n"], _lang(language)) if "n" in values else text


def _instead(one: dict[str, str], language: str) -> str:
    return _fill(one["why"], {"name": one["name"], "day": _day(one["until"], language)}, language, "instead")


def _line(said: dict[str, str], language: str) -> str:
    colon = ":" if language == "en" else "\xa0:"
    return f"{_named(said, language)}{colon} {_day(said['at'], language)}"


def _named(values: dict[str, Any], language: str) -> str:
    """What ends, or who it is about."""
    subject = str(values.get("subject", ""))
    shown = values.get("named") or (subject and texts.subject(subject, _lang(language)))
    if "what" not in values:
        return str(values.get("name") or shown)
    said = " ".join(filter(None, (about(values["control"], _lang(language)), shown)))
    return f"{_book()['what'][values['what']][language]} {said}"


def _lang(language: str) -> Lang:
    return "en" if language == "en" else "fr"


def _day(at: str, language: str) -> str:
    """A day as each language writes it without doubt."""
    if not at:
        return ""
    on = date.fromisoformat(at) if len(at) == DAY else datetime.fromisoformat(at).astimezone(PARIS).date()
    return f"{on:%d/%m/%Y}" if language == "fr" else f"{on:%Y-%m-%d}"


def _hour(at: str, language: str) -> str:
    """A day and an hour, Paris time; empty for a day alone."""
    if len(at) <= DAY:
        return ""
    on = datetime.fromisoformat(at).astimezone(PARIS)
    return (
        f"{on:%d/%m/%Y} à {on.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{on:%M}"
        if language == "fr"
        else f"{on:%Y-%m-%d} at {on:%H:%M}"
    )
