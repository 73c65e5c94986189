"""Flaws of what listens: protocols in clear, remote control, DICOM nodes, devices that nobody declared."""

from typing import Any, ClassVar, Literal

from msgspec import Struct

from negatoscope.model.hosts import CLIENTS
from tests.lab.cards import mac
from tests.lab.description import Wrong
from tests.lab.filtering import VISITORS
from tests.lab.plan import ANY, Plan, Server, Truth
from tests.lab.printing import QUEUE
from tests.lab.services import Port

CLEAR = {"telnet": 23, "ftp": 21, "http": 80, "imap": 143, "pop3": 110, "smtp": 25, "ldap": 389, "vnc": 5900}
REMOTE = {"ssh": 22, "telnet": 23, "rdp": 3389, "vnc": 5900}


def listening(plan: Plan, server: Server) -> frozenset[Truth]:
    """What a service in clear, or one that gives control from afar, makes to be found."""
    controls = {"R23.1"} if server.program in CLEAR else set()
    if server.program in REMOTE and plan.lab.host(server.host).host_class in CLIENTS:
        controls.add("R18.1")
    return frozenset(Truth(control, server.ref) for control in controls)


class ClearProtocol(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that hides nothing of what it carries: a real server, without TLS."""

    CONTROLS: ClassVar = ("R18.1", "R23.1")

    host: str
    protocol: Literal["telnet", "ftp", "http", "imap", "pop3", "smtp", "ldap", "vnc"]
    port: Port | None = None

    def _server(self) -> Server:
        return Server(self.host, self.protocol, self.port or CLEAR[self.protocol])

    def plant(self, plan: Plan) -> None:
        plan.start(self._server())

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return listening(plan, self._server())


class RemoteControl(Struct, frozen=True, forbid_unknown_fields=True):
    """A workstation that can be controlled from afar."""

    CONTROLS: ClassVar = ("R18.1", "R23.1")

    host: str
    tool: Literal["ssh", "telnet", "rdp", "vnc"]

    def _server(self) -> Server:
        return Server(self.host, self.tool, REMOTE[self.tool])

    def plant(self, plan: Plan) -> None:
        plan.start(self._server())
        if plan.lab.host(self.host).host_class not in CLIENTS:
            raise Wrong(f"'{self.host}' is no workstation or laptop")

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return listening(plan, self._server())


class ClearImages(Struct, frozen=True, forbid_unknown_fields=True):
    """A DICOM node that takes and sends images in clear; it still answers the console alone."""

    CONTROLS: ClassVar = ("R23.2",)

    host: str
    port: Port = 104

    def plant(self, plan: Plan) -> None:
        plan.start(Server(self.host, "dicom", self.port, title="CLAIR"))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R23.2", f"service/{self.host}/tcp/{self.port}")})


class _Node(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of the DICOM node of a host."""

    CONTROLS: ClassVar = ("R23.6",)
    CHANGE: ClassVar[dict[str, Any]]

    host: str

    def plant(self, plan: Plan) -> None:
        plan.change(self._server(plan), **self.CHANGE)

    def _server(self, plan: Plan) -> Server:
        """The node of the description: one that another flaw put there, in clear, is not meant."""
        plan.listening(self.host, "dicom")
        found = [one for one in plan.servers if one.host == self.host and one.program == "dicom" and one.tls]
        if not found:
            raise Wrong(f"host '{self.host}' has no service of kind 'dicom' in TLS")
        return found[0]

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth(self.CONTROLS[0], self._server(plan).ref)})


class ImagesOldTls(_Node, frozen=True, forbid_unknown_fields=True):
    """A DICOM node that speaks no TLS but 1.1. Orthanc can not (BCP 195): pynetdicom answers in its place."""

    CHANGE: ClassVar = {"tls": ("TLSv1.1", "TLSv1.1"), "orthanc": False}


class ImagesCertificateOver(_Node, frozen=True, forbid_unknown_fields=True):
    """A DICOM node whose certificate has ended."""

    CHANGE: ClassVar = {"expired": True}


class AnswersStrangers(_Node, frozen=True, forbid_unknown_fields=True):
    """A DICOM node that answers whoever calls, under any name."""

    CONTROLS: ClassVar = ("R12.5",)
    CHANGE: ClassVar = {"anyone": True}


class OldTls(Struct, frozen=True, forbid_unknown_fields=True):
    """A service that still takes TLS 1.0 and 1.1."""

    CONTROLS: ClassVar = ("R23.4",)

    host: str
    service: Literal["https", "imaps", "smtps"] = "https"

    def plant(self, plan: Plan) -> None:
        plan.change(plan.listening(self.host, self.service), tls=("TLSv1", "TLSv1.1", "TLSv1.2"))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R23.4", plan.listening(self.host, self.service).ref)})


class CertificateOver(Struct, frozen=True, forbid_unknown_fields=True):
    """A service whose certificate has ended."""

    CONTROLS: ClassVar = ("R23.4",)

    host: str
    service: Literal["https", "imaps", "ldaps", "smtps", "ipps"] = "https"

    def plant(self, plan: Plan) -> None:
        plan.change(plan.listening(self.host, self.service), expired=True)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R23.4", plan.listening(self.host, self.service).ref)})


class PrintsAtOnce(Struct, frozen=True, forbid_unknown_fields=True):
    """The queue of a print server prints before anybody stands at the printer."""

    CONTROLS: ClassVar = ("R35.1",)

    host: str

    def plant(self, plan: Plan) -> None:
        plan.change(plan.listening(self.host, "ipps"), hasty=True)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R35.1", f"host/{self.host}", "prints_at_once", frozenset({("queue", QUEUE)}))})


class UnknownDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """A device that is plugged in and that no list names."""

    CONTROLS: ClassVar = ("R1.7", "R5.1")

    segment: str
    address: str

    def plant(self, plan: Plan) -> None:
        names = [one.name for one in plan.lab.inside]
        if self.segment not in names:
            raise Wrong(f"no segment '{self.segment}' of the practice ({', '.join(names)})")
        plan.free(plan.lab.segment(self.segment), self.address)
        plan.strangers[self.address] = self.segment

    def truth(self, plan: Plan) -> frozenset[Truth]:
        unknown = Truth("R1.7", f"host/{self.address}", "unknown")
        segment = plan.lab.segment(self.segment)
        if segment.kind in VISITORS and not plan.rules.leads_inside(segment):
            return frozenset({unknown})
        host = Truth("R5.1", f"host/{self.address}", "undeclared_host")
        return frozenset({unknown, Truth("R5.1", ANY, "", frozenset({("mac", mac(self.address))}), host)})


KINDS = (
    ClearProtocol, RemoteControl, ClearImages, ImagesOldTls, ImagesCertificateOver, AnswersStrangers, UnknownDevice,
    OldTls, CertificateOver, PrintsAtOnce,
)  # fmt: skip
