"""What a Linux host answers where Windows is asked: that it is none."""

from collections.abc import Iterator

from negatoscope.model.endpoints import WindowsSecurity
from negatoscope.model.evidence import Sweep
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST
from negatoscope.observe.linux.sections import Sections


def no_windows(_sections: Sections) -> Iterator[Item]:
    """Linux was seen at work: there are no settings of Windows here."""
    yield WindowsSecurity(HOST, present=False)
    yield Sweep("WindowsSecurity", HOST)


def no_security_centre(_sections: Sections) -> Iterator[Item]:
    """No Windows, no security centre that would know an antivirus."""
    yield Sweep("Antivirus", HOST)
