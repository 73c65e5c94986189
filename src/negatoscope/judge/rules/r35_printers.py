"""R35: nothing printed is left lying, nothing stored is thrown away readable."""

from datetime import datetime, timedelta

from negatoscope.judge.leavers import PARIS
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, day_ahead, unread
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.media import Medium, MediumState

RULE = Rule("R35", fresh=timedelta(days=7))
QUARTER = timedelta(days=92)

RULE.awaiting("R35.1", "ipp")
RULE.attested("R35.2", lasts=timedelta(days=31))
RULE.attested("R35.3")


@RULE.measured("R35.4", fresh=QUARTER)
def media_are_followed_to_their_end(media: Seen[Medium], now: datetime) -> Said:
    """Know of each medium out of use where it waits, or by which certificate it ended."""
    today = now.astimezone(PARIS).date()
    for one in media.facts:
        if one.state is None:
            yield unread(one.ref, "medium_state")
        elif one.state is MediumState.LOST:
            yield Finding(one.ref, "medium_lost")
        elif one.state is MediumState.DISCARDED:
            yield Finding(one.ref, "medium_discarded")
        elif one.state is MediumState.STORED:
            if one.kept_at is None:
                yield Doubt(one.ref, "place_unknown")
        elif one.certificate is None or one.ended_on is None:
            yield Doubt(one.ref, "certificate_missing")
        else:
            yield from day_ahead(one.ref, "ended_on", one.ended_on, today)
