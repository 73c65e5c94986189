"""Backups of what a file server holds: encrypted repositories of restic and borg, and the processes that fill them."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab import places
from tests.lab.services import Backups
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

PHRASE = "phrase-des-sauvegardes"
PACKAGES = {"restic": "restic", "borg": "borgbackup"}
RUNS = {
    "restic": "export RESTIC_PASSWORD_FILE={word} RESTIC_REPOSITORY={there} RESTIC_CACHE_DIR={cache}\n"
    "[ -e {there}/config ] || restic -q init\nwhile true; do\nrestic -q backup {what}\nsleep {pause}; done\n",
    "borg": 'export BORG_PASSCOMMAND="cat {word}" BORG_REPO={there} BORG_BASE_DIR={cache}\n'
    "borg init --encryption=repokey-blake2 2>/dev/null\n"
    "while true; do\nborg create ::{{now}} {what}\nsleep {pause}; done\n",
}
PAUSE = 3600
"""Seconds between two runs."""


def start(lab: "Lab", host: str, service: Backups) -> None:
    """Make the repositories and begin to fill them; ``/srv/backups`` of the host."""
    for tool in service.tools:
        needs_program(tool, PACKAGES[tool])
        home = lab.folder / f"{host}-{tool}"
        home.mkdir()
        word = home / "word"
        word.write_text(PHRASE)
        word.chmod(0o600)
        there = Path("/srv/backups") / tool
        said = {"word": word, "there": there, "cache": home / "cache", "pause": PAUSE, "what": "/srv/shares"}
        script = RUNS[tool].format(**said)
        (home / "run").write_text(f"{places.view(lab, host)}\nmkdir -p /srv/shares {there}\n{script}")
        lab.start(host, f"exec nice sh {home}/run")
