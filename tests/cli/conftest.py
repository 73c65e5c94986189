"""Verbs are run as processes of their own, as in the journeys."""

from tests.journeys.conftest import data, environment, negatoscope

__all__ = ["data", "environment", "negatoscope"]
