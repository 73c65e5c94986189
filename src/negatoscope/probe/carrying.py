"""Without a network between them: parcels out, receipts and tasks in, on a medium that somebody carries."""

from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from negatoscope.kit.clock import Clock
from negatoscope.kit.durable import write_durably
from negatoscope.probe import code, enrolling, messages, signed
from negatoscope.probe.home import Home, Identity, Trouble, public_key
from negatoscope.probe.messages import Receipt, Request, Task
from negatoscope.probe.signed import Refused
from negatoscope.probe.spool import Spool

MAX_FILE = 8 * 1024 * 1024
M = TypeVar("M", bound=messages.Message)


class Exported(msgspec.Struct, frozen=True):
    """What an export came to: parcels now on the medium, and those that the console had received."""

    parcels: int
    received: int


def export(home: Home, spool: Spool, folder: Path, now: Clock) -> Exported:
    """Read the console's receipt, forget what it has, copy the rest. Raises Trouble, OSError."""
    received = _receipt(home, spool, folder, now)
    identity = home.identity()
    request = folder / messages.REQUEST_NAME.format(probe=identity.id)
    if not identity.certificate and identity.secret:
        csr = enrolling.request(home.key())
        mac = code.vouched(bytes.fromhex(identity.secret), csr)
        said = Request(identity.id, csr.decode(), mac, enrolling.edition())
        write_durably(request, msgspec.json.encode(said))
    elif identity.certificate:
        request.unlink(missing_ok=True)
    waiting = spool.waiting()
    for one in waiting:
        path = folder / messages.PARCEL_NAME.format(probe=identity.id, number=one.number)
        if not (path.exists() and path.stat().st_size == one.size):
            spool.export(one, path)
    return Exported(len(waiting), received)


def _receipt(home: Home, spool: Spool, folder: Path, now: Clock) -> int:
    """Forget what the console says that it has, under the authority's signature; returns how many. Raises Trouble."""
    identity = home.identity()
    path = folder / messages.RECEIPT_NAME.format(probe=identity.id)
    if not path.exists():
        return 0
    said = _signed(path, messages.RECEIPT, Receipt, identity)
    if said.probe != identity.id:
        raise Trouble("file_of_another", file=path)
    if said.certificate and not identity.certificate:
        signed_in = msgspec.structs.replace(identity, certificate=said.certificate, secret="")
        enrolling.check(signed_in, home.key())
        home.settle(signed_in)
    had = {(one.number, one.head) for one in said.received}
    gone = [one for one in spool.waiting() if (one.number, one.head.fingerprint) in had]
    for one in gone:
        spool.forget(one)
        folder.joinpath(messages.PARCEL_NAME.format(probe=identity.id, number=one.number)).unlink(missing_ok=True)
    if gone:
        home.note(msgspec.structs.replace(home.state(), delivered=now(), contact=said.at))
    return len(gone)


def _signed(path: Path, magic: bytes, kind: type[M], identity: Identity) -> M:
    """A file that the console's authority signed. Raises Trouble."""
    try:
        with path.open("rb") as stream:
            found = signed.read(magic, kind, stream, MAX_FILE)
            found.verify(public_key(identity.authority))
    except Refused as error:
        raise Trouble("file_refused", file=path, flaw=error.why) from error
    return found.content


def task(home: Home, path: Path, now: datetime) -> Task:
    """The orders on a medium; they stay there. Raises Trouble: not signed by our console, another's, too late."""
    identity = home.identity()
    found = _signed(path, messages.TASK, Task, identity)
    if found.probe != identity.id:
        raise Trouble("file_of_another", file=path)
    if found.until < now:
        raise Trouble("task_late", until=f"{found.until:%Y-%m-%d %H:%M} UTC")
    if any(order.logins for order in found.orders):
        raise Trouble("file_refused", file=path, flaw="logins")
    return found
