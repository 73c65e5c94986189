"""Every bench of ours that needs no argument, one after the other; what one lacks here is said, and the next begins.

``directory_ad.py`` stays apart: its peer needs an environment of its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDS: dict[str, tuple[str, ...]] = {
    "judge": (), "lightbox": (), "register": (), "agents": (), "rulebase": (), "behaviours": (), "detect": (),
    "flows": ("nfdump",), "intake": (), "watch": (),
    "map": ("chromium",), "directory": ("slapd", "ldapsearch"), "discovery": ("nmap", "ip", "root"),
}  # fmt: skip
"""Programs, and ``root``: without them there is nothing to measure, or nothing to stand beside."""


def lacking(names: tuple[str, ...]) -> list[str]:
    """Those that are not here."""
    return [name for name in names if not (os.geteuid() == 0 if name == "root" else shutil.which(name))]


def main() -> int:
    """Run them all; tells whether one failed."""
    failed = []
    for name, needs in NEEDS.items():
        print(f"== {name}", flush=True)
        if absent := lacking(needs):
            print(f"not run: absent here: {', '.join(absent)}", flush=True)
            continue
        script = Path(__file__).with_name(f"{name}.py")
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
