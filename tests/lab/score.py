"""``python -m tests.lab.score LAB.toml``: build a practice, run the product on it, compare its findings with the truth.

The truth comes from the description alone. Exit codes: 0 precision and recall are both 1, 1 they are not, 2 the
description cannot be used.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.lab import inside
from tests.lab.description import Wrong, read
from tests.lab.flaws import planted

OK, IMPERFECT, WRONG = 0, 1, 2


def main() -> int:
    """Score one description."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("lab", type=Path)
    words.add_argument("--keep", type=Path, help="an empty folder in which the console's data stays")
    said = words.parse_args()
    try:
        plan, flaws = planted(read(said.lab))
    except (Wrong, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG
    inside.enter("tests.lab.score")
    began = time.monotonic()
    folder = inside.room()
    data = said.keep or folder / "data"
    inside.settle(data)
    from tests.lab import comparing, product  # noqa: PLC0415 -- once settings are known
    from tests.lab.build import build  # noqa: PLC0415

    lab = build(plan, folder)
    say(f"lab up in {time.monotonic() - began:.1f} s")
    judgement, names = product.run(lab, data, say)
    score = comparing.compare(flaws, judgement, names)
    for line in comparing.table(flaws, score):
        say(line)
    say(f"{time.monotonic() - began:.0f} s")
    say(comparing.last_line(flaws, score))
    return IMPERFECT if score.missed or score.invented else OK


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
