"""The store, as Django knows it."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """All tables of the house and one migration history."""

    name = "negatoscope.store"
    default_auto_field = "django.db.models.BigAutoField"
