"""A console of its own that plays an exercise and tells each step once it is done, until it is killed or at the end."""

import sys
from pathlib import Path

import django

from negatoscope.config import Config


def main(data: Path) -> None:
    django.setup()
    from negatoscope.flows import exercising, responding  # noqa: PLC0415 -- after Django's set-up
    from negatoscope.flows.alerting import Handler  # noqa: PLC0415
    from negatoscope.flows.opening import open_console  # noqa: PLC0415
    from negatoscope.flows.responding import Line  # noqa: PLC0415
    from negatoscope.kit.clock import utc_now  # noqa: PLC0415
    from negatoscope.model.incident import Noted  # noqa: PLC0415
    from negatoscope.respond.exercise import stage  # noqa: PLC0415
    from negatoscope.store.queries import incidents  # noqa: PLC0415

    def tell(done: str) -> None:
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()

    console, who = open_console(Config(data=data), utc_now), Handler("console", "")
    begun = incidents.exercises(console.practice)
    number = begun[0].number if begun else exercising.begin(console, "ransomware", 1, who)
    tell("begun")
    while stage.waiting(exercising.exercise(console, number)):
        name = exercising.leap(console, number, who)
        tell(f"came {name}")
        responding.say(console, number, Line(Noted(), name), who)
        tell(f"noted {name}")
    exercising.end(console, number, who)
    tell("kept")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
