"""Whether a mail may leave the practice: what can be recognised of patients in it. Pure.

It recognises signs and knows no patient's name. What stops a mail is not overruled; what must be looked at leaves only
after a person said, sign by sign, that they looked. Nothing is taken out of a mail: it leaves as it is or not at all.
"""

import html
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.accents import without_accents
from negatoscope.kit.bilingual import Said
from negatoscope.respond import mailed
from negatoscope.respond.spam.service import service

DICOM_AT = 128
"""Octets before the letters ``DICM`` of a file (DICOM PS3.10, 7.1)."""
MOST_WORDS = 8
"""Words of one sign that are shown."""
CLOSED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
CORSICA = {"2A": "19", "2B": "18"}
"""As which number a department counts in the key of a social security number (INSEE)."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_GAP = "[ .-]?"
_NUMBER = re.compile(
    rf"(?<!\d)([1-478]){_GAP}(\d\d){_GAP}(\d\d){_GAP}(\d\d|2[AB]){_GAP}(\d{{3}}){_GAP}(\d{{3}}){_GAP}(\d\d)(?!\d)",
    re.IGNORECASE,
)
_UID = re.compile(r"(?<![\d.])[012]\.\d{1,39}(?:\.\d{1,39}){5,30}(?![\d.])")
_FILED = re.compile(
    r"\b(?:IPP|INS|NDA|accession(?: number)?|patient id|numero (?:de dossier|d.examen|patient)|"
    r"n[°o] ?(?:de dossier|d.examen|patient))\s{0,3}[:=#n°]{0,3}\s{0,3}[A-Z]{0,4}\d{4,}",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:nee?(?:\(e\))?|date de naissance|born|ddn|dob)\D{0,12}\d{1,4}[/. -]\d{1,2}[/. -]\d{2,4}", re.IGNORECASE
)
_QUOTED = re.compile(r"^(?:>|-{3,} ?(?:message|original)|(?:de|from)\s?: .{0,200}@)", re.IGNORECASE | re.MULTILINE)


class Telling(Struct, frozen=True, forbid_unknown_fields=True):
    """What one sign is, and what to do about it. ``stops``: nobody may overrule it."""

    code: str
    stops: bool
    says: Said
    does: Said


class Book(Struct, frozen=True, forbid_unknown_fields=True):
    """The signs in the order in which they are said, words of medicine, and what is never seen."""

    words: tuple[str, ...]
    signs: tuple[Telling, ...]
    blind: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """Something recognised. ``values``: what may be shown of it, never a number of a patient."""

    telling: Telling
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Who writes to the practice: full addresses, and domains that are theirs alone; lower case."""

    addresses: AbstractSet[str] = frozenset()
    domains: AbstractSet[str] = frozenset()

    def holds(self, address: str) -> bool:
        """Whether an address is one of theirs."""
        told = address.strip().lower()
        return told in self.addresses or told.rpartition("@")[2] in self.domains


@cache
def book() -> Book:
    """What is recognised (``guard.toml``). Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("guard.toml").read_bytes(), type=Book)


def look(data: bytes, known: Known) -> tuple[Sign, ...]:
    """All signs of a mail, in the order of the book; none: nothing that can be recognised is in it."""
    found = dict(_signs(data, known))
    return tuple(Sign(told, found[told.code]) for told in book().signs if told.code in found)


def stops(signs: tuple[Sign, ...]) -> bool:
    """Whether a mail cannot leave, whoever says so."""
    return any(sign.telling.stops for sign in signs)


def asked(signs: tuple[Sign, ...]) -> frozenset[str]:
    """The signs that a person must have looked at before a mail leaves."""
    return frozenset(sign.telling.code for sign in signs if not sign.telling.stops)


def _signs(data: bytes, known: Known) -> Iterator[tuple[str, tuple[str, ...]]]:
    if len(data) > service().most:
        yield "large", ()
        return
    mail = mailed.taken_apart(data)
    if mail is None or not mail.keys():
        yield "unread", ()
        return
    parts = list(mail.walk())
    yield from _shape(parts)
    yield from _from_whom(mail, parts, known)
    yield from _said(_text(mail, parts))


def _shape(parts: list[Message]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a mail is made of."""
    kinds = {part.get_content_type() for part in parts}
    files = _files(parts)
    if kinds & CLOSED:
        yield "encrypted", ()
    if "message/rfc822" in kinds:
        yield "within", ()
    if any(_is_dicom(part) for part in parts):
        yield "dicom", files
    if files:
        yield "file", files


def _files(parts: list[Message]) -> tuple[str, ...]:
    """Names of what is joined; of what bears none, its kind."""
    joined = (part for part in parts if not part.is_multipart())
    return tuple(
        mailed.file_of(part) or part.get_content_type()
        for part in joined
        if mailed.file_of(part) or part.get_content_maintype() != "text"
    )[:MOST_WORDS]


def _is_dicom(part: Message) -> bool:
    told = part.get_payload(decode=True)
    named = part.get_content_type() == "application/dicom" or mailed.file_of(part).lower().endswith(".dcm")
    return named or (isinstance(told, bytes) and told[DICOM_AT : DICOM_AT + 4] == b"DICM")


def _from_whom(mail: Message, parts: list[Message], known: Known) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whether the mail says that it comes from somebody who really writes to the practice."""
    sender = next((told for name in ("From", "Reply-To") if known.holds(told := _address(mail, name))), "")
    if sender and _files(parts):
        yield "known_file", (sender,)
    elif sender:
        yield "known", (sender,)
    if mail.get("In-Reply-To"):
        yield "answer", ()


def _address(mail: Message, name: str) -> str:
    return parseaddr(mailed.header(mail, name))[1]


def _text(mail: Message, parts: list[Message]) -> str:
    """All letters of a mail: its subject, its text, its pages without their tags, the names of its files."""
    told = [mailed.header(mail, "Subject"), *map(mailed.file_of, parts)]
    for part in parts:
        if part.get_content_maintype() == "text":
            text = mailed.letters(part, service().most)
            told.append(html.unescape(_TAG.sub(" ", text)) if part.get_content_subtype() == "html" else text)
    return "\n".join(told)


def _said(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the words say; written with their accents or without."""
    text = without_accents(text)
    if any(_is_social("".join(number), key) for *number, key in _NUMBER.findall(text)):
        yield "social", ()
    for code, shape in (("uid", _UID), ("filed", _FILED), ("born", _BORN), ("answer", _QUOTED)):
        if shape.search(text):
            yield code, ()
    folded = text.lower()
    words = tuple(word for word in book().words if re.search(rf"\b{re.escape(without_accents(word))}s?\b", folded))
    if words:
        yield "words", words[:MOST_WORDS]


def _is_social(number: str, key: str) -> bool:
    """Whether the key of a social security number is right (97 less the rest of the number by 97)."""
    told = number.upper()
    for department, counts in CORSICA.items():
        told = told[:5] + counts + told[7:] if told[5:7] == department else told
    return told.isdigit() and 97 - int(told) % 97 == int(key)
