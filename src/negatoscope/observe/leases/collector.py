"""The collector ``leases``: tables of DHCP servers and of neighbours, handed over."""

from msgspec import Struct

from negatoscope.observe.collector import Collector
from negatoscope.observe.handed import reader
from negatoscope.observe.leases.dnsmasq import DNSMASQ
from negatoscope.observe.leases.isc import ISC
from negatoscope.observe.leases.kea import KEA_CSV, KEA_JSON
from negatoscope.observe.leases.neighbours import ARP_TABLE, IP_NEIGHBOURS
from negatoscope.observe.leases.windows import DHCP_CSV, DHCP_XML


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: files are handed over."""


SORTS = (DNSMASQ, ISC, KEA_CSV, KEA_JSON, DHCP_XML, DHCP_CSV, IP_NEIGHBOURS, ARP_TABLE)
LEASES = Collector("leases", NoSettings, None, reader(SORTS), gives=("Sighting",), sorts=SORTS)
