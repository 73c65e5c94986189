"""Those who work for the practice without belonging to it: contracts, and when they may come in from afar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


@dataclass(frozen=True, slots=True)
class Provider:
    """A company or an independent who installs, maintains, cleans or guards."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    service: str | None = None
    """What they do for the practice."""
    phone: str | None = None
    email: str | None = None
    emergency: str | None = None
    """The number that answers at night and on Sundays."""

    @property
    def ref(self) -> Ref:
        """``provider/<name>``."""
        return named("provider", self.name)


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed with a provider, and until when."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """Subject or number of the contract."""
    provider: Ref
    signed_on: date | None = None
    ends_on: date | None = None
    health_data: bool | None = None
    """The provider may see patients' data, and the contract says under which conditions (GDPR, article 28)."""
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the contract in the vault."""

    @property
    def ref(self) -> Ref:
        """``contract/<provider>/<name>``."""
        return named("contract", rest(self.provider), self.name)


class Days(StrEnum):
    """Days of the week on which something holds."""

    EVERY = "every"
    WORKDAYS = "workdays"
    """Monday to Friday."""
    WEEKEND = "weekend"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_LONE = (Days.MONDAY, Days.TUESDAY, Days.WEDNESDAY, Days.THURSDAY, Days.FRIDAY, Days.SATURDAY, Days.SUNDAY)
WEEK: Mapping[Days, frozenset[int]] = {
    Days.EVERY: frozenset(range(7)),
    Days.WORKDAYS: frozenset(range(5)),
    Days.WEEKEND: frozenset({5, 6}),
    **{day: frozenset({number}) for number, day in enumerate(_LONE)},
}
"""Days of the week by number, Monday first, as ``date.weekday`` counts them."""


@dataclass(frozen=True, slots=True)
class RemoteWindow:
    """An agreed time during which a provider may take over a host from afar.

    R18.4 asks that access stand open in it alone; it excuses no host from any other control.
    """

    SCOPE: ClassVar[Scope] = "practice"

    provider: Ref
    host: Ref
    starts_on: date | None = None
    until: date | None = None
    """The last day."""
    tool: str | None = None
    reason: str | None = None
    allowed_by: Ref | None = None
    """Who of the practice agreed."""
    days: Days | None = None
    hours: str | None = None
    """Of these days, Paris time, as ``presence.said`` writes them: ``08:00–12:00``."""
    networks: tuple[str, ...] | None = None
    """Where the provider comes from, in CIDR notation: public addresses, or those that a tunnel gives."""
    ticket: str | None = None
    """The provider's number for the work."""

    @property
    def ref(self) -> Ref:
        """``remotewindow/<provider>/<host>/<first day>``."""
        return named("remotewindow", rest(self.provider), rest(self.host), self.starts_on)


PROVIDERS = Family(
    "providers",
    Provider,
    (
        Column("name", "Prestataire", "Contractor", ("société", "entreprise", "nom", "name", "company", "fournisseur"),
               required=True, width=30,
               note=Words("Nom de l’entreprise ou de la personne.", "Name of the company or person."),
               example=Words("Informatique du Midi", "Midi Computing")),
        Column("service", "Prestation", "Service", ("service", "métier", "rôle", "activité"), width=36,
               note=Words("Ce qu’il fait pour vous.", "What they do for you."), example=Words("Réseau et postes",
                                                            "Network and computers")),
        Column("phone", "Téléphone", "Phone", ("tel", "tél.", "telephone"), Shape.PHONE,
               note=Words("Numéro aux heures de bureau.", "Number in office hours."), example="05 61 00 00 00"),
        Column("email", "Courriel", "E-mail", ("mail", "email", "adresse électronique"), Shape.MAIL, width=30,
               note=Words("Adresse du support.", "Address of their support."), example="support@midi.example"),
        Column("emergency", "Astreinte", "Out of hours", ("urgence", "numéro d’astreinte", "emergency"), Shape.PHONE,
               note=Words("Numéro de nuit et de week-end.", "Number at night and at weekends."),
               example="06 00 00 00 00"),
    ),
    Words("Prestataires", "Contractors"), Words("un prestataire", "a contractor"),
    Words("Ceux qui entrent, sur place ou à distance, sans être du cabinet.",
          "Those who come in, on site or from afar, without being of the practice."),
    group="providers",
)  # fmt: skip

