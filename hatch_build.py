"""Build hook: compiles the message catalogues, which are committed as text only."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Turn each ``django.po`` into the ``django.mo`` that Django reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        """Compile every catalogue before files are collected."""
        compile_catalogues(Path(self.root) / "src" / "negatoscope" / "locale")


def compile_catalogues(folder: Path) -> None:
    """Write a ``.mo`` beside each ``.po``."""
    for source in folder.glob("*/LC_MESSAGES/django.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))
