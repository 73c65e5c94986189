"""The answers to rule 38's questions as tables: columns, filters, and what they say where they are empty."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.kit.bilingual import Lang
from negatoscope.respond.questions import telling, texts
from negatoscope.respond.questions.texts import Name
from negatoscope.web.tables import Choice, Column
from negatoscope.web.templatetags.room import subject_url

Columns = tuple[Column[Any], ...]
SLUGS = {"entree": "entry", "propagation": "spread", "echanges": "talk", "portee": "reach", "semblables": "twins"}
"""Answers by what addresses call them."""
YES_NO: tuple[tuple[str, str | Promise], ...] = (("yes", _("oui")), ("no", _("non")))


def columns(part: str, lang: Lang, name: Name) -> Columns:
    """The columns of an answer."""
    return _COLUMNS[part](lang, name)


def choices(part: str, lang: Lang) -> tuple[Choice[Any], ...]:
    """The filters of an answer."""
    return _CHOICES[part](lang)


def _host(title: str | Promise, name: Name, of: Callable[[Any], str]) -> Column[Any]:
    return Column("host", title, lambda row: name(of(row)), link=lambda row: subject_url(of(row)))


def _because(title: str | Promise, lang: Lang, name: Name) -> Column[Any]:
    def told(row: Any) -> str:  # noqa: ANN401 -- a row of any answer
        return " ; ".join(telling.line(row, lang, name).because)

    return Column("because", title, told, sortable=False)


def _entry(lang: Lang, name: Name) -> Columns:
    happenings = texts.texts().happenings
    return (
        Column("score", _("Vraisemblance"), lambda row: row.score, "number"),
        Column("kind", _("Quoi"), lambda row: happenings[row.happening.kind][lang]),
        _host(_("Sur"), name, lambda row: row.happening.host),
        Column("origin", _("Depuis"), lambda row: row.happening.origin),
        Column("who", _("Qui"), lambda row: row.happening.who),
        Column("first", _("Première fois"), lambda row: row.happening.first, "instant"),
        Column("last", _("Dernière fois"), lambda row: row.happening.last, "instant"),
        _because(_("Pourquoi"), lang, name),
    )


def _spread(lang: Lang, name: Name) -> Columns:
    return (
        _host(_("Équipement"), name, lambda row: row.host),
        Column("back", _("Sens"), lambda row: texts.texts().ways["back" if row.back else "forth"][lang]),
        Column("at", _("Instant possible"), lambda row: row.at, "instant"),
        Column("steps", _("Étapes"), lambda row: len(row.path), "number"),
        Column("unusual", _("Chemin jamais vu avant"), lambda row: row.unusual),
        _because(_("Chemin"), lang, name),
    )


def _talk(_lang: Lang, name: Name) -> Columns:
    return (
        Column("way", _("Qui a commencé"), lambda row: str(BEGAN[row.way])),
        Column("peer", _("Avec"), lambda row: telling.peer(row, name), link=lambda row: subject_url(row.host)),
        Column("outside", _("Hors du cabinet"), lambda row: row.outside),
        Column("protocol", _("Protocole"), lambda row: row.protocol, "code"),
        Column("port", _("Port"), lambda row: row.port, "number"),
        Column("sent", _("Octets envoyés"), lambda row: row.sent, "octets"),
        Column("received", _("Octets reçus"), lambda row: row.received, "octets"),
        Column("failed", _("Refusés"), lambda row: row.failed, "number"),
        Column("first", _("Premier échange"), lambda row: row.first, "instant"),
        Column("last", _("Dernier échange"), lambda row: row.last, "instant"),
        Column("told_by", _("D’après"), lambda row: ", ".join(str(TELLERS[one]) for one in row.told_by)),
    )


def _reach(lang: Lang, name: Name) -> Columns:
    return (
        Column("node", _("Quoi"), lambda row: texts.node(row, lang, name),
               link=lambda row: None if row.kind == "data" else subject_url(row.node)),
        Column("kind", _("Sorte"), lambda row: texts.texts().kinds[row.kind][lang]),
        Column("shown", _("Établi"), lambda row: row.shown),
        Column("worth", _("Importance"), lambda row: row.worth, "number"),
        Column("steps", _("Étapes"), lambda row: len(row.path), "number"),
        _because(_("Par où"), lang, name),
    )  # fmt: skip


def _twins(lang: Lang, name: Name) -> Columns:
    return (
        _host(_("Équipement"), name, lambda row: row.host),
        Column("score", _("Ressemblance"), lambda row: round(row.score, 1), "number"),
        _because(_("Points communs, les plus rares d’abord"), lang, name),
    )


BEGAN = {"out": _("cet équipement"), "in": _("l’autre")}
TELLERS = {"events": _("journaux"), "flows": _("flux")}


def _yes_no(code: str, title: str | Promise, of: Callable[[Any], bool]) -> Choice[Any]:
    return Choice(code, title, YES_NO, lambda row: "yes" if of(row) else "no")


_COLUMNS: dict[str, Callable[[Lang, Name], Columns]] = {
    "entry": _entry, "spread": _spread, "talk": _talk, "reach": _reach, "twins": _twins,
}  # fmt: skip
_CHOICES: dict[str, Callable[[Lang], tuple[Choice[Any], ...]]] = {
    "entry": lambda lang: (
        Choice("quoi", _("Quoi"), [(code, said[lang]) for code, said in texts.texts().happenings.items()],
               lambda row: row.happening.kind),
    ),
    "spread": lambda lang: (
        Choice("sens", _("Sens"), [(code, said[lang]) for code, said in texts.texts().ways.items()],
               lambda row: "back" if row.back else "forth"),
        _yes_no("inedit", _("Chemin jamais vu avant"), lambda row: row.unusual),
    ),
    "talk": lambda _lang: (
        Choice("debut", _("Qui a commencé"), tuple(BEGAN.items()), lambda row: row.way),
        _yes_no("dehors", _("Hors du cabinet"), lambda row: row.outside),
    ),
    "reach": lambda lang: (
        Choice("sorte", _("Sorte"), [(code, said[lang]) for code, said in texts.texts().kinds.items()],
               lambda row: row.kind),
        _yes_no("etabli", _("Établi"), lambda row: row.shown),
    ),
    "twins": lambda _lang: (),
}  # fmt: skip
