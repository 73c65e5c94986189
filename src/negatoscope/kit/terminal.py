"""The language of the terminal: French unless its locale says English."""

import os
from typing import Literal

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> Literal["fr", "en"]:
    """What the first locale variable that is set asks for."""
    locale = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    return "en" if locale.lower().startswith("en") else "fr"
