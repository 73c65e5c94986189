"""Backups and restore drills; whom to call, in which order, and whether that was tried."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named, rest


class Restored(StrEnum):
    """What a restore drill brought back."""

    DICOM_STUDY = "dicom_study"
    RIS_DUMP = "ris_dump"
    OTHER = "other"


class Outcome(StrEnum):
    """How a drill went."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Backup:
    """What is backed up, with what, where to and how often. That it ran is an instrument's word."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    """What it holds: ``PACS``, ``RIS``, ``comptabilité``."""
    host: Ref | None = None
    """Where the data live."""
    tool: str | None = None
    kept_at: str | None = None
    every_days: int | None = None
    """Days between two backups."""
    encrypted: bool | None = None
    offline: bool | None = None
    """One copy is out of reach of the network."""
    manager: Ref | None = None

    @property
    def ref(self) -> Ref:
        """``backup/<name>``."""
        return named("backup", self.name)


@dataclass(frozen=True, slots=True)
class RestoreDrill:
    """Somebody restored something real from a backup, and kept the proof."""

    SCOPE: ClassVar[Scope] = "practice"

    what: Restored
    on: date
    outcome: Outcome | None = None
    minutes: int | None = None
    """From the decision to the data being usable."""
    led_by: Ref | None = None
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the record of the drill, in the vault."""

    @property
    def ref(self) -> Ref:
        """``restoredrill/<what>/<day>``."""
        return named("restoredrill", self.what.value, self.on)


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the call list."""

    SCOPE: ClassVar[Scope] = "practice"

    person: Ref
    order: int | None = None
    """1 is called first."""
    phone: str | None = None
    deputy: Ref | None = None
    """Who is called where this person does not answer."""
    acknowledged_on: date | None = None
    """When they confirmed knowing their part."""
    other_phone: str | None = None
    """A second number, on another line or network, in case the first is down."""
    wait: int | None = None
    """Minutes for which an answer is waited for, before the next is called."""

    @property
    def ref(self) -> Ref:
        """``call/<person>``."""
        return named("call", rest(self.person))


@dataclass(frozen=True, slots=True)
class CallDrill:
    """The alert chain was tried, watch in hand."""

    SCOPE: ClassVar[Scope] = "practice"

    on: date
    outcome: Outcome | None = None
    minutes: int | None = None
    """From the first call to the last answer."""
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the record of the drill, in the vault."""
    lines: int | None = None
    """Lines of the call list that were tried."""
    reached: int | None = None
    """Lines on which somebody answered."""

    @property
    def ref(self) -> Ref:
        """``calldrill/<day>``."""
        return named("calldrill", self.on)


