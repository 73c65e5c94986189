"""What a test needs of the machine: absent, it skips with its reason; in CI a skip is a failure (conftest)."""

import os
import shutil

import pytest


def needs_root() -> None:
    """Skip without root: mounts and namespaces need it."""
    if os.geteuid() != 0:
        pytest.skip("needs root")


def needs_program(*names: str) -> str:
    """Skip unless one of these programs is installed; returns its path."""
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.skip(f"needs {' or '.join(names)}: apt-get install {names[0]}")
