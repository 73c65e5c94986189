"""Where the real logs are: a folder beside the repository, or the one that the environment names."""

import os
from pathlib import Path

import pytest


def shared() -> Path:
    """The folder; skips where it is absent."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("NEGATOSCOPE_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"needs the real logs in {folder}")
    return folder
