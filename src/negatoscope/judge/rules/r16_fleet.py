"""R16: a management tool deploys settings and updates to the whole fleet."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.endpoints import AgentContact
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS, Host
from negatoscope.model.judgement import Finding

RULE = Rule("R16", fresh=timedelta(days=7))

RULE.awaiting("R16.1", "deployments")
RULE.awaiting("R16.2", "deployments")


@RULE.measured("R16.3", on=COMPUTERS)
def every_computer_is_managed(contacts: Seen[AgentContact], hosts: Seen[Host]) -> Said:
    """Run the fleet's agent on every computer seen; one that fell silent for longer than the rule allows is a doubt.

    Where no agent reaches us at all, another tool may manage the fleet: nothing is known, and nobody is accused.
    """
    managed = frozenset(contact.host for contact in contacts.facts)
    for host in hosts.facts if managed else ():
        if host.host_class in COMPUTERS and host.ref not in managed:
            yield Finding(host.ref, "unmanaged", {"managed": len(managed)})
