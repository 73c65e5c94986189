"""A console of its own that raises alerts and tells of them by one channel, until it is killed or all is told.

It ends with which message bore which alert.
"""

import json
import sys
import time
from pathlib import Path

import django

from negatoscope.config import Config

ALERTS = 16


def main(data: Path, url: str) -> None:
    django.setup()
    from negatoscope.flows import alerting, calling, channels  # noqa: PLC0415 -- after Django's set-up
    from negatoscope.flows.opening import open_console  # noqa: PLC0415
    from negatoscope.kit.clock import utc_now  # noqa: PLC0415
    from negatoscope.model.alert import Priority  # noqa: PLC0415
    from negatoscope.model.channel import For  # noqa: PLC0415
    from negatoscope.store import channels as rows  # noqa: PLC0415
    from negatoscope.store.models import DeliveryRow, DeliveryState  # noqa: PLC0415
    from negatoscope.watch.detection import Detection, Kind, Level  # noqa: PLC0415

    console = open_console(Config(data=data), utc_now)
    if not rows.exist():
        wish = channels.Wish("garde", For.EVERYBODY, "", frozenset(Priority), None, "fr")
        channels.add(console, "console", "webhook", {"address": url}, wish)
    crier = calling.Crier()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in range(ALERTS):
        at = utc_now()
        case = Detection(
            Kind.BEHAVIOUR, "attempts", f"host/h{number}", at, at, (), Level.HIGH, f"case/{number}", "brute_force", 1
        )
        alerting.raise_from(console, [case])
        crier.round(console)
        time.sleep(0.03)
    while DeliveryRow.objects.exclude(state=DeliveryState.SENT).exists():
        crier.round(console)
        time.sleep(0.03)
    letters = dict(DeliveryRow.objects.values_list("alert", "letter"))
    sys.stdout.write(json.dumps(letters))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
