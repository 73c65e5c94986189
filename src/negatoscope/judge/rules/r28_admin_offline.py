"""R28: administration accounts do not reach the Internet."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.judge.supervising import GATES, Watch, gates
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host
from negatoscope.model.traffic import Route
from negatoscope.model.watching import AlertHandled, DetectorRun, SourceHealth

RULE = Rule("R28", fresh=timedelta(days=7))


@RULE.measured("R28.1", on=GATES)
def no_administrator_goes_online(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    runs: Seen[DetectorRun],
    hosts: Seen[Host],
    routes: Seen[Route],
    sources: Seen[SourceHealth],
    alerts: Seen[AlertHandled],
    now: datetime,
) -> Said:
    """Keep administrators' accounts, and the stations of a zone of administration, off the Internet."""
    passed = gates(hosts.facts, routes.facts)
    yield from Watch(sources, runs, alerts, now).nobody_online("bypass", passed)
