"""The collector ``wifi``: settings of access points and of their controllers, handed over."""

from msgspec import Struct

from negatoscope.observe.collector import Collector
from negatoscope.observe.handed import reader
from negatoscope.observe.wifi.hostapd import HOSTAPD
from negatoscope.observe.wifi.omada import OMADA
from negatoscope.observe.wifi.unifi import UNIFI, UNIFI_STATIONS


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: files are handed over."""


SORTS = (HOSTAPD, UNIFI, UNIFI_STATIONS, OMADA)
WIFI = Collector("wifi", NoSettings, None, reader(SORTS), gives=("WifiNetwork", "Sighting"), sorts=SORTS)
