"""A practice that is healthy throughout; each topic's facts stand in a file of ``cases.healthy``."""

from tests.judge.cases.healthy import agents, computers, people
from tests.judge.memory import swept

HEALTHY = swept((*computers.FACTS, *people.FACTS, *agents.FACTS))
"""Everything was looked for, completely, everywhere."""
