"""Make Django speak the terminal's language."""

from typing import Literal

from django.utils import translation

from negatoscope.kit import terminal


def speak() -> Literal["fr", "en"]:
    """Make gettext answer in the terminal's language; returns it."""
    lang = terminal.language()
    translation.activate(lang)
    return lang
