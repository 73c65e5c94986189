"""Software in its own columns: what a look finds unchanged is not written again."""

from typing import Any

from negatoscope.model.aliases import Leaders
from negatoscope.model.evidence import Ref
from negatoscope.model.software import Software
from negatoscope.store.facts import BATCH, CHUNK, Told
from negatoscope.store.models import SoftwareRow


def state(told: Told, items: list[Software]) -> None:
    """Replace what this voice said of each host's software by what it says now."""
    by_host: dict[Ref, list[Software]] = {}
    for item in items:
        by_host.setdefault(item.host, []).append(item)
    for host, held in by_host.items():
        _state(told, host, held)


def _state(told: Told, own: Ref, items: list[Software]) -> None:
    host = _answering(own, told.leaders)
    other_name = own if own != host else ""
    rows = SoftwareRow.objects.filter(host=host, own=other_name, **told.mine)
    before: dict[Any, list[int]] = {}
    for number, *what in rows.values_list("pk", "name", "version", "publisher"):
        before.setdefault(tuple(what), []).append(number)
    new = [
        SoftwareRow(
            **told.mine,
            observation=told.observation,
            host=host,
            own=other_name,
            name=item.name,
            version=item.version,
            publisher=item.publisher,
        )
        for item in items
        if not _again(before, item)
    ]
    gone = [number for numbers in before.values() for number in numbers]
    for start in range(0, len(gone), CHUNK):
        SoftwareRow.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    rows.update(observation=told.observation)
    SoftwareRow.objects.bulk_create(new, batch_size=BATCH)


def _again(before: dict[Any, list[int]], item: Software) -> bool:
    """Whether the row is there already; each row answers for one item."""
    numbers = before.get((item.name, item.version, item.publisher))
    return bool(numbers and numbers.pop())


def _answering(own: Ref, known: Leaders) -> Ref:
    return known.get(own, own)
