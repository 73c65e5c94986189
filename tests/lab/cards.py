"""Every network card of a lab has a burned-in address that follows from where it stands."""

from ipaddress import IPv4Address

MAKER = "00:16:3e"
"""Registered with the IEEE (Xen): telephones choose addresses of their own, servers do not."""


def mac(address: str) -> str:
    """The card behind an address: its last three bytes."""
    return ":".join((MAKER, *(f"{byte:02x}" for byte in IPv4Address(address).packed[1:])))
