"""Every collector, one line each."""

from typing import Any

from negatoscope.observe.collector import Collector
from negatoscope.observe.declared import DECLARED
from negatoscope.observe.defaults.collector import DEFAULTS
from negatoscope.observe.dicom.collector import DICOM
from negatoscope.observe.directory.collector import DIRECTORY
from negatoscope.observe.firewall.collector import FIREWALL
from negatoscope.observe.flows.read import FLOWS
from negatoscope.observe.inventory.read import AGENT
from negatoscope.observe.inventory.registry import REGISTRY
from negatoscope.observe.ipp.collector import IPP
from negatoscope.observe.leases.collector import LEASES
from negatoscope.observe.local import LOCAL
from negatoscope.observe.mail.collector import MAIL
from negatoscope.observe.nmap import NMAP
from negatoscope.observe.snmp.collector import SNMP
from negatoscope.observe.spreadsheet import SPREADSHEET
from negatoscope.observe.ssh.collector import SSH
from negatoscope.observe.tls.collector import TLS
from negatoscope.observe.upnp.collector import UPNP
from negatoscope.observe.vantage.collector import VANTAGE
from negatoscope.observe.watch import WATCH
from negatoscope.observe.wifi.collector import WIFI

COLLECTORS: tuple[Collector[Any], ...] = (
    LOCAL,
    SSH,
    NMAP,
    SNMP,
    IPP,
    DICOM,
    TLS,
    UPNP,
    DIRECTORY,
    AGENT,
    REGISTRY,
    LEASES,
    WIFI,
    MAIL,
    FLOWS,
    SPREADSHEET,
    VANTAGE,
    DEFAULTS,
    DECLARED,
    FIREWALL,
    WATCH,
)
