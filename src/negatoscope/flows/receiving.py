"""What inventory agents send: kept, registered, and only then acknowledged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from negatoscope.flows.console import Console
from negatoscope.flows.disk import room_on
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.intake import answers, jobs, keeping
from negatoscope.intake.body import Packing, inflate, pack
from negatoscope.intake.message import DEVICE, Message, parse
from negatoscope.intake.refusal import Refused
from negatoscope.intake.spool import Spool
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.store import observations, tokens
from negatoscope.store.queries import receivers

RECEIVER = "agent"
PREFIX = "token:"
UNAUTHORISED, FORBIDDEN, CONFLICT = 401, 403, 409
OFF = timedelta(hours=26)
"""How far behind ours an agent's clock may be without our believing it: it names no zone."""
VISIT_BYTES = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the agent."""

    body: bytes
    kind: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sender:
    """Who showed a token that opens."""

    practice: int
    name: str

    @property
    def operator(self) -> str:
        """As observations and the ledger name it."""
        return f"{PREFIX}{self.name}"


def admitted(console: Console, token: str) -> Sender:
    """Whose token this is. Raises Refused: ``token_unknown``, also for one that was revoked."""
    held = tokens.opens(RECEIVER, sha256(token.encode())) if token else None
    if held is None:
        raise Refused("token_unknown", UNAUTHORISED)
    number, practice, name = held
    tokens.used(number, console.clock())
    return Sender(practice, name)


def spool(console: Console) -> Spool:
    """Where what is not whole yet waits."""
    return Spool(console.config.data / "spool" / RECEIVER)


def receive(console: Console, sender: Sender, body: bytes, *, native: bool) -> Answer:
    """Take one post. ``native``: the agent speaks GLPI's own protocol. Raises Refused, DiskFull."""
    text, packing = inflate(body)
    message = parse(text)
    if message.query == "inventory":
        _keep(console, sender, message)
        return _answer(answers.taken_json() if message.json else answers.taken_xml(), message.json, packing)
    if message.query == "contact" or native:
        return _answer(answers.contact_json(), True, packing)  # noqa: FBT003 -- in JSON
    return _answer(answers.prolog_xml(), False, packing)  # noqa: FBT003 -- in XML


def refusal(error: Refused, body: bytes) -> Answer:
    """Say no in the agent's own tongue, so that its log shows the reason."""
    in_json = body[:1] == b"{" or error.status == UNAUTHORISED
    text = answers.refused_json(error.code) if in_json else answers.refused_xml(error.code)
    return _answer(text, in_json, Packing.NONE, error.status)


def _answer(text: bytes, in_json: bool, packing: Packing, status: int = 200) -> Answer:  # noqa: FBT001 -- its tongue
    return Answer(pack(text, packing), packing.value or (answers.JSON if in_json else answers.XML), status)


def _keep(console: Console, sender: Sender, message: Message) -> None:
    """Keep an inventory, dated by its own word where that is old: what is sent again is no fresher.

    Raises Refused: ``device_elsewhere``, ``post_older``.
    """
    known = _spoken(console, sender, message.device)
    data, _dropped = keeping.capture(message)
    now, dated = console.clock(), message.dated
    if dated is not None and observations.holds(console.practice, message.device, sha256(data)):
        return
    at = dated if dated is not None and dated < now - OFF else None
    if at is not None and known is not None and at < known:
        raise Refused("post_older", CONFLICT)
    deliver(console, Delivery(RECEIVER, message.device, sender.operator, "observation", data, at))


def _spoken(console: Console, sender: Sender, device: str) -> datetime | None:
    """When a device last spoke. Raises Refused where it did so with another token, still open."""
    last = receivers.last_word(console.practice, f"{RECEIVER}/{device}")
    if last is None:
        return None
    other = last.operator.removeprefix(PREFIX)
    if other != sender.name and tokens.named(console.practice, RECEIVER, other):
        raise Refused("device_elsewhere", FORBIDDEN)
    return last.ended


def collect(console: Console, sender: Sender, asked: Mapping[str, str], address: str) -> dict[str, Any]:
    """One step of the *Collect* task; returns what JSON shall say. Raises Refused, DiskFull."""
    match asked.get("action"):
        case "getConfig":
            return jobs.schedule(address)
        case "getJobs":
            return _visit(console, sender, asked.get("machineid", ""))
        case "setAnswer":
            job, device = _expected(console, asked)
            _wait(console, device, jobs.line(job, dict(asked)))
        case "jobsDone":
            job, device = _expected(console, asked)
            _wait(console, device, {"done": job})
            if {line.get("done") for line in spool(console).lines(device)} >= jobs.JOBS:
                _flush(console, sender, device)
        case _:
            raise Refused("query_unknown")
    return {}


def _visit(console: Console, sender: Sender, device: str) -> dict[str, Any]:
    """Begin a visit: what the one before brought is delivered, and its questions are closed."""
    if not DEVICE.fullmatch(device):
        raise Refused("device_unnamed")
    _spoken(console, sender, device)
    _flush(console, sender, device)
    visit = token_hex(VISIT_BYTES)
    _wait(console, device, {"visit": visit})
    return jobs.jobs(device, visit)


def _wait(console: Console, device: str, line: dict[str, Any]) -> None:
    """Keep what is not whole yet. Raises DiskFull."""
    with room_on(console.config.data):
        spool(console).add(device, line)


def _expected(console: Console, asked: Mapping[str, str]) -> tuple[str, str]:
    """The job and the device of an answer to a question of the visit under way."""
    job, visit, device = jobs.named(asked.get("uuid", ""))
    if visit not in {line.get("visit") for line in spool(console).lines(device)}:
        raise Refused("job_unknown")
    return job, device


def _flush(console: Console, sender: Sender, device: str) -> None:
    """Deliver the jobs of a device that were answered whole, and then forget all that waits.

    After a crash half the members of a group would read as all of them: a job cut short was not answered.
    """
    lines = spool(console).lines(device)
    told = jobs.answered(lines)
    if told:
        data = canonical({"format": jobs.FORMAT, "agent": device, "answers": told})
        deliver(console, Delivery("registry", device, sender.operator, "observation", data))
    if lines:
        spool(console).clear(device)
