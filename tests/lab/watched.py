"""``python -m tests.lab.watched``: servers that log, attacks by real clients, and what the console tells of them.

The truth comes from ``acts.toml`` alone. ``-v``: every event and alert too; ``--quick``: without the directory, which
takes as long as all else. Exit codes: 0 all is told and nothing else, 1 not so.
"""

import sys

from tests.lab import inside

OK, IMPERFECT = 0, 1


def main() -> int:
    """Do all of it once."""
    inside.enter("tests.lab.watched")
    folder = inside.room()
    inside.settle(folder / "data")
    from tests.lab import watching  # noqa: PLC0415 -- once settings are known

    return OK if watching.run(folder, say, sys.argv) else IMPERFECT


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
