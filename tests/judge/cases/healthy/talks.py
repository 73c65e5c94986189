"""Who talks with whom, in order: what is said inside is encrypted, and somebody watches."""

from datetime import timedelta

from negatoscope.model.traffic import Conversation, FlowWatch
from tests.judge.cases.healthy.computers import ADDRESSES
from tests.judge.cases.healthy.imaging import DEVICE
from tests.judge.memory import AT

WATCH = FlowWatch(
    "10.77.0.1",
    ("10.77.0.0/24", "10.78.0.0/24", "10.79.0.0/24"),
    AT - timedelta(days=8),
    AT - timedelta(hours=1),
    5000,
    lost=0,
    sampled=1,
)
OUT = Conversation(
    "10.77.0.1", "10.77.0.6", "93.184.216.34", "tcp", 443, 9000, 900, 12, AT - timedelta(days=1),
    AT - timedelta(hours=2), answered=True,
)  # fmt: skip


def between(source: str, target: str, port: int) -> Conversation:
    return Conversation(
        "10.77.0.1", source, target, "tcp", port, 9000, 900, 12, AT - timedelta(days=1), AT - timedelta(hours=2),
        answered=True,
    )  # fmt: skip


NAS, IMAGER = "10.78.0.8", (DEVICE.addresses or ("",))[0]
FACTS = (
    WATCH,
    OUT,
    between(NAS, IMAGER, 2762),
    between("10.77.0.5", "10.77.0.6", 6514),
    *(between(address, IMAGER, 2762) for (address,) in ADDRESSES.values()),
)
