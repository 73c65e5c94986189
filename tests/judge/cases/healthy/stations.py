"""Cards seen, a radio network kept apart, and mail that stays."""

from negatoscope.model.mail import MailForward, MailSystem, Means
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import Place, Sighting, WifiNetwork, WifiSecurity
from negatoscope.model.traffic import Vantage
from negatoscope.model.zones import Zone, ZoneKind
from tests.judge.cases.healthy.computers import DESK

CARD = Sighting(
    DESK, "8c:04:ba:4d:10:05", Place.LEASE, "10.77.0.0/24", "10.77.0.5", "accueil", None, None, None, "Dell Inc."
)
RADIO = WifiNetwork(
    DESK, "Cabinet-Visiteurs", WifiSecurity.WPA3_PERSONAL, isolated=True, vlan=66, network="10.66.0.0/24", guest=True,
    wps=False,
)  # fmt: skip
STAYS = MailForward("mail", "contact@cabinet.example", Means.ALIASES, "cabinet.example", keeps_copy=True, enabled=True)
FACTS: tuple[object, ...] = (
    CARD,
    RADIO,
    STAYS,
    AccessPoint("accueil", "Accueil", "Télé-expertise"),
    Zone("Visiteurs", ZoneKind.GUEST, ("10.66.0.0/24",), vlan=66),
    Vantage("10.66.0.0/24", "10.0.0.0/8", "10.66.0.9", "1-65535", complete=True),
    MailSystem("mail", "postfix", ("cabinet.example",), 12, rules_read=True, settings_read=True),
)
