"""``negatoscope probe``: the program on the network. Needs no console, no database and no Django on its machine."""

import argparse
import errno
import os
import signal
import sys
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from negatoscope.cli.helping import helped
from negatoscope.config import DATA_VARIABLE
from negatoscope.kit.clock import utc_now
from negatoscope.kit.terminal import language
from negatoscope.probe import carrying, enrolling, looking, messages, running
from negatoscope.probe import home as homes
from negatoscope.probe.home import STANDARD, Home, Identity, Trouble
from negatoscope.probe.link import Answered, NoLink
from negatoscope.probe.running import Probe
from negatoscope.probe.spool import Spool, written
from negatoscope.probe.working import Work

DONE, FAILED, USAGE, DISK_FULL, CANCELLED = 0, 1, 2, 4, 130
"""As every verb's: ``docs/commands.md``."""


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((Path(homes.__file__).parent / "words.toml").read_text("utf-8"))


def said(code: str, shelf: str = "", /, **values: object) -> str:
    """A sentence in the terminal's language."""
    words = _words()[shelf] if shelf else _words()
    return str(words[code][language()]).format(**values)


def tell(code: str, **values: object) -> None:
    """One line of what happens: numbers and codes, nothing of the network."""
    sys.stdout.write(said(code, **values) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit status."""
    looking.secretive()
    if arguments[:1] == ["look"]:
        return looking.main(int(arguments[1]), utc_now)
    asked = parser().parse_args(arguments)
    folder = Path(os.environ.get(DATA_VARIABLE, STANDARD)).absolute()  # looks start elsewhere
    try:
        return _VERBS[asked.verb](asked, folder)
    except (Trouble, NoLink, Answered) as error:
        return _leave(_why(error, folder, asked))
    except KeyboardInterrupt:
        return CANCELLED
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _leave(said("disk_full"), DISK_FULL)
        return _leave(said("cannot_write", "troubles", why=error))


def _why(error: Trouble | NoLink | Answered, folder: Path, asked: argparse.Namespace) -> str:
    """One sentence: what is wrong, and the remedy."""
    if isinstance(error, Trouble):
        return said(error.why, "troubles", **error.values)
    if isinstance(error, Answered):
        revoked = error.problem == messages.REVOKED
        return said(messages.REVOKED if revoked else "refused", "troubles", why=error.problem)
    console = getattr(asked, "console", None) or Home(folder).identity().console
    named = error.why if error.why in {"unreachable", "certificate_refused"} else "answer_not_understood"
    return said(named, "troubles", console=console)


def _leave(sentence: str, code: int = FAILED) -> int:
    sys.stderr.write(sentence + "\n")
    return code


def _enrol(asked: argparse.Namespace, folder: Path) -> int:
    if bool(asked.file) == bool(asked.console and asked.code):
        return _leave(said("usage", "troubles"), USAGE)
    home = Home.make(folder)
    with home.alone():
        if asked.file:
            tell("enrolled_by_file", id=enrolling.enrol_by_file(home, asked.file).id)
        else:
            identity = enrolling.enrol(home, asked.console, asked.code, utc_now)
            tell("enrolled", id=identity.id, console=identity.console)
    return DONE


def _opened(home: Home, *, every: float = 15.0) -> Probe:
    """The probe, ready to work; its folder is locked by the caller."""
    spool = Spool(home.spool, home.identity().id, home.key())
    return Probe(home, spool, Work(home, spool, utc_now), utc_now, tell, every)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    home = Home(folder)
    identity = home.identity()
    with home.alone():
        probe = _opened(home, every=asked.every)
        if asked.task:
            task = carrying.task(home, asked.task, utc_now())
            sealed = running.by_task(probe, task.orders)
            tell("looked", sealed=sealed, waiting=len(probe.spool.waiting()))
            return DONE
        if not identity.console:
            raise Trouble("no_network")
        if asked.once:
            tell("waiting", waiting=running.once(probe))
            return DONE
        signal.signal(signal.SIGTERM, lambda *_said: probe.stopping.set())
        signal.signal(signal.SIGINT, lambda *_said: probe.stopping.set())
        tell("running", id=identity.id, console=identity.console)
        running.run(probe)
        tell("stopped")
    return DONE


def _export(asked: argparse.Namespace, folder: Path) -> int:
    home = Home(folder)
    with home.alone():
        done = carrying.export(home, Spool(home.spool, home.identity().id, home.key()), asked.folder, utc_now)
    tell("exported", parcels=done.parcels, received=done.received)
    return DONE


def _status(_asked: argparse.Namespace, folder: Path) -> int:
    home = Home(folder)
    identity, state = home.identity(), home.state()
    heads = list(home.spool.glob("*.head")) if home.spool.exists() else []
    last = max((int(path.stem) for path in heads), default=0)
    lines: dict[str, object] = {
        "id": identity.id,
        "console": identity.console or said("by_medium"),
        "until": _until(identity),
        "waiting": len(heads),
        "last": max(last, written(home.spool).number),
        "contact": _at(state.contact),
        "delivered": _at(state.delivered),
        "offset": said("unknown") if state.offset is None else f"{round(state.offset):+d} s",
        "full": _at(state.full_since) if state.full_since else "",
        "trouble": _trouble(state.trouble, identity.console),
    }
    width = max(len(said(name, "status")) for name in lines)
    for name, value in lines.items():
        if value != "":
            sys.stdout.write(f"{said(name, 'status'):<{width}}  {value}\n")
    return DONE


def _trouble(code: str, console: str) -> str:
    """A sentence where there is one; else the console's own word."""
    return said(code, "troubles", console=console, why=code) if code in _words()["troubles"] else code


def _until(identity: Identity) -> str:
    return f"{homes.certificate(identity.certificate).not_valid_after_utc:%Y-%m-%d}" if identity.certificate else ""


def _at(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else said("never")


def _forget(asked: argparse.Namespace, folder: Path) -> int:
    home = Home(folder)
    identity = home.identity()
    if not asked.yes:
        waiting = len(list(home.spool.glob("*.head"))) if home.spool.exists() else 0
        return _leave(said("confirm", id=identity.id, waiting=waiting), USAGE)
    with home.alone():
        home.forget()
    tell("forgotten", id=identity.id)
    return DONE


_VERBS: dict[str, Callable[[argparse.Namespace, Path], int]] = {
    "enrol": _enrol,
    "run": _run,
    "export": _export,
    "status": _status,
    "forget": _forget,
}


def parser() -> argparse.ArgumentParser:
    """What the verb takes."""
    told = helped("probe")
    words = argparse.ArgumentParser(prog="negatoscope probe", description=told("does"))
    verbs = words.add_subparsers(dest="verb", required=True)
    enrol = verbs.add_parser("enrol", help=told("enrol"))
    enrol.add_argument("console", nargs="?", help=told("console"))
    enrol.add_argument("code", nargs="?", help=told("code"))
    enrol.add_argument("--file", type=Path, help=told("file"))
    run = verbs.add_parser("run", help=told("run"))
    run.add_argument("--once", action="store_true", help=told("once"))
    run.add_argument("--task", type=Path, metavar="FILE", help=told("task"))
    run.add_argument("--every", type=float, default=15.0, metavar="SECONDS", help=told("every"))
    export = verbs.add_parser("export", help=told("export"))
    export.add_argument("folder", type=Path)
    verbs.add_parser("status", help=told("status"))
    forget = verbs.add_parser("forget", help=told("forget"))
    forget.add_argument("--yes", action="store_true")
    return words
