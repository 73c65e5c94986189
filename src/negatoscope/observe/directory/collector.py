"""The ``directory`` collector: Active Directory and OpenLDAP, read in the name of a plain account."""

from negatoscope.observe.collector import Collector, later
from negatoscope.observe.directory.read import read
from negatoscope.observe.directory.settings import Settings, bound

DIRECTORY = Collector(
    "directory",
    Settings,
    later("negatoscope.observe.directory.capture"),
    read,
    gives=(
        "Directory",
        "DirectoryAccount",
        "DirectoryPrivilege",
        "DirectoryGroup",
        "DirectoryPolicy",
        "DirectoryAccess",
        "DirectoryDomain",
        "DirectoryComputer",
        "DirectoryTrust",
        "GuardedObject",
        "Host",
    ),
    bound=bound,
)
