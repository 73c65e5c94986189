"""R7: a written update policy, strictly applied."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import PaperState, UpdatePaper
from negatoscope.model.judgement import Doubt, Finding

RULE = Rule("R7", fresh=timedelta(days=7))

RULE.attested("R7.1")
RULE.attested("R7.2")
RULE.attested("R7.3")
RULE.awaiting("R7.4", "vulnerabilities")


@RULE.measured("R7.5", on=frozenset({HostClass.MODALITY}))
def modalities_have_an_agreement(hosts: Seen[Host], papers: Seen[UpdatePaper], now: datetime) -> Said:
    """Ask each modality for its manufacturer's agreement, or a derogation that compensates and ends."""
    held = {paper.host: paper for paper in papers.facts}
    for host in hosts.facts:
        paper = held.get(host.ref)
        if host.host_class is None:
            yield Doubt(host.ref, "class_unknown")
        elif paper is None:
            yield Finding(host.ref, "no_agreement")
        elif paper.until <= now:
            over = "agreement_over" if paper.state is PaperState.AGREEMENT else "derogation_over"
            yield Finding(host.ref, over, {"on": f"{paper.until:%Y-%m-%d}"})
        elif paper.state is PaperState.DEROGATION and not (paper.compensation or "").strip():
            yield Finding(host.ref, "nothing_instead")
