"""The lines of a gateway, in the order in which packets meet them, with what is wrong with each."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.judge.segmentation.faults import faults
from negatoscope.model.gateways import Addresses, Chain, Does, FilterRule, Hook, Match, RuleBase
from negatoscope.model.hosts import Host
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

DOES = {
    Does.ACCEPT: gettext_lazy("laisse passer"),
    Does.DROP: gettext_lazy("refuse"),
    Does.REJECT: gettext_lazy("refuse et le dit"),
    Does.JUMP: gettext_lazy("renvoie à d’autres lignes"),
    Does.GOTO: gettext_lazy("renvoie à d’autres lignes"),
    Does.RETURN: gettext_lazy("revient"),
    Does.NOTHING: gettext_lazy("note seulement"),
    Does.UNREAD: gettext_lazy("non lu"),
}
FAULTS = {
    "any_any": gettext_lazy("laisse tout passer"),
    "any_any_unread": gettext_lazy("laisse peut-être tout passer"),
    "shadowed": gettext_lazy("ne sert jamais"),
    "unlogged": gettext_lazy("sans trace"),
    "log_unknown": gettext_lazy("trace inconnue"),
    "unused": gettext_lazy("jamais empruntée"),
    "expired": gettext_lazy("périmée"),
}
HOOKS = {
    Hook.ARRIVAL: gettext_lazy("ce qui arrive"),
    Hook.FORWARD: gettext_lazy("ce qui traverse"),
    Hook.INPUT: gettext_lazy("ce qui s’adresse à lui"),
    Hook.OUTPUT: gettext_lazy("ce qu’il envoie"),
    Hook.DEPARTURE: gettext_lazy("ce qui repart"),
}
REST = "default deny"
"""What a maker's screen does not show: the refusal after all lines."""
STATES = (("wrong", gettext_lazy("à revoir")), ("fine", gettext_lazy("rien à redire")))
YES = {True: gettext_lazy("oui"), False: gettext_lazy("non")}


@dataclass(frozen=True)
class Wall:
    """One line, as its row shows it."""

    chain: Chain
    rule: FilterRule
    wrong: tuple[str, ...]

    @property
    def state(self) -> str:
        """Of ``STATES``."""
        return "wrong" if self.wrong else "fine"

    @property
    def group(self) -> str:
        """Which packets meet it; in a group that has none of its own, the maker's name of it."""
        return self.chain.name if self.chain.hook is None else f"{HOOKS[self.chain.hook]} ({self.chain.name})"

    @property
    def label(self) -> str:
        """As its maker's screen shows it."""
        return str(_("refus de tout le reste")) if self.rule.label == REST else self.rule.label

    @property
    def told(self) -> str:
        """What is wrong with it, in words."""
        return ", ".join(str(FAULTS[code]) for code in self.wrong)


@needs(Role.READER)
@require_GET
def host_walls(request: Visit, name: str) -> HttpResponse:
    """List the lines of a gateway."""
    told = register.about(desk.practice(request), f"host/{name}")
    if not any(one.kind == Host.__name__ for one in told):
        desk.missing()
    bases = [one.fact for one in told if one.kind == RuleBase.__name__]
    columns: tuple[Column[Wall], ...] = (
        Column("line", gettext_lazy("Ligne"), lambda row: row.label),
        Column("does", gettext_lazy("Effet"), lambda row: str(DOES[row.rule.does])),
        Column("from", gettext_lazy("Depuis"), lambda row: _end(row.rule.match, source=True)),
        Column("to", gettext_lazy("Vers"), lambda row: _end(row.rule.match, source=False)),
        Column("service", gettext_lazy("Service"), lambda row: _service(row.rule.match), "code"),
        Column("unread", gettext_lazy("Non lu"), lambda row: row.rule.match.unread),
        Column(
            "logged", gettext_lazy("Trace"), lambda row: None if row.rule.logged is None else str(YES[row.rule.logged])
        ),
        Column("packets", gettext_lazy("Paquets"), lambda row: row.rule.packets, "number"),
        Column("wrong", gettext_lazy("À revoir"), lambda row: row.told or None),
        Column("chain", gettext_lazy("Groupe de lignes"), lambda row: row.group),
    )
    choices: tuple[Choice[Wall], ...] = (Choice("etat", gettext_lazy("État"), STATES, of=lambda row: row.state),)
    empty = Empty(_("Aucune ligne n’a été lue."), reverse("imports"), _("Importer un fichier d’équipement"))
    caption = _("Lignes du pare-feu de %(name)s") % {"name": name}
    rows = [row for base in bases for row in _rows(base, request)]
    table = Table("pare-feu", caption, columns, listed(rows, columns, choices), empty, choices)
    return answer(request, "register/walls.html", table, {"name": name})


def _rows(base: RuleBase, request: Visit) -> list[Wall]:
    wrong: dict[tuple[str, str | None], dict[str, None]] = {}
    for fault in faults(base, desk.console(request).clock()):
        if fault.code in FAULTS:
            wrong.setdefault((fault.chain, fault.label), {})[fault.code] = None
    return [
        Wall(chain, rule, tuple(wrong.get((chain.name, rule.label), ())))
        for chain in base.chains or ()
        for rule in chain.rules
        if rule.enabled
    ]


def _end(match: Match, *, source: bool) -> str:
    addresses = match.sources if source else match.targets
    legs, negated = (match.entering, match.not_entering) if source else (match.leaving, match.not_leaving)
    parts = [_addresses(addresses)] if addresses else []
    parts += [f"[{'≠ ' if negated else ''}{', '.join(legs)}]"] if legs is not None else []
    return " ".join(parts) or str(_("partout"))


def _addresses(addresses: Addresses) -> str:
    return ("≠ " if addresses.negated else "") + ", ".join(addresses.among)


def _service(match: Match) -> str:
    protocols = "/".join(match.protocols) if match.protocols is not None else ""
    sign = "≠ " if match.not_protocols or match.not_target_ports else ""
    ports = ",".join(str(low) if low == high else f"{low}-{high}" for low, high in match.target_ports or ())
    states = f" ({', '.join(match.states)})" if match.states is not None else ""
    return f"{sign}{protocols}{' ' if protocols and ports else ''}{ports}{states}".strip() or str(_("tout"))
