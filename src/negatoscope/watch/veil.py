"""Patients and studies behind keyed pseudonyms: what is kept tells them apart, and never who they are."""

import hashlib
import re
from dataclasses import dataclass

_UID = re.compile(r"(?<![\d.])[0-2](?:\.\d{1,64}){4,30}", re.ASCII)
_STANDARD = "1.2.840.10008."
"""Below it stand the standard's own classes and syntaxes (PS3.6): they name nobody."""
_SHORTEST = 25
"""Signs of an identifier that could be one instance's; shorter ones are branches of a tree, as SNMP's."""
_NAMED = re.compile(
    r"((?:patient[-_ ]?(?:id|name|s?birth ?date)|accession[-_ ]?(?:number|no)|StudyInstanceUID|SeriesInstanceUID|"
    r"SOPInstanceUID|0010,?00[1234]0|0008,?0050)[\"'\])]{0,3}\s{0,3}(?:=|:|%3d|\s)\s{0,3})"
    r"(\"[^\"]{0,256}\"|'[^']{0,256}'|\[[^\]]{0,256}\]|[^\s&,;\"'\])]{1,256})",
    re.IGNORECASE,
)
_NAMES = ("patient", "accession", "instanceuid", "0010", "0008")
"""One of these stands in whatever the expression above finds."""
_HASHED = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{8}){4}(?![0-9a-f-])")
"""Names that Orthanc makes from the identifiers themselves (SHA-1, no key): whoever has the list finds them again."""
VEILED = "p:"


@dataclass(frozen=True, slots=True)
class Veil:
    """Pseudonyms under one key."""

    key: bytes

    def of(self, identifier: str) -> str:
        """``p:`` and sixteen signs; the same for the same identifier, however it is padded."""
        plain = identifier.strip(" \0^").encode("utf-8", "replace")
        return VEILED + hashlib.blake2b(plain, key=self.key[:64], digest_size=8).hexdigest()

    def over(self, text: str) -> str:
        """A text without the identifiers of patients, studies and images that stand in it."""
        lowered = text.lower()
        if any(name in lowered for name in _NAMES):
            text = _NAMED.sub(lambda found: found[1] + self._once(found[2].strip("\"'[]")), text)
        if text.count(".") >= 4:  # noqa: PLR2004 -- no identifier has fewer
            text = _UID.sub(lambda found: self._instance(found[0]), text)
        return _HASHED.sub(lambda found: self.of(found[0]), text)

    def _once(self, identifier: str) -> str:
        return identifier if identifier.startswith(VEILED) or not identifier else self.of(identifier)

    def _instance(self, uid: str) -> str:
        return uid if len(uid) < _SHORTEST or uid.startswith(_STANDARD) else self.of(uid)
