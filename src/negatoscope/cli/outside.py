"""``negatoscope vantage``: look at addresses from where this computer stands, into a file that the console imports.

Needs no console, no database and no Django: it is meant for a computer elsewhere, on the Internet for example.
"""

import argparse
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

from negatoscope.cli.helping import helped
from negatoscope.kit.clock import utc_now
from negatoscope.model.traffic import INTERNET
from negatoscope.observe.vantage.knock import Pace
from negatoscope.observe.vantage.look import ALL, USUAL, Wanted, listed, look, numbers

FEW = 16
"""Up to so many addresses, every port is tried unless somebody says otherwise."""
USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Carry out one look. Returns the exit status."""
    asked = parser().parse_args(arguments)
    try:
        target = ip_network(asked.target, strict=False)
        origin = asked.origin if asked.origin == INTERNET else str(ip_network(asked.origin))
        few = target.num_addresses <= FEW
        ports = listed(numbers(asked.ports)) if asked.ports else ALL if few else listed(USUAL)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    free = tuple(map(str, target)) if few else ()
    wanted = Wanted(origin, str(target), ports, free=free, pace=Pace(asked.rate))
    partial = asked.output.with_name(f"{asked.output.name}.partial")
    with partial.open("wb") as file:
        look(wanted, file.write, _shown, utc_now)
    partial.replace(asked.output)
    return 0


def _shown(done: int, total: int) -> None:
    """Tell in a terminal how far it has come."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done * 100 // total} % ")


def parser() -> argparse.ArgumentParser:
    """What the verb takes."""
    said = helped("vantage")
    words = argparse.ArgumentParser(prog="negatoscope vantage", description=said("does"))
    words.add_argument("target", help=said("target"))
    words.add_argument("--origin", default=INTERNET, help=said("origin"))
    words.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=said("output"))
    words.add_argument("--ports", default="", help=said("ports"))
    words.add_argument("--rate", type=int, default=200, help=said("rate"))
    return words
