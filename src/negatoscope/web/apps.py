"""The web, as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms and templates; no tables."""

    name = "negatoscope.web"
