"""What flow exporters tell, as the watch sees it: one conversation of a quarter of an hour is one connection."""

from dataclasses import replace
from datetime import datetime

from negatoscope.model.event import Action, Event, Told
from negatoscope.model.traffic import Conversation
from negatoscope.watch.known import INTERNET

PRODUCT = "flow"
OUTSIDE = "internet"
"""How a conversation names all addresses outside together."""


def event(one: Conversation, came: datetime) -> Event:
    """A connection with what each side sent; one that nobody answered may have been refused: nobody says."""
    back = None if one.octets is None or one.octets_out is None else one.octets - one.octets_out
    return Event(
        one.last or one.first or came,
        PRODUCT,
        category="firewall",
        host=one.exporter,
        action=Action.CONNECTION,
        ok=True if one.answered else None,
        source=one.source,
        target=one.target,
        port=one.port or None,
        protocol=one.protocol,
        sent=one.octets_out,
        received=back,
    )


def placed(told: Told) -> Told:
    """The same, where all addresses outside together stand: no register places them."""
    if told.event.source == OUTSIDE:
        return replace(told, zone=INTERNET)
    return replace(told, target_zone=INTERNET) if told.event.target == OUTSIDE else told
