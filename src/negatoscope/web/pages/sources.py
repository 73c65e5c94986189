"""Those who send logs: which doors are open, who came, who is silent, and the tokens that let servers in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows import encrypting, naming
from negatoscope.flows import tokens as door
from negatoscope.flows.hearing import EXPORTER, RECEIVER, health
from negatoscope.model.hearing import SourceState
from negatoscope.model.watching import OTHERS, DetectorRun
from negatoscope.store.queries import receivers, register
from negatoscope.store.roles import Role
from negatoscope.watch.health import SKEWED
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.confirming import ask, confirm_act, confirmed
from negatoscope.web.desk import Visit
from negatoscope.web.forms.receivers import LogTokenForm
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

AUTHORITY = "/etc/negatoscope.pem"
"""Where a sender's computer keeps the console's own authority."""
REASONS: dict[str, str | Promise] = {
    "address_taken": gettext_lazy("porte fermée : un autre programme écoute à cette adresse"),
    "cut": gettext_lazy("lignes trop longues, coupées"),
    "damaged": gettext_lazy("fichiers d’événements abîmés par le disque, mis de côté"),
    "database_busy": gettext_lazy("base de la console occupée : l’envoi est à refaire"),
    "datagrams_dropped": gettext_lazy("envois UDP arrivés trop vite, perdus"),
    "disk_failed": gettext_lazy("le disque de la console a refusé d’écrire"),
    "duplicate": gettext_lazy("lignes envoyées deux fois, gardées une fois"),
    "flows_lost": gettext_lazy("flux perdus en route"),
    "flows_sampled": gettext_lazy("relevés de flux où des paquets sont sautés (échantillonnage)"),
    "flows_unread": gettext_lazy("flux illisibles ou trop nombreux"),
    "framing": gettext_lazy("longueurs annoncées fausses"),
    "no_log": gettext_lazy("fichiers qui ne sont pas des journaux"),
    "not_taken": gettext_lazy("demandes autres que l’ajout d’une ligne"),
    "sender_outside": gettext_lazy("envois venus d’une adresse hors de vos réseaux déclarés"),
    "spool_full": gettext_lazy("file d’attente pleine : perdu en UDP, à refaire sinon"),
    "spool_damaged": gettext_lazy("lignes reçues que le disque de la console a perdues avant lecture"),
    "tls_failed": gettext_lazy("connexions sans certificat reconnu"),
    "tls_on_clear_port": gettext_lazy("connexions chiffrées à la porte qui ne l’est pas"),
    "token_unknown": gettext_lazy("jeton inconnu ou révoqué"),
    "too_large": gettext_lazy("envoi trop gros"),
    "too_many_connections": gettext_lazy("trop de connexions à la fois"),
    "too_slow": gettext_lazy("envoi trop lent"),
    "torn": gettext_lazy("arrêt brutal de la console : ce qui n’était pas encore confirmé est à refaire"),
}
SILENT, HEARD, LEARNING = "silent", "heard", "learning"
STATES = (
    (SILENT, gettext_lazy("silencieuse")),
    (HEARD, gettext_lazy("entendue")),
    (LEARNING, gettext_lazy("rythme en apprentissage")),
)


@dataclass(frozen=True)
class Source:
    """One line of the table."""

    sender: str
    told: SourceState
    host: str = ""
    """What the register calls the host that sends, where exactly one bears its address."""

    @property
    def name(self) -> str:
        """As a reader calls it."""
        kind, _colon, name = self.sender.partition(":")
        if kind == "flows":
            return _("flux de %(name)s") % {"name": f"{self.host} ({name})" if self.host else name}
        if self.host:
            return f"{self.host} ({self.sender})"
        if self.sender == OTHERS:
            return _("inconnus")
        if kind == "token":
            return _("jeton « %(name)s »") % {"name": name}
        if kind == "folder":
            return _("dossier « %(name)s »") % {"name": name}
        return _("certificat « %(name)s »") % {"name": name} if kind == "cert" else self.sender

    @property
    def state(self) -> str | None:
        """Which of the states; strangers have no rhythm."""
        if self.sender == OTHERS:
            return None
        if self.told.silent_since is not None:
            return SILENT
        return HEARD if self.told.usual is not None else LEARNING

    @property
    def lost(self) -> str | None:
        """What was not kept as it came, in a day."""
        told = [f"{REASONS.get(why, why)} ({many})" for why, many in sorted(self.told.lost.items())]
        return " · ".join(told) or None

    @property
    def clock(self) -> str | None:
        """How its clock is."""
        skew = self.told.skew
        if skew is None or abs(skew) < SKEWED:
            return None if skew is None else _("à l’heure")
        minutes = {"n": round(abs(skew) / timedelta(minutes=1))}
        return _("en retard de %(n)d min") % minutes if skew > timedelta() else _("en avance de %(n)d min") % minutes


COLUMNS: tuple[Column[Source], ...] = (
    Column("source", gettext_lazy("Source"), lambda row: row.name),
    Column("state", gettext_lazy("État"), lambda row: dict(STATES).get(row.state or "")),
    Column("last", gettext_lazy("Dernière ligne"), lambda row: row.told.last, "instant"),
    Column("received", gettext_lazy("Lignes en 24 h"), lambda row: row.told.received, "number"),
    Column("lost", gettext_lazy("Refusé ou perdu en 24 h"), lambda row: row.lost, sortable=False),
    Column("clock", gettext_lazy("Son horloge"), lambda row: row.clock, sortable=False),
)
CHOICES: tuple[Choice[Source], ...] = (Choice("etat", gettext_lazy("État"), STATES, lambda row: row.state),)


@dataclass(frozen=True)
class Way:
    """One way for logs to come in."""

    title: str
    place: str | None
    """Where it listens; ``None``: it is shut."""
    lines: Sequence[str]
    """What opens it."""


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def log_sources(request: Visit) -> HttpResponse:
    """Show who sends logs; make a token, and show it once with the lines to paste."""
    console, sure = desk.console(request), confirmed(request)
    if request.method == "POST" and not sure:
        return ask(request)
    form, fresh = LogTokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            fresh = door.make(console, desk.operator(request), RECEIVER, form.cleaned_data["name"])
        except door.NameTaken:
            form.add_error("name", _("Un jeton ouvert porte déjà ce nom."))
        else:
            form = LogTokenForm()
    states = health(console)
    hosts = _hosts(console.practice, states)
    rows = [Source(sender, told, hosts.get(sender, "")) for sender, told in states.items()]
    empty = Empty(_("Aucune ligne reçue pour l’instant. Ouvrez une porte ci-dessus, puis réglez un équipement."))
    table = Table("sources", _("Sources de journaux"), COLUMNS, listed(rows, COLUMNS, CHOICES), empty, CHOICES)
    context = {
        "form": form,
        "sure": sure,
        "fresh": fresh,
        "recipes": _recipes(request.get_host(), fresh) if fresh else (),
        "silent": [row for row in rows if row.state == SILENT],
        "missing": _missing(console.practice),
        "tokens": receivers.tokens(console.practice, RECEIVER),
        "ways": _ways(),
        "file": settings.CONFIG.data / "negatoscope.toml",
        "authority": encrypting.authority(settings.CONFIG),
        "encrypted": settings.CONFIG.tls is not None,
    }
    return answer(request, "sources/page.html", table, context)


def _hosts(practice: int, senders: Collection[str]) -> dict[str, str]:
    """What the register calls those who send from an address of their own."""
    places = {sender: sender.removeprefix(EXPORTER) for sender in senders}
    refs = register.bearers(practice, {*places.values()})
    names = naming.names(practice, refs.values())
    told = {place: names.get(ref, ref.removeprefix("host/")) for place, ref in refs.items()}
    return {sender: told[place] for sender, place in places.items() if place in told}


def _missing(practice: int) -> tuple[str, ...]:
    """Files of rules that the watch does without, as it last told."""
    runs = (told.fact for told in register.of_kind(practice, DetectorRun.__name__))
    return tuple(name for run in runs for name in run.missing or ())


def _ways() -> tuple[Way, ...]:
    config = settings.CONFIG
    return (
        Way(_("Syslog : box, pare-feu, commutateurs, NAS"), config.syslog, ('syslog = "0.0.0.0:5514"',)),
        Way(_("Syslog chiffré : serveurs, PACS (ATNA)"), config.syslog_tls, ('syslog_tls = "0.0.0.0:6514"',)),
        Way(_("Collecteurs de journaux : Winlogbeat, Filebeat, Vector, Fluent Bit, rsyslog"), config.bulk, (
            'bulk = "0.0.0.0:9200"' if config.tls else 'bulk = "127.0.0.1:9200"',
        )),
    )  # fmt: skip


def _recipes(host: str, token: str) -> tuple[tuple[str, str], ...]:
    """What to paste, by kind of sender."""
    config = settings.CONFIG
    place = config.bulk_door
    name, port = urlsplit(f"//{host}").hostname or "localhost", place[1] if place else 9200
    scheme, switch = ("https", "on") if config.tls else ("http", "off")
    own = encrypting.authority(config) is not None
    trusted = f'\n  ssl.certificate_authorities: ["{AUTHORITY}"]' if own else ""
    trust = f'\n  tls.cacert="{AUTHORITY}"' if own else ""
    beats = (
        f'output.elasticsearch:\n  hosts: ["{scheme}://{name}:{port}"]\n  username: "negatoscope"\n'
        f'  password: "{token}"{trusted}'
    )
    rsyslog = (
        'module(load="omelasticsearch")\n'
        'template(name="negatoscope" type="list" option.jsonf="on") {\n'
        '  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")\n'
        '  property(outname="host" name="hostname" format="jsonf")\n'
        '  property(outname="program" name="programname" format="jsonf")\n'
        '  property(outname="message" name="rawmsg" format="jsonf")\n}\n'
        f'action(type="omelasticsearch" server="{name}" serverport="{port}" usehttps="{switch}" bulkmode="on"\n'
        f'  template="negatoscope" searchType="" uid="negatoscope" pwd="{token}" action.resumeRetryCount="-1"{trust})'
    )
    return (
        (_("Winlogbeat et Filebeat : winlogbeat.yml, filebeat.yml"), beats),
        (_("rsyslog : /etc/rsyslog.d/negatoscope.conf"), rsyslog),
    )


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def log_token_revoke(request: Visit, number: int) -> HttpResponse:
    """Close a token: who shows it is turned away within seconds."""
    name = desk.found(door.revoke(desk.console(request), desk.operator(request), number))
    messages.success(request, _("Le jeton « %(name)s » est révoqué.") % {"name": name})
    return redirect("log_sources")
