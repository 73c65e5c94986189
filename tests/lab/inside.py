"""A process tree of its own, with its own network and mounts: whatever ends it ends all that it started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import django

MARK, OUTSIDE = "NEGATOSCOPE_LAB", "NEGATOSCOPE_LAB_OUTSIDE"
MOUNT = Path("/mnt")


def enter(module: str) -> str:
    """Run this module anew as the first process of a tree of its own, unless it is that already.

    The kernel kills everything in a PID namespace whose first process dies; namespaces and mounts go with the last
    process in them. ``--kill-child`` has the first process die with ``unshare``, ``--pdeathsig`` that one with
    whoever started it. Returns the number of that process as the machine outside sees it.
    """
    if os.environ.pop(MARK, None) == "inside":
        # The first process of a tree takes no signal that it does not ask for.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(128 + signal.SIGTERM))
        return os.environ[OUTSIDE]
    words = (
        "setpriv", "--pdeathsig", "KILL",
        "unshare", "--pid", "--mount", "--net", "--uts", "--fork", "--kill-child", "--mount-proc",
        "--propagation", "private", sys.executable, "-m", module, *sys.argv[1:],
    )  # fmt: skip
    os.environ[MARK] = "inside"
    os.environ[OUTSIDE] = str(os.getpid())
    return os.execvp(words[0], words)


def room() -> Path:
    """An empty folder in memory, which goes with the tree; disks are slow, and keep what a killed lab leaves."""
    subprocess.run(("mount", "-t", "tmpfs", "-o", "mode=755", "none", str(MOUNT)), check=True, timeout=10)
    folder = MOUNT / "lab"
    folder.mkdir()
    return folder


def settle(data: Path) -> None:
    """Let this process be a console on this data directory."""
    os.environ["NEGATOSCOPE_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    django.setup()
