"""Key files that seal secrets of the register: one file a purpose, the present key first, in the folder of the keys.

A file is made only while nothing is sealed with it; later a missing one is said, never replaced unseen. A rotation
keeps the old key in the file until everything is sealed anew, so that a crash in the middle loses nothing.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from negatoscope.flows.console import KeyLost, Keys
from negatoscope.kit import sealing
from negatoscope.kit.durable import write_durably


@dataclass(frozen=True)
class Seals:
    """The keys of one purpose. ``in_use``: whether anything was sealed with them."""

    keys: Keys
    purpose: str
    in_use: Callable[[], bool]

    @property
    def file(self) -> Path:
        """Where they are."""
        return self.keys.folder / f"{self.purpose}.key"

    def ring(self) -> tuple[bytes, ...]:
        """The present key, then those it follows. Raises KeyLost."""
        if not self.file.exists() and not self.in_use():
            with self.keys.alone("making"):
                if not self.file.exists():
                    self._write((os.urandom(sealing.KEY_BYTES),))
        if not self.file.exists():
            raise KeyLost(self.file)
        return tuple(bytes.fromhex(line) for line in self.file.read_text().split())

    def seal(self, clear: bytes, bound_to: bytes) -> bytes:
        """Seal with the present key. Raises KeyLost."""
        return sealing.seal(self.ring()[0], clear, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """What was sealed. Raises KeyLost, or Unsealable where it was altered, moved, or sealed by another key."""
        return sealing.unseal(self.ring(), sealed, bound_to)

    @contextmanager
    def anew(self) -> Iterator[None]:
        """While everything is sealed with a new key: the old ones are forgotten once that is done. Raises KeyLost."""
        with self.keys.alone("rotation"):
            self.renew()
            yield
            self.forget_old()

    def renew(self) -> None:
        """Put a new key first; the old ones still open what they sealed. Raises KeyLost."""
        self._write((os.urandom(sealing.KEY_BYTES), *self.ring()))

    def forget_old(self) -> None:
        """Keep the present key alone: everything is sealed with it now."""
        self._write(self.ring()[:1])

    def _write(self, ring: tuple[bytes, ...]) -> None:
        write_durably(self.file, "".join(f"{key.hex()}\n" for key in ring).encode())
