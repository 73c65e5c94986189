"""Log-ins that devices were sold with, left as they were: real servers that take them."""

from typing import ClassVar, Literal, NamedTuple

from msgspec import Struct

from negatoscope.model.hosts import HostClass
from tests.lab.description import Wrong
from tests.lab.plan import Plan, Server, Truth

BY_CLASS = {HostClass.NETWORK: "R12.1", HostClass.SERVER: "R12.2", HostClass.PRINTER: "R12.3"}


class Sold(NamedTuple):
    """A product as it is delivered: what its list says it is, where it lets in and whom, as its maker published it."""

    model: str
    protocol: str
    port: int
    account: str
    password: str


AS_SOLD = {
    "ssh": Sold("Ubiquiti EdgeSwitch 24", "ssh", 22, "ubnt", "ubnt"),
    "telnet": Sold("Cisco SG300-28", "telnet", 23, "cisco", "cisco"),
    "ftp": Sold("Zyxel GS1920-24", "ftp", 21, "admin", "1234"),
    "https": Sold("TP-Link TL-SG3428", "http", 443, "admin", "admin"),
    "orthanc": Sold("", "http", 8042, "orthanc", "orthanc"),
}
IN_CLEAR = {"telnet", "ftp", "orthanc"}


class FactoryLogin(Struct, frozen=True, forbid_unknown_fields=True):
    """A log-in that the maker published still lets in."""

    CONTROLS: ClassVar = ("R12.1", "R12.2", "R12.3", "R23.1")

    host: str
    service: Literal["ssh", "telnet", "ftp", "https", "orthanc"]

    def plant(self, plan: Plan) -> None:
        plan.known(self.host)
        sold, kind = AS_SOLD[self.service], plan.lab.host(self.host).host_class
        wanted = {HostClass.SERVER} if self.service == "orthanc" else {HostClass.NETWORK, HostClass.PRINTER}
        if kind not in wanted:
            raise Wrong(f"'{self.host}' is no {' or '.join(sorted(wanted))}: '{self.service}' is not sold with it")
        if sold.model and plan.models.get(self.host, sold.model) != sold.model:
            raise Wrong(f"'{self.host}' is a {plan.models[self.host]}, '{self.service}' is sold with a {sold.model}")
        if any((one.host, one.program) == (self.host, "switch") for one in plan.servers):
            raise Wrong(f"the agent of '{self.host}' says another model")
        plan.start(Server(self.host, f"sold-{self.service}", sold.port))
        if sold.model:
            plan.models[self.host] = sold.model

    def truth(self, plan: Plan) -> frozenset[Truth]:
        sold = AS_SOLD[self.service]
        control = BY_CLASS[plan.lab.host(self.host).host_class]
        about = frozenset({("protocol", sold.protocol), ("port", str(sold.port))})
        found = {Truth(control, f"factorylogin/{self.host}/{sold.protocol}/{sold.port}/", "factory_login", about)}
        if self.service in IN_CLEAR:
            found.add(Truth("R23.1", f"service/{self.host}/tcp/{sold.port}"))
        return frozenset(found)


KINDS = (FactoryLogin,)
