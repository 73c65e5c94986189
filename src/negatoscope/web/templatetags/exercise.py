"""The clock of an exercise, as templates show it."""

from django import template

from negatoscope.kit.clock import utc_now
from negatoscope.model.incident import Incident
from negatoscope.respond.exercise import stage
from negatoscope.web.exercise_words import paced
from negatoscope.web.templatetags.room import exact

register = template.Library()


@register.filter
def exercise_hour(one: Incident) -> str:
    """What the clock of an exercise shows, and how it runs."""
    last = stage.pace(one)
    shown = exact(stage.showing(one, utc_now()))
    return f"{shown} · {paced(last.rate)}" if last is not None and one.finished is None else shown
