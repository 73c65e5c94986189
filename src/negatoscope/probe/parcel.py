"""A parcel: one capture, sealed for those who hold the keys, on its way from a probe to its console.

    negatoscope-parcel/1
    {"digest":…,"number":…,"previous":…,"probe":…,"sealed_at":…,"size":…}     canonical JSON, the header
    base64 of the ECDSA-SHA256 signature of the header line, by the probe's key
    age ciphertext (X25519)

Nothing else stands in clear. The clear text is the capture, the manifest in JSON, the manifest's length (eight bytes,
big endian) and a mark: it can be sealed while the capture is being written, and never lies on a disk.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO, Protocol, Self

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from negatoscope.model.evidence import Gap
from negatoscope.observe.collector import MAX_CAPTURE_BYTES
from negatoscope.probe import signed
from negatoscope.probe.signed import Refused, Signed

MAGIC = b"negatoscope-parcel/1"
END = b"negatoscope-manifest/1"
LENGTH_BYTES = 8
MAX_HEADER = 4096
MAX_MANIFEST = 4 * 1024 * 1024
MAX_CIPHERTEXT = MAX_CAPTURE_BYTES + MAX_MANIFEST + 2 * 1024 * 1024
"""age adds sixteen bytes to every 64 KiB, and a few lines for each recipient."""
MAX_PARCEL = MAX_CIPHERTEXT + MAX_HEADER + 256
CHUNK = 64 * 1024
_KEPT = MAX_MANIFEST + LENGTH_BYTES + len(END)


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """What anyone may read of a parcel."""

    probe: str
    """Sixteen hexadecimal digits drawn at random; they tell nothing of practice or place."""
    number: int
    """From one up for each probe, never used twice."""
    previous: str
    """sha256 of the header line before: a parcel taken out shows. Empty for the first."""
    digest: str
    """sha256 of the ciphertext."""
    size: int
    """Bytes of the ciphertext."""
    sealed_at: datetime
    """By the probe's clock."""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What only the console reads: how the capture came about."""

    order: int
    """The console's number for the look asked for."""
    collector: str
    target: str
    started: datetime
    """By the probe's clock, as ``ended``."""
    ended: datetime
    settings: dict[str, Any]
    """As the console had narrowed them."""
    complete: bool
    """``False``: the capture stopped half-way."""
    sha256: str = ""
    """Of the capture; entered when it is sealed."""
    gaps: tuple[Gap, ...] = ()


class Sink(Protocol):
    """Where bytes go."""

    def write(self, chunk: bytes, /) -> Any:  # noqa: ANN401 -- any writable file will do
        """Take one more chunk."""


class Sealed(Struct, frozen=True):
    """What the header says of a ciphertext."""

    digest: str
    size: int


