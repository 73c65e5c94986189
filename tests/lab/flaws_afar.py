"""Flaws of how people come in from afar: settings of OpenVPN and strongSwan, read over the server's sshd."""

from typing import ClassVar

from msgspec import Struct

from tests.lab.afar import CALLED, SETTINGS, TunnelName
from tests.lab.description import Wrong
from tests.lab.plan import Plan, Truth


class _OfTunnel(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of the settings by which people come in to one host."""

    CONTROLS: ClassVar[tuple[str, ...]]
    CHANGES: ClassVar[dict[TunnelName, tuple[tuple[str, str], ...]]]
    """Of each programme that can have this flaw: what is written, and in the place of what."""

    host: str

    def tunnel(self, plan: Plan) -> TunnelName:
        found = plan.tunnels.get(self.host)
        if found is None:
            raise Wrong(f"nobody comes in from afar through '{self.host}' ({', '.join(plan.tunnels)})")
        if found not in self.CHANGES:
            raise Wrong(f"'{found}' cannot have this flaw ({', '.join(self.CHANGES)})")
        return found

    def plant(self, plan: Plan) -> None:
        tunnel = self.tunnel(plan)
        path, files = SETTINGS[tunnel][0], plan.linux[self.host].files
        for sound, spoilt in self.CHANGES[tunnel]:
            if sound not in files[path]:
                raise Wrong(f"another flaw of '{self.host}' says the opposite")
            files[path] = files[path].replace(sound, spoilt)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        subject = f"remoteaccess/{self.host}/{CALLED[self.tunnel(plan)]}"
        return frozenset(Truth(one, subject) for one in self.CONTROLS)


class VpnSharedCertificate(_OfTunnel, frozen=True, forbid_unknown_fields=True):
    """All devices come in with one certificate: which is whose, nobody knows."""

    CONTROLS: ClassVar = ("R31.1",)
    CHANGES: ClassVar = {"openvpn": (("verify-client-cert require\n", "verify-client-cert require\nduplicate-cn\n"),)}


class VpnPasswordAlone(_OfTunnel, frozen=True, forbid_unknown_fields=True):
    """A name and a password let in, from any computer."""

    CONTROLS: ClassVar = ("R31.1", "R31.2")
    CHANGES: ClassVar = {
        "strongswan": (
            ("remote {\n      auth = pubkey\n      cacerts = cabinet.pem", "remote {\n      auth = eap-mschapv2"),
        )
    }


class VpnOneSecret(_OfTunnel, frozen=True, forbid_unknown_fields=True):
    """One secret that everybody knows lets in, from any computer."""

    CONTROLS: ClassVar = ("R31.1", "R31.2")
    CHANGES: ClassVar = {
        "strongswan": (("remote {\n      auth = pubkey\n      cacerts = cabinet.pem", "remote {\n      auth = psk"),)
    }


class VpnWeakCiphers(_OfTunnel, frozen=True, forbid_unknown_fields=True):
    """Ciphers that no longer protect are taken."""

    CONTROLS: ClassVar = ("R31.3",)
    CHANGES: ClassVar = {
        "openvpn": (
            ("cipher AES-256-GCM\ndata-ciphers AES-256-GCM:CHACHA20-POLY1305", "cipher BF-CBC\ndata-ciphers BF-CBC"),
        ),
        "strongswan": (("esp_proposals = aes256gcm16-ecp384", "esp_proposals = 3des-md5-modp1024"),),
    }


KINDS = (VpnSharedCertificate, VpnPasswordAlone, VpnOneSecret, VpnWeakCiphers)