CONTRACTS = Family(
    "contracts",
    Contract,
    (
        Column("name", "Contrat", "Contract", ("objet", "numéro", "nom", "name", "subject"), required=True, width=34,
               note=Words("Objet ou numéro du contrat.", "Subject or number of the contract."),
               example=Words("Maintenance du PACS", "PACS maintenance")),
        Column("provider", "Prestataire", "Contractor", ("société", "entreprise", "fournisseur", "company"), Shape.LINK,
               required=True, to=("Provider",), width=30,
               note=Words("Tel qu’écrit dans la liste des prestataires.", "As written in the list of contractors."),
               example=Words("Informatique du Midi", "Midi Computing")),
        Column("signed_on", "Signé le", "Signed on", ("date de signature", "début", "signature"), Shape.DAY, width=14,
               note=Words("Jour de la signature.", "Day of signature."), example="01/01/2025"),
        Column("ends_on", "Fin", "Ends on", ("échéance", "date de fin", "end date", "expire le"), Shape.DAY, width=14,
               note=Words("Dernier jour du contrat.", "Last day of the contract."), example="31/12/2027"),
        Column("health_data", "Clause données de santé", "Health data clause", ("rgpd", "gdpr", "sous-traitance"),
               Shape.YES, width=24,
               note=Words("oui si le contrat encadre l’accès aux données des patients.",
                          "yes if the contract frames access to patients’ data."),
               example=Words("oui", "yes")),
        Column("document_name", "Document", "Document", ("fichier", "file"), width=28,
               note=Words("Nom du fichier ou du classeur.", "Name of the file or binder."), example="contrat-pacs.pdf"),
        Column("document_digest", "Empreinte du document", "Document digest", ("sha256", "empreinte"), Shape.DOCUMENT,
               width=30,
               note=Words("Laissez vide : elle vient du document joint dans la console.",
                          "Leave empty: it comes from the document joined in the console.")),
    ),
    Words("Contrats", "Contracts"), Words("un contrat", "a contract"),
    Words("Ils disent qui répond de quoi, et jusqu’à quand.", "They say who answers for what, and until when."),
    key=("provider", "name"),
    order=(("signed_on", "ends_on"),),
    group="providers",
)  # fmt: skip

_DAYS = {
    Days.EVERY: Words("tous les jours", "every day"),
    Days.WORKDAYS: Words("du lundi au vendredi", "Monday to Friday"),
    Days.WEEKEND: Words("samedi et dimanche", "Saturday and Sunday"),
    Days.MONDAY: Words("lundi", "Monday"),
    Days.TUESDAY: Words("mardi", "Tuesday"),
    Days.WEDNESDAY: Words("mercredi", "Wednesday"),
    Days.THURSDAY: Words("jeudi", "Thursday"),
    Days.FRIDAY: Words("vendredi", "Friday"),
    Days.SATURDAY: Words("samedi", "Saturday"),
    Days.SUNDAY: Words("dimanche", "Sunday"),
}

REMOTE_WINDOWS = Family(
    "remote-windows",
    RemoteWindow,
    (
        Column("provider", "Prestataire", "Contractor", ("société", "entreprise", "company"), Shape.LINK, required=True,
               to=("Provider",), width=30,
               note=Words("Tel qu’écrit dans la liste des prestataires.", "As written in the list of contractors."),
               example=Words("Informatique du Midi", "Midi Computing")),
        Column("host", "Équipement", "Host", ("poste", "serveur", "server", "appareil"), Shape.LINK, required=True,
               to=("Host",), width=26,
               note=Words("Nom ou adresse, comme sur la page Équipements.", "Name or address, as on the Hosts page."),
               example="srv-pacs"),
        Column("starts_on", "Du", "From", ("début", "à partir du", "start"), Shape.DAY, width=14,
               note=Words("Premier jour.", "First day."), example="01/12/2026"),
        Column("until", "Au", "Until", ("fin", "jusqu’au", "end"), Shape.DAY, width=14,
               note=Words("Dernier jour.", "Last day."), example="02/12/2026"),
        Column("days", "Jours", "Days", ("jour", "day"), Shape.CHOICE, width=22, choices=_DAYS,
               note=Words("Les jours convenus, dans cette période.", "The days agreed, within that time."),
               example=Words("du lundi au vendredi", "Monday to Friday")),
        Column("hours", "Heures", "Hours", ("heure", "plage", "horaires"), Shape.HOURS, width=22,
               note=Words("Heures convenues, heure de Paris ; au-delà, l’accès doit être fermé.",
                          "The hours agreed, Paris time; beyond them, access must be closed."), example="12:00–14:00"),
        Column("tool", "Moyen", "Tool", ("outil", "logiciel", "par"), width=22,
               note=Words("Comment il entre : VPN, TeamViewer…", "How they come in: VPN, TeamViewer…"), example="VPN"),
        Column("reason", "Raison", "Reason", ("motif", "pourquoi", "justification"), Shape.NOTE, width=36,
               note=Words("Pourquoi il faut l’ouvrir.", "Why it must be open."), example=Words("Mise à jour du PACS",
                                                            "PACS update")),
        Column("allowed_by", "Accordé par", "Allowed by", ("accord", "autorisé par"), Shape.LINK, to=("Person",),
               width=26,
               note=Words("La personne du cabinet qui a dit oui.", "Who of the practice said yes."),
               example="martin.claire"),
        Column("networks", "Depuis", "Comes from", ("adresses", "réseaux", "networks"), Shape.NETWORKS, width=30,
               note=Words("Adresses d’où il entre, s’il vous les a données ; séparées par des points-virgules.",
                          "Addresses that they come from, if they told you; separated by semicolons."),
               example="203.0.113.40/32"),
        Column("ticket", "Intervention", "Job number", ("numéro d’intervention", "ticket", "référence"), width=18,
               note=Words("Le numéro de l’intervention chez le prestataire.", "The contractor’s number for the work."),
               example="INT-2026-118"),
    ),
    Words("Télémaintenances", "Remote maintenance"), Words("une télémaintenance", "a remote maintenance window"),
    Words("Chaque prise en main à distance convenue : pourquoi, quels jours et à quelles heures.",
          "Each remote take-over agreed: why, on which days and at which hours."),
    key=("provider", "host", "starts_on"),
    order=(("starts_on", "until"),),
    group="providers",
)  # fmt: skip

FAMILIES = (PROVIDERS, CONTRACTS, REMOTE_WINDOWS)