class Sealer:
    """Seals a capture while it is written: a pipe and a thread; the clear text stays in memory, 64 KiB at a time.

    ``write`` raises what went wrong with the sink (OSError when the disk is full). Use as a context manager.
    """

    def __init__(self, sink: Sink, recipients: Sequence[str]) -> None:
        """``recipients``: age public keys (at least one); each opens the parcel alone. Raises ValueError."""
        keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
        if not keys:
            raise ValueError("no key")
        self._counted = _Counted(sink)
        self._clear = hashlib.sha256()
        self._error: Exception | None = OSError("sealing stopped")  # until it ends
        reading, writing = os.pipe()
        self._pipe = os.fdopen(writing, "wb", buffering=0)
        self._thread = threading.Thread(target=self._seal, args=(os.fdopen(reading, "rb"), keys), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close the pipe, whatever happened; without ``close`` what was sealed has no manifest and opens nowhere."""
        with suppress(OSError):
            self._pipe.close()
        self._thread.join()

    def _seal(self, clear: BinaryIO, keys: list[Any]) -> None:
        try:
            with clear:
                pyrage.encrypt_io(clear, self._counted, keys)
            self._error = self._counted.error  # pyrage says nothing of the last chunk's
        except (pyrage.EncryptError, OSError, ValueError) as error:
            self._error = self._counted.error or error

    def write(self, chunk: bytes) -> None:
        """Seal more of the capture."""
        self._clear.update(chunk)
        self._push(chunk)

    def _push(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[self._pipe.write(rest) :]
        except BrokenPipeError:
            self._thread.join()
            self._fail()

    def _fail(self) -> None:
        if self._error:
            raise self._error

    def close(self, manifest: Manifest) -> Sealed:
        """End the capture with its manifest. Raises Refused (``manifest``) for one too long."""
        text = msgspec.json.encode(msgspec.structs.replace(manifest, sha256=self._clear.hexdigest()))
        if len(text) > MAX_MANIFEST:
            raise Refused("manifest")
        self._push(text + len(text).to_bytes(LENGTH_BYTES, "big") + END)
        self._pipe.close()
        self._thread.join()
        self._fail()
        return Sealed(self._counted.digest.hexdigest(), self._counted.size)


class _Counted:
    """Counts and digests what goes through, and keeps the first error, which pyrage would put in its own words."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.digest = hashlib.sha256()
        self.size = 0
        self.error: OSError | None = None

    def write(self, chunk: bytes) -> int:
        try:
            self._sink.write(chunk)
        except OSError as error:
            self.error = error
            raise
        self.digest.update(chunk)
        self.size += len(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back."""


def head(header: Header, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The lines before the ciphertext."""
    return signed.sign(MAGIC, header, key)


def read_head(stream: BinaryIO) -> Signed[Header]:
    """The lines before the ciphertext; the stream then stands at its first byte. Raises Refused."""
    return signed.read(MAGIC, Header, stream, MAX_HEADER)


def check(found: Signed[Header], body: BinaryIO) -> None:
    """Raise Refused unless what follows is the ciphertext of the header, to the last byte and no further."""
    digest, size = hashlib.sha256(), 0
    while chunk := body.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > found.content.size:
            raise Refused("too_large")
    if size < found.content.size:
        raise Refused("truncated")
    if digest.hexdigest() != found.content.digest:
        raise Refused("digest")


def open_body(body: BinaryIO, identity: str, sink: Sink) -> Manifest:
    """Open a ciphertext: the capture goes to ``sink``, the manifest is returned. Raises Refused.

    ``identity``: a private age key. What went to ``sink`` may only be believed once this has returned.
    """
    split = _Split(sink)
    try:
        pyrage.decrypt_io(body, split, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, OSError, ValueError, EOFError) as error:
        if split.error:
            raise split.error from error
        raise Refused("sealed") from error
    return split.end()


class _Split:
    """Lets the capture through and holds back the manifest, which stands at the end."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._held = bytearray()
        self._digest = hashlib.sha256()
        self._size = 0
        self.error: Exception | None = None

    def write(self, chunk: bytes) -> int:
        self._held += chunk
        if len(self._held) > _KEPT + CHUNK * 16:
            self._let(len(self._held) - _KEPT)
        return len(chunk)

    def flush(self) -> None:
        """Nothing to do before the end."""

    def _let(self, many: int) -> None:
        part = bytes(self._held[:many])
        self._size += many
        try:
            if self._size > MAX_CAPTURE_BYTES:
                raise Refused("too_large")  # noqa: TRY301 -- kept as the others
            self._sink.write(part)
        except (OSError, Refused) as error:
            self.error = error
            raise
        self._digest.update(part)
        del self._held[:many]

    def end(self) -> Manifest:
        foot = LENGTH_BYTES + len(END)
        if len(self._held) < foot or not self._held.endswith(END):
            raise Refused("manifest")
        length = int.from_bytes(self._held[-foot : -len(END)], "big")
        if length > min(MAX_MANIFEST, len(self._held) - foot):
            raise Refused("manifest")
        text = bytes(self._held[-foot - length : -foot])
        del self._held[-foot - length :]
        if self._held:
            self._let(len(self._held))
        try:
            manifest = msgspec.json.decode(text, type=Manifest)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise Refused("manifest") from error
        if manifest.sha256 != self._digest.hexdigest():
            raise Refused("capture")
        return manifest


def pack(manifest: Manifest, recipients: Sequence[str], sink: Sink, fill: Callable[[Sealer], object]) -> Sealed:
    """Seal what ``fill`` writes, with its manifest, into ``sink``."""
    with Sealer(sink, recipients) as sealer:
        fill(sealer)
        return sealer.close(manifest)
