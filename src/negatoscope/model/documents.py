"""Documents, policies and procedures, with the day on which somebody must look at them again."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words, named


class DocumentKind(StrEnum):
    """What a document is."""

    POLICY = "policy"
    PROCEDURE = "procedure"
    PLAN = "plan"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Document:
    """A written text of the practice, other than the policy and the charter that people sign here."""

    SCOPE: ClassVar[Scope] = "practice"

    name: str
    kind: DocumentKind | None = None
    owner: Ref | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    """The day by which it must be read again."""
    kept_at: str | None = None
    """Where the paper or the file is."""
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the text in the vault."""

    @property
    def ref(self) -> Ref:
        """``document/<name>``."""
        return named("document", self.name)


DOCUMENTS = Family(
    "documents",
    Document,
    (
        Column("name", "Titre", "Title", ("document", "nom", "name", "procédure"), required=True, width=36,
               note=Words("Titre du document.", "Title of the document."), example=Words("Plan de reprise",
                                                            "Recovery plan")),
        Column("kind", "Genre", "Kind", ("type", "nature"), Shape.CHOICE, width=16,
               choices={DocumentKind.POLICY: Words("politique", "policy"), DocumentKind.PROCEDURE: Words("procédure",
                                                            "procedure"),
                        DocumentKind.PLAN: Words("plan", "plan"), DocumentKind.RECORD: Words("compte rendu", "record")},
               note=Words("politique, procédure, plan ou compte rendu.", "policy, procedure, plan or record."),
               example="plan"),
        Column("owner", "Responsable", "Owner", ("auteur", "author"), Shape.LINK, to=("Person",), width=26,
               note=Words("Qui le tient à jour.", "Who keeps it current."), example="martin.claire"),
        Column("reviewed_on", "Relu le", "Reviewed on", ("revue", "dernière revue"), Shape.DAY, width=14,
               note=Words("Jour de la dernière relecture.", "Day of the last review."),
               example="01/09/2026"),
        Column("review_by", "À relire avant le", "Review by", ("prochaine revue", "échéance"), Shape.DAY, width=18,
               note=Words("Au plus tard.", "At the latest."),
               example="01/09/2027"),
        Column("kept_at", "Où il est", "Where it is", ("lieu", "emplacement", "classeur"), width=28,
               note=Words("Classeur, dossier partagé…", "Binder, shared folder…"),
               example=Words("Classeur rouge, accueil", "Red binder, desk")),
        Column("document_name", "Fichier", "File", ("file",), width=26, note=Words("Nom du fichier.",
                                                            "Name of the file."), example="plan-de-reprise.pdf"),
        Column("document_digest", "Empreinte du fichier", "File digest", ("sha256", "empreinte"), Shape.DOCUMENT,
               width=30,
               note=Words("Laissez vide : elle vient du document joint dans la console.",
                          "Leave empty: it comes from the document joined in the console.")),
    ),
    Words("Documents et procédures", "Documents and procedures"), Words("un document", "a document"),
    Words("Ce qui est écrit, qui le tient, et quand le relire.",
          "What is written, who keeps it, and when to read it again."),
    order=(("reviewed_on", "review_by"),), group="papers",
)  # fmt: skip

FAMILIES = (DOCUMENTS,)
