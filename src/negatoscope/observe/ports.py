"""Port numbers by the protocol that IANA names there: a guess, which says nothing of encryption."""

NAMES: dict[tuple[str, int], str] = {
    **{
        ("tcp", port): name
        for port, name in {
            21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "domain", 79: "finger", 80: "http", 88: "kerberos",
            104: "acr-nema", 110: "pop3", 111: "sunrpc", 135: "epmap", 139: "netbios-ssn", 143: "imap", 389: "ldap",
            443: "http", 445: "microsoft-ds", 465: "smtp", 512: "exec", 513: "login", 514: "shell",
            515: "printer", 548: "afpovertcp", 587: "submission", 631: "ipp", 636: "ldap", 853: "domain",
            873: "rsync", 990: "ftp", 993: "imap", 995: "pop3", 1433: "ms-sql-s", 1521: "ncube-lm",
            1883: "mqtt", 2049: "nfs", 2575: "hl7", 2761: "dicom", 2762: "dicom", 3268: "msft-gc",
            3269: "msft-gc", 3306: "mysql", 3389: "ms-wbt-server", 5432: "postgresql", 5900: "rfb", 5985: "wsman",
            5986: "wsman", 6379: "redis", 6514: "syslog", 8080: "http-alt", 8883: "mqtt",
            9100: "pdl-datastream", 11112: "dicom",
        }.items()
    },
    **{
        ("udp", port): name
        for port, name in {
            53: "domain", 67: "bootps", 68: "bootpc", 69: "tftp", 111: "sunrpc", 123: "ntp", 137: "netbios-ns",
            138: "netbios-dgm", 161: "snmp", 162: "snmptrap", 500: "isakmp", 514: "syslog",
            631: "ipp", 1900: "ssdp", 4500: "ipsec-nat-t", 5353: "mdns", 5355: "llmnr", 5683: "coap",
        }.items()
    },
}  # fmt: skip

PROCESSES: dict[str, str] = {
    "sshd": "ssh", "dropbear": "ssh", "in.telnetd": "telnet", "telnetd": "telnet", "in.rlogind": "login",
    "in.rshd": "shell", "in.rexecd": "exec", "vsftpd": "ftp", "proftpd": "ftp", "pure-ftpd": "ftp", "in.tftpd": "tftp",
    "x11vnc": "rfb", "wayvnc": "rfb", "vino-server": "rfb", "krfb": "rfb", "xrdp": "ms-wbt-server",
    "gnome-remote-de": "ms-wbt-server", "Xorg": "x11", "Xwayland": "x11", "anydesk": "anydesk",
    "teamviewerd": "teamviewer", "nxserver.bin": "nomachine", "nxd": "nomachine", "rustdesk": "rustdesk",
    "storescp": "dicom", "dcmqrscp": "dicom", "wlmscpfs": "dicom", "cupsd": "ipp",
}  # fmt: skip
"""What a programme speaks, by its name as ``ps`` cuts it (15 characters), whatever the port."""


def spoken_by(process: str | None) -> str | None:
    """Name the protocol of a programme, where its name alone tells."""
    if process and "vnc" in process.lower():
        return "rfb"
    return PROCESSES.get(process or "")
