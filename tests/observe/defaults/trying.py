"""A trial of this very host, and what it tells."""

import io

import msgspec

from negatoscope.model.defaults import FactoryLogin
from negatoscope.model.hosts import HostClass
from negatoscope.observe.collector import Known, Look, Subject
from negatoscope.observe.defaults.collector import DEFAULTS, Settings
from negatoscope.observe.defaults.read import read
from tests.observe.hostile import HERE

SWITCH, SERVER = HostClass.NETWORK, HostClass.SERVER


def settings(*services: Known, host_class: HostClass = SERVER, words: str = "", **changes: object) -> Settings:
    subjects = (Subject(HERE, host_class, words),)
    first = Settings(declared=("127.0.0.0/8",), subjects=subjects, services=services, seconds=2)
    return msgspec.structs.replace(first, **changes)


def captured(told: Settings, target: str = HERE, **look: object) -> bytes:
    sink = io.BytesIO()
    assert DEFAULTS.capture is not None
    DEFAULTS.capture(told, target, Look(sink, **look))  # type: ignore[arg-type]
    return sink.getvalue()


def tried(told: Settings) -> dict[str, bool | None]:
    found = [item for item in read(io.BytesIO(captured(told))) if isinstance(item, FactoryLogin)]
    return {one.pair: one.works for one in found}
