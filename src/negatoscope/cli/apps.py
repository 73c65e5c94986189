"""The verbs, as Django knows them."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """Verbs of the terminal; no tables."""

    name = "negatoscope.cli"
