"""Trials do not wait between two attempts."""

import pytest

from negatoscope.observe.defaults import collector


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "PAUSE", 0.0)
    monkeypatch.setattr(collector, "WITH_SNMP", frozenset())
