"""How people come in from afar, as the settings of a server say it below ``/etc``; no tunnel is opened."""

from typing import Literal

TunnelName = Literal["openvpn", "strongswan", "wireguard"]

OPENVPN = """port 1194
proto udp
dev tun
server 10.8.0.0 255.255.255.0
ca ca.crt
cert server.crt
key server.key
dh none
verify-client-cert require
cipher AES-256-GCM
data-ciphers AES-256-GCM:CHACHA20-POLY1305
auth SHA256
tls-version-min 1.2
"""
STRONGSWAN = """connections {
  nomades {
    version = 2
    proposals = aes256gcm16-prfsha384-ecp384
    local {
      auth = pubkey
      certs = vpn.pem
    }
    remote {
      auth = pubkey
      cacerts = cabinet.pem
    }
    children {
      cabinet {
        esp_proposals = aes256gcm16-ecp384
      }
    }
  }
}
"""
WIREGUARD = """[Interface]
Address = 10.9.0.1/24
ListenPort = 51820
PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

# portable de garde
[Peer]
PublicKey = BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB=
AllowedIPs = 10.9.0.2/32
"""
SETTINGS: dict[TunnelName, tuple[str, str]] = {
    "openvpn": ("openvpn/server/server.conf", OPENVPN),
    "strongswan": ("swanctl/conf.d/nomades.conf", STRONGSWAN),
    "wireguard": ("wireguard/wg0.conf", WIREGUARD),
}
"""The file of each, and what it says in good health."""
CALLED: dict[TunnelName, str] = {
    "openvpn": "OpenVPN udp/1194",
    "strongswan": "nomades",
    "wireguard": "WireGuard udp/51820",
}
