"""Where things stand on the drawing of the network, so that they stay there."""

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class LayoutRow(models.Model):
    """One practice's drawing: ``body`` is what ``prove.drawing.places`` settled, as JSON."""

    practice = models.OneToOneField(PracticeRow, models.CASCADE)
    body = models.TextField()

    def __str__(self) -> str:
        """Whose it is."""
        return f"layout {self.practice_id}"
