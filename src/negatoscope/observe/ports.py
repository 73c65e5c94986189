"""Port numbers as IANA names them: the few that matter to a practice."""

NAMES: dict[tuple[str, int], str] = {
    **{
        ("tcp", port): name
        for port, name in {
            21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 53: "domain", 79: "finger", 80: "http", 88: "kerberos",
            104: "acr-nema", 110: "pop3", 111: "sunrpc", 135: "epmap", 139: "netbios-ssn", 143: "imap", 389: "ldap",
            443: "https", 445: "microsoft-ds", 465: "submissions", 512: "exec", 513: "login", 514: "shell",
            515: "printer", 548: "afpovertcp", 587: "submission", 631: "ipp", 636: "ldaps", 853: "domain-s",
            873: "rsync", 990: "ftps", 992: "telnets", 993: "imaps", 995: "pop3s", 1433: "ms-sql-s", 1521: "ncube-lm",
            1883: "mqtt", 2049: "nfs", 2575: "hl7", 2761: "dicom-iscl", 2762: "dicom-tls", 3268: "msft-gc",
            3269: "msft-gc-ssl", 3306: "mysql", 3389: "ms-wbt-server", 5432: "postgresql", 5900: "rfb", 5985: "wsman",
            5986: "wsmans", 6379: "redis", 6514: "syslog-tls", 8080: "http-alt", 8883: "secure-mqtt",
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

ENCRYPTED = frozenset(
    ("tcp", port) for port in (22, 443, 465, 636, 853, 990, 992, 993, 995, 2762, 3269, 5986, 6514, 8883)
)
"""TLS or SSH from the first byte, by the meaning of the number."""
