"""How a family of things that people list is described, once: spreadsheets, forms and pages follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from negatoscope.model.evidence import Ref


class Words(NamedTuple):
    """One text in both languages."""

    fr: str
    en: str

    def say(self, lang: str) -> str:
        """Give it in one language."""
        return self.en if lang == "en" else self.fr


class Shape(StrEnum):
    """What one cell of a column may hold."""

    TEXT = "text"
    NOTE = "note"
    """Text of several sentences."""
    DAY = "day"
    YES = "yes"
    """Yes, no, or nothing: not known."""
    MAIL = "mail"
    PHONE = "phone"
    COUNT = "count"
    """A whole number, zero or more."""
    HOURS = "hours"
    """Hours of one day, local time: ``08:00–12:30; 14:00–18:00``, or that there are none."""
    CHOICE = "choice"
    """One of the column's ``choices``."""
    NETWORKS = "networks"
    """Networks in CIDR notation, separated by semicolons."""
    SERVICE = "service"
    """Protocol and ports: ``tcp/443,8443``, ``icmp``, ``any``."""
    LINK = "link"
    """The name of something listed elsewhere in the register: of one of the kinds ``to``."""
    DOCUMENT = "document"
    """The sha256 of a document that the vault holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``fr`` and ``en`` are the template's own headings; ``also`` are others that are understood."""

    name: str
    """The field of the fact, unless the family builds its facts itself."""
    fr: str
    en: str
    also: tuple[str, ...] = ()
    shape: Shape = Shape.TEXT
    required: bool = False
    width: int = 22
    """Of the spreadsheet's column, in characters."""
    note: Words | None = None
    """What to write there, in one or two sentences."""
    example: str | Words = ""
    choices: Mapping[Any, Words] = field(default_factory=dict)
    also_chosen: Mapping[str, Any] = field(default_factory=dict)
    """Further words understood for a choice, in lower case without accents."""
    to: tuple[str, ...] = ()
    """Kinds of fact that a link may name: ``Room``, ``Person`` …"""

    def heading(self, lang: str) -> str:
        """Its own heading."""
        return self.en if lang == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Family:
    """Things of one kind that people list. ``key``: the fields that tell one from another, fixed once it is there."""

    name: str
    """As addresses and files say it: ``rooms``."""
    fact: type[Any]
    columns: tuple[Column, ...]
    title: Words
    one: Words
    """« une pièce »."""
    why: Words
    """What the list is for, in one sentence."""
    key: tuple[str, ...] = ("name",)
    group: str = ""
    """The topic under which the register's page shows it."""
    order: tuple[tuple[str, str], ...] = ()
    """Pairs of days: the second never precedes the first."""
    closable: bool = True
    """Whether a person may declare the list complete."""
    own_page: str = ""
    """Route of the page that shows it, for the few that have one of their own."""

    @property
    def kind(self) -> str:
        """The kind of fact that each row states."""
        return self.fact.__name__

    @property
    def head(self) -> str:
        """What the references of its facts begin with: ``room``."""
        return self.kind.lower()

    def label(self, fact: Any) -> str:  # noqa: ANN401 -- a fact of this family
        """What people call one of them: the fields of its key."""
        links = {column.name for column in self.columns if column.shape is Shape.LINK}
        said = ((name, getattr(fact, name)) for name in self.key)
        return " · ".join(rest(one) if name in links else str(one) for name, one in said if one)


def rest(ref: Ref) -> str:
    """What follows the head of a reference."""
    return ref.partition("/")[2]


def named(head: str, *parts: object) -> Ref:
    """Make a reference of the parts that tell a thing from its like."""
    return "/".join((head, *(str(part) for part in parts if part is not None)))
