"""``python -m tests.lab.up LAB.toml``: keep a practice up, and say how to look around."""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.lab import inside
from tests.lab.description import Wrong, read
from tests.lab.flaws import planted

FOREVER = 10**6
HELP = """
The practice stands (%(seconds).1f s). In another terminal, as root:

  nsenter -t %(pid)s -m -n -u --pid=/proc/%(pid)s/ns/pid_for_children   the console, in the segment "%(segment)s"
  ip netns list                                   every host, once there
  ip netns exec %(router)s nft list ruleset       the router's rules
  ip netns exec %(host)s ss -tulpn                what a host listens on

%(hosts)s

Ctrl-C takes everything down.
"""


def main() -> int:
    """Build one description, then wait."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("lab", type=Path)
    said = words.parse_args()
    try:
        plan, _flaws = planted(read(said.lab))
    except (Wrong, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    outside = inside.enter("tests.lab.up")
    began = time.monotonic()
    folder = inside.room()
    inside.settle(folder / "data")
    from tests.lab.build import build  # noqa: PLC0415 -- once settings are known

    try:
        lab = build(plan, folder)
        hosts = "\n".join(f"  {address:<16}{name}" for name, address in sorted(lab.addresses.items()))
        told = {"seconds": time.monotonic() - began, "pid": outside, "segment": plan.lab.administration.name}
        told |= {"router": plan.lab.router.name, "host": plan.lab.hosts[0].name, "hosts": hosts}
        sys.stdout.write(HELP % told)
        sys.stdout.flush()
        time.sleep(FOREVER)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
