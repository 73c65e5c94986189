"""Cards seen by the practice's devices: where, since when, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.switching import Place, Sighting
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url

STATES = (
    ("declared", gettext_lazy("déclaré")),
    ("seen", gettext_lazy("connu, à déclarer")),
    ("unknown", gettext_lazy("inconnu")),
)


@dataclass(frozen=True)
class Seen:
    """One card at one place."""

    fact: Sighting
    at: datetime
    owner: Ref | None
    state: str
    """Of ``STATES``."""

    @property
    def whose(self) -> str:
        """The host, or what there is to do."""
        return subject_name(self.owner) if self.owner else str(_("À déclarer"))

    @property
    def url(self) -> str | None:
        """The host's page, or where it is declared."""
        if self.owner:
            return subject_url(self.owner)
        told = {"adresse": self.fact.address or "", "carte": self.fact.mac}
        return f"{reverse('host_add')}?{urlencode(told)}"


@needs(Role.READER)
@require_GET
def sightings(request: Visit) -> HttpResponse:
    """List the cards seen, the unknown ones first."""
    practice = desk.practice(request)
    by = labels.VALUES[Place]
    columns: tuple[Column[Seen], ...] = (
        Column("mac", gettext_lazy("Carte réseau"), lambda row: row.fact.mac, "code"),
        Column("name", gettext_lazy("Nom annoncé"), lambda row: row.fact.name),
        Column("maker", gettext_lazy("Fabricant"), lambda row: row.fact.maker),
        Column("owner", gettext_lazy("Équipement"), lambda row: row.whose, link=lambda row: row.url),
        Column("address", gettext_lazy("Adresse"), lambda row: row.fact.address, "code"),
        Column("by", gettext_lazy("Aperçu par"), lambda row: labels.value_label(row.fact.by)),
        Column("where", gettext_lazy("Lieu"), lambda row: row.fact.where),
        Column(
            "host",
            gettext_lazy("Vu de"),
            lambda row: subject_name(row.fact.host),
            link=lambda row: subject_url(row.fact.host),
        ),
        Column("first", gettext_lazy("Depuis"), lambda row: row.fact.first_seen, "instant"),
        Column("at", gettext_lazy("Vu"), lambda row: row.at, "instant"),
    )
    choices: tuple[Choice[Seen], ...] = (
        Choice("etat", gettext_lazy("État"), STATES, of=lambda row: row.state),
        Choice("par", gettext_lazy("Aperçu par"), [(place.value, by[place]) for place in Place], of=_by),
    )
    empty = Empty(
        _("Aucun appareil aperçu : aucun bail DHCP, aucune table ARP, aucun commutateur n’a été lu."),
        reverse("imports"),
        _("Importer un fichier d’équipement"),
    )
    rows = sorted(_rows(practice), key=lambda row: (-[one for one, _title in STATES].index(row.state), row.fact.mac))
    table = Table("appareils", _("Appareils aperçus"), columns, listed(rows, columns, choices), empty, choices)
    return answer(request, "register/sightings.html", table)


def _by(row: Seen) -> str:
    return row.fact.by.value


def _rows(practice: int) -> list[Seen]:
    owners, declared = _owners(practice)
    found: dict[Ref, Seen] = {}
    for told in register.of_kind(practice, Sighting.__name__):
        owner = owners.get(told.fact.mac)
        state = "unknown" if owner is None else "declared" if owner in declared else "seen"
        last = told.fact.last_seen
        found.setdefault(told.fact.ref, Seen(told.fact, min(last, told.at) if last else told.at, owner, state))
    return list(found.values())


def _owners(practice: int) -> tuple[Mapping[str, Ref], frozenset[Ref]]:
    """Whose each card is, and which hosts a person declared; a declared host outranks one that was merely seen."""
    hosts = register.stated(practice, Host)
    declared = frozenset(host.ref for host in register.stated(practice, Host, declared=True))
    pairs = [(mac, host.ref) for host in hosts for mac in host.macs or ()]
    pairs += [(card.mac, card.host) for card in register.stated(practice, Interface) if card.mac]
    return dict(sorted(pairs, key=lambda pair: pair[1] in declared)), declared
