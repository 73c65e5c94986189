"""How a reader ends: a sweep where everything was looked at, else a gap that names the fields left dark."""

from collections.abc import Iterator, Mapping

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Item

HOST = "host/@"
"""The handle of the host that was looked at; the register gives the lasting name."""

NOT_DECIDABLE = "not_decidable"
"""Everything was read, and it does not settle the question."""


def closed(kind: str, missing: Mapping[str, str]) -> Iterator[Item]:
    """The sweep of a kind, or one gap for each reason. ``missing``: field or source -> code of the reason."""
    if not missing:
        yield Sweep(kind, host=HOST)
    for why in sorted(set(missing.values())):
        fields = ", ".join(sorted(field for field, reason in missing.items() if reason == why))
        yield Gap(kind, why, HOST, {"fields": fields})
