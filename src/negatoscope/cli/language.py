"""The language of the terminal: French unless its locale says English."""

import os
from typing import Literal

from django.utils import translation

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def of_terminal() -> Literal["fr", "en"]:
    """What the first locale variable that is set asks for."""
    locale = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    return "en" if locale.lower().startswith("en") else "fr"


def speak() -> Literal["fr", "en"]:
    """Make gettext answer in the terminal's language; returns it."""
    lang = of_terminal()
    translation.activate(lang)
    return lang
