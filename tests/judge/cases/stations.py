"""A stranger on the network, mail that leaves, a radio network that is weak, unknown or mixed with the rest."""

from dataclasses import replace

from negatoscope.model.atlas import MapEntry
from negatoscope.model.mail import MailForward, Means
from negatoscope.model.switching import Place, Sighting, WifiNetwork, WifiSecurity
from negatoscope.model.traffic import Reach
from tests.judge.cases.healthy.computers import DAY, DESK, READING
from tests.judge.cases.healthy.stations import CARD, RADIO, STAYS
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

STRANGER = replace(
    CARD, mac="3c:06:30:11:22:33", address="10.77.0.58", name="iPhone-de-Claire", maker="Apple, Inc.",
    first_seen=AT - 3 * DAY, last_seen=AT - DAY,
)  # fmt: skip
LENT = Sighting(DESK, "da:a1:19:00:00:01", Place.WIFI, "Cabinet", None)
GMAIL = MailForward("mail", "anna.petit@cabinet.example", Means.SIEVE, "gmail.com", keeps_copy=False, enabled=True)
ENTRY = next(fact for fact in HEALTHY.seen(MapEntry).facts if fact.ref == READING)

OF_LUC = MailForward("mail", "luc.roy@cabinet.example", Means.SIEVE, "orange.fr", keeps_copy=False, enabled=True)

FAILING: dict[str, tuple[World, ...]] = {
    "R3.8": (HEALTHY.with_(OF_LUC), HEALTHY.with_(replace(OF_LUC, mailbox="luc.roy", domain="autre.example"))),
    "R5.1": (
        HEALTHY.with_(STRANGER),
        HEALTHY.with_(LENT),
        HEALTHY.with_(replace(ENTRY, declared=False, told_at=None, drifted=None)),
    ),
    "R5.3": (HEALTHY.with_(GMAIL), HEALTHY.with_(replace(STAYS, domain="mail.free.fr"))),
    "R22.1": (
        HEALTHY.with_(WifiNetwork(READING, "Livebox-4242", WifiSecurity.WPA2_PERSONAL, wps=False)),
        HEALTHY.with_(Sighting(READING, CARD.mac, Place.WIFI, "Livebox-4242", "10.77.0.5")),
    ),
    "R22.2": (
        HEALTHY.with_(Reach("10.66.0.0/24", "10.77.0.5", "tcp", 445, "microsoft-ds", administers=False)),
        HEALTHY.with_(replace(RADIO, ssid="Cabinet", network="10.77.0.0/24", vlan=None, guest=False)),
    ),
    "R22.3": (
        HEALTHY.with_(replace(RADIO, security=WifiSecurity.WPA)),
        HEALTHY.with_(replace(RADIO, security=WifiSecurity.OPEN)),
        HEALTHY.with_(replace(RADIO, wps=True)),
    ),
}
