"""``python -m tests.lab.intruded``: an intrusion in a practice that is watched, and all that the console makes of it.

Exit codes: 0 all is as it was done, 1 not so.
"""

import sys

from tests.lab import inside
from tests.lab.watched import IMPERFECT, OK, say


def main() -> int:
    """Do all of it once."""
    inside.enter("tests.lab.intruded")
    folder = inside.room()
    inside.settle(folder / "data")
    from tests.lab import intruding  # noqa: PLC0415 -- once settings are known

    try:
        intruding.run(folder, say)
    except intruding.Untrue as error:
        say(str(error))
        return IMPERFECT
    return OK


if __name__ == "__main__":
    sys.exit(main())
