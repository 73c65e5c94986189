"""Network cards: their addresses as every format writes them, and who made them (IEEE registry, carried by netaddr)."""

import re
from functools import lru_cache

from netaddr import EUI
from netaddr.core import NotRegisteredError

_SIGNS = re.compile(r"[0-9a-f]{12}")
_SPACED = re.compile(r"[\s:.\-]+")
_SHORT = re.compile(r"[0-9a-f]{1,2}(?:[:\-][0-9a-f]{1,2}){5}")
NOBODY = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})


def card(text: str | None) -> str | None:
    """``aa:bb:cc:dd:ee:ff`` of any usual spelling; ``None`` for groups, fillers and what is no 48-bit address."""
    plain = (text or "").strip().lower()
    if _SHORT.fullmatch(plain):
        signs = "".join(part.zfill(2) for part in re.split(r"[:\-]", plain))
    else:
        signs = _SPACED.sub("", plain)
    if not _SIGNS.fullmatch(signs):
        return None
    found = ":".join(signs[place : place + 2] for place in range(0, 12, 2))
    return None if found in NOBODY or int(signs[:2], 16) & 1 else found


@lru_cache(maxsize=4096)
def maker(mac: str) -> str | None:
    """Whom the registry gave this card's prefix to; ``None`` for addresses that software chose, and unknown ones."""
    if int(mac[:2], 16) & 2:
        return None
    try:
        return str(EUI(mac).oui.records[0]["org"]) or None
    except NotRegisteredError:
        return None
