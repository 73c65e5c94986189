"""By which mail server the console tells people things, and whom."""

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class MailRow(models.Model):
    """One practice's way out. ``login``: the name of a sealed log-in (``CredentialRow``); empty: none is needed."""

    practice = models.OneToOneField(PracticeRow, models.CASCADE)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=10, default="starttls")
    """``starttls`` or ``tls``: nothing is said in clear; ``clear``: somebody chose so."""
    login = models.CharField(max_length=80, blank=True)
    sender = models.CharField(max_length=254)
    to = models.TextField()
    """Addresses, one a line."""
    language = models.CharField(max_length=2, default="fr")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        """Server and port."""
        return f"{self.host}:{self.port}"
