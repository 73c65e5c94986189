"""Services that encrypt well."""

from datetime import timedelta

from negatoscope.model.defaults import FactoryLogin
from negatoscope.model.encryption import TlsService
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Service
from negatoscope.model.printing import PrintQueue
from negatoscope.model.traffic import INTERNET, Reach, Route, Vantage
from negatoscope.model.zones import InternetAccess
from tests.judge.cases.healthy.agents import told
from tests.judge.cases.healthy.computers import DESK, LAPTOP, READING, computer
from tests.judge.cases.healthy.talks import between
from tests.judge.memory import AT


def web(host: str) -> TlsService:
    return TlsService(
        host, 443, None, ("TLSv1.2", "TLSv1.3"), every_version=True, weak=(), certificate_from=AT - timedelta(days=30),
        certificate_until=AT + timedelta(days=300), key="RSA", key_bits=3072, signature="sha256",
        names=("portable.cabinet.lan",), self_signed=False, trusted=True,
    )  # fmt: skip


WEB = web(LAPTOP)
FIBRE = InternetAccess("Fibre", router="fw-1", addresses=("203.0.113.10/32",))
LOOK = Vantage(INTERNET, "203.0.113.10/32", "198.51.100.7", "1-65535,U:161,623", complete=True)
ANSWER = Reach(INTERNET, "203.0.113.10", "tcp", 443, "https", administers=False)


def refused(host: str, protocol: str, port: int, pair: str) -> FactoryLogin:
    return FactoryLogin(host, protocol, port, pair, works=False)


NAS = "host/nas"
COPIER = Host(
    "host/copieur", "copieur", HostClass.PRINTER, "Xerox", "1.2", "Xerox", "C405", "XRX-0001", addresses=("10.77.0.9",)
)
NAS_LOGIN, COPIER_LOGIN = refused(NAS, "http", 443, "orthanc"), refused(COPIER.ref, "http", 443, "xerox")
SWITCH_LOGIN = refused("host/sw1", "snmp", 161, "snmp-public")
DEVICES = (
    *computer(NAS, HostClass.SERVER), *told(NAS), web(NAS), NAS_LOGIN,
    COPIER, Service(COPIER.ref, "tcp", 443, "https", encrypted=True, reachable=True), web(COPIER.ref), COPIER_LOGIN,
    SWITCH_LOGIN, Route(NAS, "0.0.0.0/0", "10.78.0.1", "eth0"),
    PrintQueue(COPIER.ref, "copies", held=True, can_hold=True),
    between("10.77.0.9", "10.78.0.8", 443), between("10.77.0.1", "10.78.0.8", 443),
)  # fmt: skip
FACTS = (WEB, web(DESK), web(READING), FIBRE, LOOK, ANSWER, *DEVICES)
