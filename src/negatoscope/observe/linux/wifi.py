"""Radio networks that a Linux host serves itself."""

from collections.abc import Iterator

from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import HOSTAPD_FILES
from negatoscope.observe.linux.sections import Sections
from negatoscope.observe.wifi import hostapd


def wifi(sections: Sections) -> Iterator[Item]:
    """Networks of every ``hostapd`` configuration; one that is there is taken as served."""
    listed = sections.names(HOSTAPD_FILES)
    missing = {} if listed.looked else {HOSTAPD_FILES: sections.why(listed)}
    for path, section in sections.files(HOSTAPD_FILES):
        if section.ok:
            yield from hostapd.networks(section.text, HOST)
        elif not section.looked:
            missing[path] = sections.why(section)
    yield from closed("WifiNetwork", missing)
