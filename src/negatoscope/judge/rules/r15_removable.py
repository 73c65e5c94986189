"""R15: removable media are blocked by technical means, except where strictly needed."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold, none_hold
from negatoscope.model.evidence import Seen
from negatoscope.model.hardening import RemovableMedia
from negatoscope.model.hosts import COMPUTERS

RULE = Rule("R15", fresh=timedelta(days=7))


@RULE.measured("R15.1", on=COMPUTERS)
def removable_media_are_blocked(media: Seen[RemovableMedia]) -> Said:
    """Make a USB stick useless on each computer."""
    yield from all_hold(((one.ref, one.blocked) for one in media.facts), "blocked", "usable")


@RULE.measured("R15.2", on=COMPUTERS)
def nothing_starts_from_a_medium(media: Seen[RemovableMedia]) -> Said:
    """Run nothing by itself when a medium is plugged in."""
    yield from none_hold(((one.ref, one.autorun) for one in media.facts), "autorun", "autorun")


RULE.awaiting("R15.3", "syslog")
RULE.attested("R15.4")
