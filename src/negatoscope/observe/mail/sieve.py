"""Sieve scripts (RFC 5228): what they redirect, whatever the conditions; ``:copy`` (RFC 3894) keeps one here."""

import re
from collections.abc import Iterator

from negatoscope.observe.mail.addresses import domains, masked

_COMMENT = re.compile(r"/\*.*?\*/|#[^\n]*|\brequire\s+(?:\[[^\]]*\]|\"[^\"]*\")\s*;", re.DOTALL | re.IGNORECASE)
"""What says nothing: comments, and the extensions that a script names before it uses them."""
_REDIRECT = re.compile(r"\bredirect\b([^;\"]*)\"([^\"]*)\"", re.IGNORECASE)
_KEEP = re.compile(r"\b(?:keep|fileinto)\b", re.IGNORECASE)


def scrub(text: str) -> str:
    """Keep the redirections alone, without who they go to: conditions tell of patients and colleagues."""
    plain = _COMMENT.sub("", text)
    lines = [f'redirect{_flags(flags)} "{masked(target)}";' for flags, target in _REDIRECT.findall(plain)]
    kept = ["keep;"] if lines and _KEEP.search(plain) else []
    return "\n".join([*lines, *kept]) + ("\n" if lines else "")


def redirections(text: str) -> Iterator[tuple[str, bool]]:
    """Domain of each target, and whether a copy stays."""
    plain = _COMMENT.sub("", text)
    kept = bool(_KEEP.search(plain))
    for flags, target in _REDIRECT.findall(plain):
        yield from ((domain, kept or ":copy" in flags.lower()) for domain in domains(target))


def _flags(flags: str) -> str:
    return " :copy" if ":copy" in flags.lower() else ""
