"""An expert's question, answered in a process of its own: its memory is bounded by the system, and its end is certain.

Within the console one function of SQL could take gigabytes, or minutes in which nothing interrupts it.
"""

import json
import resource
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from negatoscope.kit.lock import held
from negatoscope.store.events import EventStore
from negatoscope.store.queries import events
from negatoscope.store.queries.events import Answer, Refused

ROOM = 2 * 1024 * 1024 * 1024
"""Octets of address space: the database's own memory thrice, its libraries, and the answer."""
SECONDS = events.SECONDS + 10
"""To start, and to be ended by itself, before it is ended by us."""
LARGEST = 16 * 1024 * 1024
"""Octets of an answer."""
_TOO_LARGE = json.dumps({"why": "too_large", "said": ""})


def expert(store: EventStore, question: str) -> Answer:
    """One SELECT over ``events``, one question at a time. Raises Refused."""
    asked = json.dumps({"folder": str(store.folder), "site": store.site, "question": question})
    store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(store.folder / "question.lock"):
        try:
            done = subprocess.run(  # noqa: S603 -- this interpreter, this module
                (sys.executable, "-m", __name__),
                input=asked.encode(),
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("too_long") from error
    try:
        told = json.loads(done.stdout)
    except ValueError as error:  # it could not even say that there is no room
        raise Refused("too_large") from error
    if "why" in told:
        raise Refused(told["why"], told["said"])
    rows = tuple(tuple(map(_back, row)) for row in told["rows"])
    return Answer(tuple(told["titles"]), rows, told["cut"])


def answered(folder: str, site: int, question: str) -> str:
    """What the process writes: an answer, or why there is none."""
    try:
        told = events.expert(EventStore(Path(folder), site), question)
        said = json.dumps({"titles": told.titles, "rows": told.rows, "cut": told.cut}, default=_out)
    except Refused as error:
        return json.dumps({"why": error.why, "said": error.said})
    except (MemoryError, OSError):
        return _TOO_LARGE
    return said if len(said) <= LARGEST else _TOO_LARGE


def _out(value: date) -> dict[str, str]:
    """What JSON has no word for."""
    return {"instant" if isinstance(value, datetime) else "day": value.isoformat()}


def _back(value: Any) -> Any:  # noqa: ANN401 -- whatever a question gets
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["instant"]) if "instant" in value else date.fromisoformat(value["day"])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(answered(**json.load(sys.stdin)))
