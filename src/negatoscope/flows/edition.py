"""Which edition of the product judges: other code may rightly judge the same facts otherwise."""

import hashlib
from functools import cache
from pathlib import Path

THINKING = ("model", "observe", "register", "judge")
"""The rooms whose code decides what a capture says and what a verdict is."""


@cache
def edition() -> str:
    """sha256 over the code and texts of the rooms that think, sixteen digits of it."""
    digest = hashlib.sha256()
    house = Path(__file__).parents[1]
    for room in THINKING:
        for path in sorted((house / room).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(path.relative_to(house).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
