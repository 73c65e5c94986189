"""The web, as Django knows it."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms and templates; no tables."""

    name = "negatoscope.web"

    def ready(self) -> None:
        """Listen to log-ins."""
        import_module("negatoscope.web.signals")
