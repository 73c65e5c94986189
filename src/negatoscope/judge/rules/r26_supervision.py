"""R26: what supervision is for is written down; five situations are handled within 24 hours."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold
from negatoscope.model.evidence import Seen
from negatoscope.model.hardening import LogPolicy, TimeSync
from negatoscope.model.hosts import COMPUTERS

RULE = Rule("R26", fresh=timedelta(days=7))

RULE.attested("R26.1")


@RULE.measured("R26.2", on=COMPUTERS)
def logs_survive_a_restart(logs: Seen[LogPolicy]) -> Said:
    """Keep logs on disk."""
    yield from all_hold(((one.ref, one.persistent) for one in logs.facts), "persistent", "logs_lost")


@RULE.measured("R26.3", on=COMPUTERS)
def logs_leave_the_host(logs: Seen[LogPolicy]) -> Said:
    """Send logs elsewhere as they happen: an intruder erases those he finds."""
    yield from all_hold(((one.ref, one.remote) for one in logs.facts), "remote", "logs_stay")


@RULE.measured("R26.4", on=COMPUTERS)
def logs_share_one_time(clocks: Seen[TimeSync]) -> Said:
    """Date events by clocks that agree."""
    yield from all_hold(((one.ref, one.synchronised) for one in clocks.facts), "synchronised", "clock_free")


RULE.awaiting("R26.5", "syslog")
RULE.awaiting("R26.6", "flows")
RULE.awaiting("R26.7", "syslog")
RULE.awaiting("R26.8", "syslog")
RULE.awaiting("R26.9", "flows", "syslog", "firewall")
RULE.awaiting("R26.10", "incident")
