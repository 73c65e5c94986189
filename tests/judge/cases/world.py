"""A practice that is healthy throughout; each topic's facts stand in a file of ``cases.healthy``."""

from tests.judge.cases.healthy import agents, computers, directory, imaging, lists, people
from tests.judge.memory import swept

HEALTHY = swept((*directory.FACTS, *computers.FACTS, *imaging.FACTS, *people.FACTS, *lists.FACTS, *agents.FACTS))
"""Everything was looked for, completely, everywhere."""
