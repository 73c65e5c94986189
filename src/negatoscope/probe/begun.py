"""Which orders were begun and which became a parcel: numbers only, on the disk, so that a restart repeats no risk."""

from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.durable import write_durably
from negatoscope.probe.home import Trouble

KEPT = 10_000


class Numbers(Struct, frozen=True):
    """``tries``: orders begun, and how often; ``parcels``: orders sealed, and in which parcel (0: long delivered)."""

    tries: dict[int, int] = {}
    parcels: dict[int, int] = {}


class Begun:
    """The file of numbers."""

    def __init__(self, file: Path) -> None:
        """Read it. Raises Trouble where it is damaged: factory log-ins must not be tried twice."""
        self._file = file
        try:
            self._numbers = msgspec.json.decode(file.read_bytes(), type=Numbers) if file.exists() else Numbers()
        except msgspec.MsgspecError as error:
            raise Trouble("folder_damaged", file=file) from error

    def tries(self, order: int) -> int:
        """How often it was begun without becoming a parcel."""
        return self._numbers.tries.get(order, 0)

    def sealed(self, order: int) -> bool:
        """Whether it has become a parcel."""
        return order in self._numbers.parcels

    def begin(self, order: int) -> None:
        """Write down, before anything is sent, that it begins."""
        self._write(self._numbers.tries | {order: self.tries(order) + 1}, self._numbers.parcels)

    def end(self, order: int, parcel: int) -> None:
        """It has become this parcel."""
        tries = {one: many for one, many in self._numbers.tries.items() if one != order}
        self._write(tries, self._numbers.parcels | {order: parcel})

    def drop(self, order: int) -> None:
        """It was called off."""
        self._write({one: many for one, many in self._numbers.tries.items() if one != order}, self._numbers.parcels)

    def held(self, waiting: set[int]) -> list[int]:
        """Orders that are in parcels which still wait."""
        return sorted(order for order, parcel in self._numbers.parcels.items() if parcel in waiting)

    def _write(self, tries: dict[int, int], parcels: dict[int, int]) -> None:
        self._numbers = Numbers(_newest(tries), _newest(parcels))
        write_durably(self._file, msgspec.json.encode(self._numbers))


def _newest(numbers: dict[int, int]) -> dict[int, int]:
    return {one: numbers[one] for one in sorted(numbers)[-KEPT:]}
