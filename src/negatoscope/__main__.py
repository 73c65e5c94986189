"""The command ``negatoscope``: finds the data directory, then hands over to a verb."""

import os
import sys
from pathlib import Path

from negatoscope.config import DATA_VARIABLE, ConfigError
from negatoscope.kit.settling import settle

USAGE_ERROR = 2


def main() -> None:
    """Run one verb. ``--data FOLDER`` may stand anywhere before it."""
    settle()
    arguments = _take_data(sys.argv[1:])
    if arguments[:2] == ["ledger", "verify"]:
        from negatoscope.prove.verification import main as verify  # noqa: PLC0415 -- Django's set-up costs half a second

        sys.exit(verify(arguments[2:]))
    if arguments[:1] == ["vantage"]:
        from negatoscope.cli.outside import main as look  # noqa: PLC0415 -- meant for computers without a console

        sys.exit(look(arguments[1:]))
    if arguments[:1] == ["probe"]:
        from negatoscope.cli.probing import main as probe  # noqa: PLC0415 -- keeps no register, needs no Django

        sys.exit(probe(arguments[1:]))
    if arguments[:1] == ["detect"]:
        from negatoscope.cli.detecting import main as detect  # noqa: PLC0415 -- starts at once: no Django

        sys.exit(detect(arguments[1:]))
    if arguments[:1] == ["duties"]:
        from negatoscope.cli.owing import main as owing  # noqa: PLC0415 -- answers at night, whatever the console does

        sys.exit(owing(arguments[1:]))
    if arguments[:1] == ["reflexes"]:
        from negatoscope.cli.reacting import main as reacting  # noqa: PLC0415 -- reads without console or network

        sys.exit(reacting(arguments[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negatoscope.settings")
    try:
        from negatoscope.cli.verbs import run  # noqa: PLC0415 -- reads the configuration

        sys.exit(run(arguments))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(USAGE_ERROR)


def _take_data(arguments: list[str]) -> list[str]:
    """Put ``--data`` where settings look for it, and return what remains."""
    remaining = list(arguments)
    for place, argument in enumerate(arguments):
        if argument == "--data" and place + 1 < len(arguments):
            os.environ[DATA_VARIABLE] = str(Path(arguments[place + 1]).resolve())
            del remaining[place : place + 2]
            break
        if argument.startswith("--data="):
            os.environ[DATA_VARIABLE] = str(Path(argument.removeprefix("--data=")).resolve())
            del remaining[place]
            break
    return remaining


if __name__ == "__main__":
    main()
