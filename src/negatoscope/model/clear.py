"""Protocols that hide nothing of what they carry: by what they are called, and by their ports."""

INSTEAD = {
    "telnet": "SSH", "ftp": "SFTP", "tftp": "SFTP", "pop3": "POP3S", "imap": "IMAPS", "smtp": "SMTPS", "http": "HTTPS",
    "rlogin": "SSH", "rsh": "SSH", "rexec": "SSH", "snmp": "SNMPv3", "ldap": "LDAPS", "vnc": "VNC over SSH",
}  # fmt: skip
"""What replaces each protocol in clear; the sentence is the reader's, the names are nobody's language."""
ALIASES = {
    "login": "rlogin", "shell": "rsh", "exec": "rexec", "imap2": "imap", "pop2": "pop3", "submission": "smtp",
    "http-alt": "http", "http-proxy": "http", "www": "http", "vnc-http": "vnc", "vnc-1": "vnc", "acr-nema": "dicom",
    "hl7-mllp": "hl7", "rfb": "vnc", "msft-gc": "ldap", "snmptrap": "snmp",
}  # fmt: skip
PORTS = {
    "tcp": {
        21: "ftp", 23: "telnet", 25: "smtp", 80: "http", 104: "dicom", 110: "pop3", 143: "imap", 389: "ldap",
        512: "rexec", 513: "rlogin", 514: "rsh", 587: "smtp", 2575: "hl7", 2762: "dicom", 3268: "ldap", 4242: "dicom",
        8000: "http", 8042: "http", 8080: "http", 11112: "dicom", **dict.fromkeys(range(5900, 5910), "vnc"),
    },
    "udp": {69: "tftp", 161: "snmp", 162: "snmp", 389: "ldap"},
}  # fmt: skip
ALWAYS_CLEAR = frozenset({"telnet", "tftp", "rlogin", "rsh", "rexec"})
"""Protocols that have no encrypted form under the same name."""
IMAGING = {"dicom": "DICOM TLS", "hl7": "MLLP over TLS"}
REPLACED = INSTEAD | IMAGING
SURE = ALWAYS_CLEAR | {"ftp", "pop3"}
"""What a port alone betrays: nothing else is found there."""
UNSURE = frozenset({"", "unknown", "tcpwrapped"})
"""Names that nmap gives where it does not know."""


def spoken(name: str | None, protocol: str, port: int) -> str:
    """Name what a port speaks: by its own name where a look knew it, else by its number; empty where nobody knows."""
    by_port = PORTS.get(protocol, {}).get(port, "")
    return by_port if (name or "") in UNSURE else ALIASES.get(name or "", name or "")
