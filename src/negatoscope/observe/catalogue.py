"""Every collector, one line each."""

from typing import Any

from negatoscope.observe.collector import Collector
from negatoscope.observe.declared import DECLARED
from negatoscope.observe.dicom.collector import DICOM
from negatoscope.observe.directory.collector import DIRECTORY
from negatoscope.observe.inventory.read import AGENT
from negatoscope.observe.inventory.registry import REGISTRY
from negatoscope.observe.local import LOCAL
from negatoscope.observe.nmap import NMAP
from negatoscope.observe.spreadsheet import SPREADSHEET
from negatoscope.observe.ssh.collector import SSH

COLLECTORS: tuple[Collector[Any], ...] = (LOCAL, SSH, NMAP, DICOM, DIRECTORY, AGENT, REGISTRY, SPREADSHEET, DECLARED)
