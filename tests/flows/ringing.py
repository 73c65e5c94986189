"""A console of its own that launches an exercise of the alert chain, until it is killed or all were told."""

import sys
import time
from pathlib import Path

import django

from negatoscope.config import Config

PEOPLE = 8


def main(data: Path, url: str) -> None:
    django.setup()
    from negatoscope.flows import channels, launching  # noqa: PLC0415 -- after Django's set-up
    from negatoscope.flows.alerting import Handler  # noqa: PLC0415
    from negatoscope.flows.calling import Crier  # noqa: PLC0415
    from negatoscope.flows.declaring import Said, declare  # noqa: PLC0415
    from negatoscope.flows.opening import open_console  # noqa: PLC0415
    from negatoscope.flows.ringing import Ringer  # noqa: PLC0415
    from negatoscope.kit.clock import utc_now  # noqa: PLC0415
    from negatoscope.model.alert import Priority  # noqa: PLC0415
    from negatoscope.model.channel import For  # noqa: PLC0415
    from negatoscope.model.continuity import Call  # noqa: PLC0415
    from negatoscope.model.launch import Purpose  # noqa: PLC0415
    from negatoscope.model.people import Person  # noqa: PLC0415
    from negatoscope.store import channels as rows  # noqa: PLC0415
    from negatoscope.store.models import DeliveryRow, DeliveryState  # noqa: PLC0415

    console = open_console(Config(data=data), utc_now)
    people = [Person(f"p{n}", f"Personne {n}") for n in range(PEOPLE)]
    if not rows.exist():
        declare(console, Said("user:m"), (*people, *(Call(one.ref, n) for n, one in enumerate(people, start=1))))
        for one in people:
            wish = channels.Wish(one.name, For.PERSON, one.ref, frozenset(Priority), None, "fr")
            channels.add(console, "console", "webhook", {"address": f"{url}/{one.ident}"}, wish)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    launching.launch(console, launching.Wish(Purpose.DRILL, once="une"), Handler("console", ""))
    crier, ringer = Crier(), Ringer()
    while DeliveryRow.objects.exclude(state=DeliveryState.SENT).exists():
        ringer.round(console)
        crier.round(console)
        time.sleep(0.03)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
