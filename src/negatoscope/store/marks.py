"""By what hosts are known again, looked up by mark: naming a capture costs the same in a register of any size."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from negatoscope.model.aliases import Leaders, NotSameHost
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.marks import HARD, flat, marks
from negatoscope.store.facts import BATCH, CHUNK, Subject
from negatoscope.store.models import FactRow, MarkRow

T = TypeVar("T")
CROWDED = 200
"""A mark that so many hosts bear tells nobody from anybody; it is not even asked about."""


class KnownHosts:
    """The hosts of one practice under their own names, as identity asks for them."""

    def __init__(self, practice: int, leaders: Leaders, site: int | None = None) -> None:
        """Look at this practice, where some hosts answer for others.

        ``site``: where the capture was made, of a practice that is looked at from several sites: private addresses and
        short names are given out anew on each, so that there they tell nobody of another site.
        """
        self.practice, self.leaders, self.site = practice, leaders, site

    def bearing(self, sought: Collection[str]) -> Iterator[Host]:
        """Give all statements, oldest first, on every host that bears one of these marks."""
        names = {mark.removeprefix("ref:") for mark in sought if mark.startswith("ref:")}
        firm: set[Ref] = set()
        for part in parts(sorted(mark for mark in sought if not mark.startswith("ref:"))):
            rows = MarkRow.objects.filter(practice_id=self.practice, mark__in=part)
            bearers: dict[str, list[Ref]] = {}
            for mark, host in rows.values_list("mark", "host"):
                bearers.setdefault(mark, []).append(host)
            few = {mark: hosts for mark, hosts in bearers.items() if len(hosts) <= CROWDED}
            names |= {host for hosts in few.values() for host in hosts}
            firm |= {host for mark, hosts in few.items() if mark.partition(":")[0] in HARD for host in hosts}
        names -= self._of_other_sites(names - firm)
        decode = msgspec.json.Decoder(Host).decode
        found: list[tuple[int, int, str]] = []
        for part in parts(sorted(names)):
            answering = {self.leaders.get(name, name) for name in part}  # the index is by the name that answers
            told = FactRow.objects.filter(
                practice_id=self.practice, kind=Host.__name__, ref__in=answering, own__in=part
            )
            found += [
                (look, pk, words or body)
                for look, pk, words, body in told.values_list("observation_id", "pk", "told", "body")
            ]
        yield from (decode(told) for _, _, told in sorted(found))

    def _of_other_sites(self, names: set[Ref]) -> set[Ref]:
        """Which of these hosts instruments saw, and none from here."""
        if self.site is None:
            return set()
        seen_from: dict[Ref, set[int]] = {}
        for part in parts(sorted(names)):
            answering = {self.leaders.get(name, name) for name in part}
            told = FactRow.objects.filter(practice_id=self.practice, kind=Host.__name__, ref__in=answering)
            rows = told.filter(own__in=part, declared=False)
            for own, site in rows.values_list("own", "observation__site_id"):
                seen_from.setdefault(own, set()).add(site)
        return {name for name, sites in seen_from.items() if self.site not in sites}

    def taken(self, stem: Ref) -> set[Ref]:
        """Tell which of ``stem``, ``stem~2``, ``stem~3`` … are names already, past the first that is free."""
        found = self._borne({stem})
        asked = 1
        while len(found) == asked:
            found |= self._borne({f"{stem}~{number}" for number in range(asked + 1, asked + CHUNK)})
            asked += CHUNK - 1
        return found

    def _borne(self, names: set[Ref]) -> set[Ref]:
        """Which of these are hosts' own names; asked by the name that answers, which an index knows."""
        rows = FactRow.objects.filter(
            practice_id=self.practice,
            kind=Host.__name__,
            ref__in={self.leaders.get(name, name) for name in names},
            own__in=names,
        )
        return set(rows.values_list("own", flat=True))


def apart(practice: int) -> frozenset[frozenset[Ref]]:
    """Pairs that people said are two."""
    bodies = FactRow.objects.filter(practice_id=practice, kind=NotSameHost.__name__).values_list("body", flat=True)
    decode = msgspec.json.Decoder(NotSameHost).decode
    return frozenset(frozenset((one.host, one.other)) for one in map(decode, bodies))


def refresh(practice: int, touched: Iterable[Subject]) -> None:
    """Write the marks of these hosts again, from what is told of each."""
    refs = sorted(ref for kind, ref in touched if kind == Host.__name__)
    decode = msgspec.json.Decoder(Host).decode
    for part in parts(refs):
        rows = FactRow.objects.filter(practice_id=practice, kind=Host.__name__, ref__in=part)
        borne = {
            (mark, own)
            for own, told, body in rows.values_list("own", "told", "body")
            for mark in flat(marks(decode(told or body)))
        }
        owns = sorted({*rows.values_list("own", flat=True), *part})
        old = {
            (mark, host): number
            for some in parts(owns)
            for number, mark, host in MarkRow.objects.filter(practice_id=practice, host__in=some).values_list(
                "pk", "mark", "host"
            )
        }
        gone = [number for borne_once, number in old.items() if borne_once not in borne]
        MarkRow.objects.filter(pk__in=gone).delete()
        new = (MarkRow(practice_id=practice, mark=mark, host=host) for mark, host in sorted(borne - old.keys()))
        MarkRow.objects.bulk_create(new, batch_size=BATCH)


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at once as one query may name."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
