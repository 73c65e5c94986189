"""What ``observe`` needs: settings from ``name=value``, targets, a progress bar, Ctrl-C that ends a look cleanly."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _
from rich.console import Console as Screen
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from negatoscope.cli.verb import USAGE, Fails
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.networks import Network
from negatoscope.observe.collector import Collector
from negatoscope.store.queries import register

HERE = ("localhost", "local")
FILLED_IN = ("declared", "spared", "targets", "host_keys", "classed", "spared_macs", "services", "subjects", "tried")
"""Settings that the console fills in, never a person."""


def collector(name: str) -> Collector[Any]:
    """The collector of this name. Raises Fails if there is none that goes and looks."""
    found = COLLECTORS.get(name)
    if found is None or found.capture is None:
        known = ", ".join(name for name, one in COLLECTORS.items() if one.capture)
        raise Fails(
            _("Aucun collecteur « %(name)s » : choisissez parmi %(known)s.") % {"name": name, "known": known}, USAGE
        )
    return found


def settings(one: Collector[Any], pairs: Sequence[str]) -> dict[str, Any]:
    """Settings as the collector's type takes them. Raises Fails."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(one.settings) if field.name not in FILLED_IN}
    said: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in kinds:
            known = ", ".join(kinds)
            raise Fails(_("« %(pair)s » n’est pas un réglage : %(known)s.") % {"pair": pair, "known": known}, USAGE)
        said[name] = value.split(",") if _several(kinds[name]) else value
    try:
        whole = msgspec.to_builtins(msgspec.convert(said, one.settings, strict=False))
    except msgspec.ValidationError as error:
        raise Fails(_("Le collecteur refuse ces réglages : %(why)s") % {"why": error}, USAGE) from error
    return {name: whole[name] for name in said}


def _several(kind: Any) -> bool:  # noqa: ANN401 -- an annotation
    """Whether a setting takes several values, also where limits are written on it."""
    origin = get_origin(kind)
    return _several(get_args(kind)[0]) if origin is Annotated else origin is tuple


def targets(one: Collector[Any], named: Sequence[str], practice: int) -> list[str]:
    """Where to look: what was named, else this very host, else every declared network. Raises Fails."""
    if one.bound is None:
        return list(dict.fromkeys("" if target in HERE else target for target in named)) or [""]
    declared = sorted({told.fact.cidr for told in register.of_kind(practice, Network.__name__)})
    if not (named or declared):
        raise Fails(_("Aucun réseau n’est déclaré : déclarez d’abord les vôtres à la console."), USAGE)
    return list(named) or declared


@contextmanager
def cancellable() -> Iterator[Callable[[], bool]]:
    """Make the first Ctrl-C ask the look to stop; a second one does not wait."""
    asked = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar in a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Screen(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
