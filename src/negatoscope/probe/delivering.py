"""Parcels to the console: from where it stopped, whole or not at all, forgotten only once the console has them."""

from collections.abc import Callable
from dataclasses import dataclass

from negatoscope.probe import messages
from negatoscope.probe.home import Trouble
from negatoscope.probe.link import Answer, Answered, Ask, Link, NoLink
from negatoscope.probe.spool import Spool, Waiting

_PATCHED = frozenset({200, 201, 204, 409})
TURNS = 1000
"""Answers that may send us back before we call it nonsense."""


@dataclass(frozen=True)
class Delivered:
    """What a round came to. ``refused``: parcels that the console will not have, and stay here; with why."""

    numbers: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


def deliver(spool: Spool, link: Link, waiting: list[Waiting], told: Callable[[int], object] = bool) -> Delivered:
    """Deliver these parcels, oldest first. ``told``: called with each number received.

    Raises NoLink where the link breaks (the rest waits), Trouble where the console will not know this probe any more.
    """
    numbers, refused = list[int](), list[tuple[int, str]]()
    for one in waiting:
        try:
            _one(link, one)
        except Answered as error:
            refused.append((one.number, _final(error)))
            continue
        spool.forget(one)
        numbers.append(one.number)
        told(one.number)
    return Delivered(tuple(numbers), tuple(refused))


def _final(error: Answered) -> str:
    """Why the console will not have a parcel. Raises NoLink where it may have it later, Trouble where never any."""
    if error.problem == messages.REVOKED:
        raise Trouble(messages.REVOKED)
    if error.problem in {messages.REFUSED, messages.DIFFERS}:
        return error.problem
    raise NoLink(error.problem) from error


def _one(link: Link, one: Waiting) -> None:
    """Until the console says that it has registered it. Raises NoLink, Answered."""
    path = f"{messages.PARCEL_PATH}/{one.number}"
    named = {messages.PARCEL_HEAD: one.head.fingerprint}
    answer = link.ask(Ask("HEAD", path, headers=named))
    for _turn in range(TURNS):
        if answer.headers.get(messages.COMPLETE) == messages.WHOLE:
            return
        offset = _offset(answer, one)
        part = one.part(offset, messages.MAX_PATCH)
        headers = {**named, messages.OFFSET: str(offset), "Content-Type": "application/octet-stream"}
        answer = link.ask(Ask("PATCH", path, part, headers, _PATCHED))
        if answer.status == 409 and messages.OFFSET not in answer.headers:  # noqa: PLR2004 -- conflict
            raise Answered(answer.status, answer.headers.get(messages.PROBLEM, ""))
        if answer.status == 201:  # noqa: PLR2004 -- created: registered
            return
    raise NoLink("not_understood")


def _offset(answer: Answer, one: Waiting) -> int:
    """From where the console wants to go on. Raises NoLink."""
    said = answer.headers.get(messages.OFFSET, "")
    if not said.isascii() or not said.isdigit() or int(said[:20]) > one.size:
        raise NoLink("not_understood")
    return int(said[:20])
