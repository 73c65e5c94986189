"""How far a piece of work makes this process grow: its peak, whatever tests before it needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OWN = Path("/proc/self")
FORGET_THE_PEAK = "5"


@dataclass
class Growth:
    """``mib``: MiB more than at the beginning, at the worst moment; told once the work is over."""

    mib: int = 0


@contextmanager
def growth() -> Iterator[Growth]:
    """Weigh what happens within."""
    (_OWN / "clear_refs").write_text(FORGET_THE_PEAK)
    told, before = Growth(), _said("VmRSS")
    yield told
    told.mib = (_said("VmHWM") - before) // 1024


def _said(name: str) -> int:
    lines = (_OWN / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