@dataclass(frozen=True, slots=True)
class CrisisExercise:
    """A crisis was played on a scenario, and held against what was expected."""

    SCOPE: ClassVar[Scope] = "practice"

    on: date
    scenario: str
    expected: int | None = None
    """Things that were expected and count: what they answer to came."""
    met: int | None = None
    """Of these, done in time and in order."""
    vital_missed: int | None = None
    """Of the vital ones, not so."""
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the result sheet, in the vault."""

    @property
    def ref(self) -> Ref:
        """``crisisexercise/<day>/<scenario>``."""
        return named("crisisexercise", self.on, self.scenario)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside the practice to call when things go wrong."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    purpose: str | None = None
    """When to call them."""
    phone: str | None = None
    email: str | None = None
    checked_on: date | None = None
    """When somebody last called, or made sure that the number is right."""

    @property
    def ref(self) -> Ref:
        """``contact/<name>``."""
        return named("contact", self.name)


_OUTCOMES = {
    Outcome.SUCCESS: Words("réussi", "success"),
    Outcome.PARTIAL: Words("partiel", "partial"),
    Outcome.FAILURE: Words("échoué", "failure"),
}
_ALSO_OUTCOMES = {
    "ok": Outcome.SUCCESS, "reussie": Outcome.SUCCESS, "succes": Outcome.SUCCESS, "partielle": Outcome.PARTIAL,
    "echec": Outcome.FAILURE, "echouee": Outcome.FAILURE, "failed": Outcome.FAILURE,
}  # fmt: skip
_OUTCOME = Column("outcome", "Résultat", "Outcome", ("issue", "result", "succès"), Shape.CHOICE, width=14,
                  choices=_OUTCOMES, also_chosen=_ALSO_OUTCOMES,
                  note=Words("réussi, partiel ou échoué.", "success, partial or failure."), example=Words("réussi",
                                                            "success"))  # fmt: skip
_PROOF = (
    Column("document_name", "Compte rendu", "Record", ("preuve", "document", "proof"), width=28,
           note=Words("Nom du fichier.", "Name of the file."), example="exercice-2026.pdf"),
    Column("document_digest", "Empreinte du compte rendu", "Record digest", ("sha256", "empreinte"), Shape.DOCUMENT,
           width=30,
           note=Words("Laissez vide : elle vient du document joint dans la console.",
                      "Leave empty: it comes from the document joined in the console.")),
)  # fmt: skip
_LED_BY = Words(
    "Identifiant ou nom exact d’une personne de la liste.", "Identifier or exact name of somebody in the staff list."
)

BACKUPS = Family(
    "backups",
    Backup,
    (
        Column("name", "Ce qui est sauvegardé", "What is backed up", ("sauvegarde", "données", "nom", "name",
                                                            "backup"), required=True, width=30,
               note=Words("PACS, RIS, comptabilité, messagerie…", "PACS, RIS, accounting, mail…"), example="PACS"),
        Column("host", "Équipement", "Host", ("serveur", "server"), Shape.LINK, to=("Host",), width=24,
               note=Words("Où vivent les données.", "Where the data live."), example="srv-pacs"),
        Column("tool", "Outil", "Tool", ("logiciel", "software"), note=Words("Veeam, restic, bande…",
                                                            "Veeam, restic, tape…"), example="restic"),
        Column("kept_at", "Où est la copie", "Where the copy is", ("emplacement", "lieu", "destination", "location"),
               width=30,
               note=Words("Le lieu ou le service.", "The place or service."), example=Words("Coffre du second site",
                                                            "Safe of the second site")),
        Column("every_days", "Tous les (jours)", "Every (days)", ("fréquence", "frequency", "jours"), Shape.COUNT,
               width=16,
               note=Words("Nombre de jours entre deux sauvegardes.", "Days between two backups."), example="1"),
        Column("encrypted", "Chiffrée", "Encrypted", ("chiffrement",), Shape.YES, width=12,
               note=Words("oui si la copie est illisible sans clé.", "yes if the copy cannot be read without a key."),
               example=Words("oui", "yes")),
        Column("offline", "Copie hors ligne", "Offline copy", ("hors ligne", "déconnectée", "offline"), Shape.YES,
               width=16,
               note=Words("oui si une copie est hors de portée du réseau.",
                          "yes if one copy is out of reach of the network."), example=Words("oui", "yes")),
        Column("manager", "Responsable", "Manager", ("qui", "owner"), Shape.LINK, to=("Person",), note=_LED_BY,
               example="martin.claire"),
    ),
    Words("Sauvegardes", "Backups"), Words("une sauvegarde", "a backup"),
    Words("Ce qui est copié, où, et qui s’en occupe.", "What is copied, where to, and who takes care of it."),
    group="continuity",
)  # fmt: skip

RESTORE_DRILLS = Family(
    "restore-drills",
    RestoreDrill,
    (
        Column("what", "Ce qui a été restauré", "What was restored", ("restauré", "objet", "what"), Shape.CHOICE,
               required=True, width=24,
               choices={Restored.DICOM_STUDY: Words("examen DICOM", "DICOM study"),
                        Restored.RIS_DUMP: Words("base RIS", "RIS database"),
                        Restored.OTHER: Words("autre", "other")},
               also_chosen={"examen": Restored.DICOM_STUDY, "pacs": Restored.DICOM_STUDY, "ris": Restored.RIS_DUMP},
               note=Words("examen DICOM, base RIS ou autre.", "DICOM study, RIS database or other."),
               example=Words("examen DICOM", "DICOM study")),
        Column("on", "Le", "On", ("date", "jour", "day"), Shape.DAY, required=True, width=14,
               note=Words("Jour de l’exercice.", "Day of the drill."), example="14/09/2026"),
        _OUTCOME,
        Column("minutes", "Durée (minutes)", "Duration (minutes)", ("durée", "duration", "minutes", "temps"),
               Shape.COUNT, width=18,
               note=Words("De la décision à des données utilisables.", "From the decision to usable data."),
               example="95"),
        Column("led_by", "Mené par", "Led by", ("qui", "responsable", "by"), Shape.LINK, to=("Person",), note=_LED_BY,
               example="martin.claire"),
        *_PROOF,
    ),
    Words("Exercices de restauration", "Restore drills"), Words("un exercice de restauration", "a restore drill"),
    Words("Seule une restauration réussie, compte rendu à l’appui, prouve une sauvegarde.",
          "Only a restore that succeeded, with its record, proves a backup."),
    key=("what", "on"), group="continuity",
)  # fmt: skip

CALLS = Family(
    "calls",
    Call,
    (
        Column("person", "Personne", "Person", ("nom", "qui", "name", "référent"), Shape.LINK, required=True,
               to=("Person",), width=28,
               note=_LED_BY, example="martin.claire"),
        Column("order", "Ordre", "Order", ("rang", "rank", "numéro d’ordre"), Shape.COUNT, width=10,
               note=Words("1 est appelé en premier.", "1 is called first."), example="1"),
        Column("phone", "Téléphone", "Phone", ("tel", "tél.", "numéro", "telephone"), Shape.PHONE,
               note=Words("Celui qui répond, même le samedi.", "The one that answers, even on Saturday."),
               example="06 00 00 00 00"),
        Column("deputy", "Suppléant", "Deputy", ("remplaçant", "suppléance"), Shape.LINK, to=("Person",), width=28,
               note=Words("Qui appeler s’il ne répond pas.", "Whom to call if they do not answer."), example=""),
        Column("acknowledged_on", "Confirmé le", "Acknowledged on", ("confirmation", "lu le"), Shape.DAY, width=14,
               note=Words("Jour où la personne a confirmé connaître son rôle.",
                          "Day on which they confirmed knowing their part."), example="01/09/2026"),
        Column("other_phone", "Autre téléphone", "Other phone", ("téléphone 2", "deuxième téléphone", "second phone"),
               Shape.PHONE,
               note=Words("Un second numéro, sur une autre ligne : si la première est coupée.",
                          "A second number, on another line: in case the first is down."), example="05 00 00 00 00"),
        Column("wait", "Attendre (minutes)", "Wait (minutes)", ("attente", "délai", "minutes", "delay"), Shape.COUNT,
               width=18,
               note=Words("Sans réponse après ce temps, la personne suivante est appelée. Vide : dix minutes.",
                          "With no answer after that time, the next is called. Empty: ten minutes."), example="10"),
    ),
    Words("Liste d’appel", "Call list"), Words("une ligne d’appel", "a line of the call list"),
    Words("Qui appeler, dans quel ordre, et à sa place qui d’autre.",
          "Whom to call, in which order, and who else in their place."),
    key=("person",), group="continuity",
)  # fmt: skip

CALL_DRILLS = Family(
    "call-drills",
    CallDrill,
    (
        Column("on", "Le", "On", ("date", "jour", "day"), Shape.DAY, required=True, width=14,
               note=Words("Jour de l’essai.", "Day of the trial."), example="14/09/2026"),
        _OUTCOME,
        Column("minutes", "Durée (minutes)", "Duration (minutes)", ("durée", "duration", "minutes", "temps"),
               Shape.COUNT, width=18,
               note=Words("Du premier appel à la dernière réponse.", "From the first call to the last answer."),
               example="22"),
        *_PROOF,
        Column("lines", "Lignes essayées", "Lines tried", ("lignes", "lines"), Shape.COUNT, width=16,
               note=Words("Combien de lignes de la liste d’appel ont été essayées.",
                          "How many lines of the call list were tried."), example="5"),
        Column("reached", "Lignes jointes", "Lines reached", ("jointes", "reached"), Shape.COUNT, width=16,
               note=Words("Sur combien de ces lignes quelqu’un a répondu.",
                          "On how many of these lines somebody answered."), example="5"),
    ),
    Words("Essais de la chaîne d’alerte", "Trials of the alert chain"), Words("un essai de la chaîne d’alerte",
                                                            "a trial of the alert chain"),
    Words("On a appelé pour de vrai, montre en main.", "People were really called, watch in hand."),
    key=("on",), group="continuity",
)  # fmt: skip

CRISIS_EXERCISES = Family(
    "crisis-exercises",
    CrisisExercise,
    (
        Column("on", "Le", "On", ("date", "jour", "day"), Shape.DAY, required=True, width=14,
               note=Words("Jour de l’exercice.", "Day of the exercise."), example="12/10/2026"),
        Column("scenario", "Scénario", "Scenario", ("sujet", "thème", "subject"), required=True, width=44,
               note=Words("Ce qui a été joué.", "What was played."),
               example=Words("Rançongiciel à l’accueil", "Ransomware at the reception")),
        Column("expected", "Attendus", "Expectations", ("attendus", "expected"), Shape.COUNT, width=14,
               note=Words("Combien de choses étaient attendues de l’équipe.",
                          "How many things were expected of the team."), example="17"),
        Column("met", "Attendus tenus", "Expectations met", ("tenus", "met"), Shape.COUNT, width=16,
               note=Words("Combien ont été faites à temps et dans l’ordre.",
                          "How many were done in time and in order."), example="15"),
        Column("vital_missed", "Vitaux manqués", "Vital ones missed", ("vitaux", "vital"), Shape.COUNT, width=16,
               note=Words("Combien de choses vitales ont manqué : patient, réseau coupé, preuves gardées.",
                          "How many vital things were missed: patient, network cut, evidence kept."), example="0"),
        *_PROOF,
    ),
    Words("Exercices de crise", "Crisis exercises"), Words("un exercice de crise", "a crisis exercise"),
    Words("Ce qui a été joué ici s’inscrit seul ; ajoutez ceux qui ont été joués ailleurs.",
          "What was played here writes itself down; add those that were played elsewhere."),
    key=("on", "scenario"), group="continuity",
)  # fmt: skip

CONTACTS = Family(
    "contacts",
    Contact,
    (
        Column("name", "Contact", "Contact", ("nom", "name", "organisme"), required=True, width=30,
               note=Words("Personne ou organisme hors du cabinet.", "Person or body outside the practice."),
               example="CERT Santé"),
        Column("purpose", "Quand l’appeler", "When to call", ("motif", "rôle", "raison", "purpose"), Shape.NOTE,
               width=40,
               note=Words("Dans quel cas.", "In which case."), example=Words("Incident de sécurité",
                                                            "Security incident")),
        Column("phone", "Téléphone", "Phone", ("tel", "tél.", "telephone"), Shape.PHONE, note=Words("Numéro.",
                                                            "Number."), example="09 72 43 91 25"),
        Column("email", "Courriel", "E-mail", ("mail", "email", "adresse électronique"), Shape.MAIL, width=30,
               note=Words("Adresse.", "Address."), example="cert@sante.example"),
        Column("checked_on", "Vérifié le", "Checked on", ("vérification", "contrôlé le", "verified on"), Shape.DAY,
               width=14,
               note=Words("Jour où quelqu’un s’est assuré que le numéro répond.",
                          "Day on which somebody made sure that the number answers."), example="01/09/2026"),
    ),
    Words("Contacts d’urgence", "Emergency contacts"), Words("un contact", "a contact"),
    Words("Ceux du dehors, à portée de main un jour de crise.", "Those outside, at hand on a day of crisis."),
    group="continuity",
)  # fmt: skip

FAMILIES = (BACKUPS, RESTORE_DRILLS, CALLS, CALL_DRILLS, CRISIS_EXERCISES, CONTACTS)
