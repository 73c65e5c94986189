"""What ``--help`` says of the verbs that run without Django, in the terminal's language."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from negatoscope.kit.terminal import language


@cache
def _told() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("helping.toml").read_text("utf-8"))


def helped(verb: str) -> Callable[[str], str]:
    """Give the sentence of an option or word of this verb; ``does``: what the verb is for."""
    words = _told()[verb]
    return lambda name: words[name][language()]
