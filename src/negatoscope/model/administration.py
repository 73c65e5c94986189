"""What is an administration interface: one table for every control that asks, and every look that meets one.

Only what is meant to change a device or a server counts. Whoever shows a web page may be a patients' portal as well as
a firewall's console: a page is told by its own words, and one that asks for a password without saying what it is stays
undecided.
"""

import re
from dataclasses import dataclass

from negatoscope.model.hosts import HostClass

BY_NAME = {
    "ssh": "SSH", "telnet": "Telnet", "telnets": "Telnet", "login": "rlogin", "shell": "rsh", "exec": "rexec",
    "ms-wbt-server": "RDP", "rdp": "RDP", "vnc": "VNC", "vnc-http": "VNC", "vnc-1": "VNC", "rfb": "VNC", "x11": "X11",
    "wsman": "WinRM", "wsmans": "WinRM", "winrm": "WinRM", "snmp": "SNMP", "asf-rmcp": "IPMI", "ipmi": "IPMI",
    "teamviewer": "TeamViewer", "anydesk": "AnyDesk", "radmin": "Radmin", "nomachine": "NoMachine",
    "rustdesk": "RustDesk", "pdl-datastream": "JetDirect", "jetdirect": "JetDirect", "printer": "LPD",
    "vmware-auth": "VMware ESXi", "ideafarm-door": "VMware ESXi", "snet-sensor-mgmt": "Webmin", "webmin": "Webmin",
    "cockpit": "Cockpit", "winbox": "MikroTik", "cwmp": "TR-069", "tr-069": "TR-069", "hp-pjl": "JetDirect",
    "ajp13": "Tomcat", "epmap": "RPC Windows", "msrpc": "RPC Windows",
}  # fmt: skip
"""IANA service names, and nmap's where IANA has none, of what exists only to administer."""
BY_PORT = {
    ("tcp", 22): "SSH", ("tcp", 23): "Telnet", ("tcp", 135): "RPC Windows", ("tcp", 512): "rexec",
    ("tcp", 513): "rlogin", ("tcp", 514): "rsh", ("tcp", 515): "LPD", ("tcp", 902): "VMware ESXi",
    ("tcp", 2323): "Telnet", ("tcp", 2222): "SSH", ("tcp", 3389): "RDP", ("tcp", 4899): "Radmin",
    ("tcp", 4786): "Smart Install", ("tcp", 5938): "TeamViewer", ("tcp", 5985): "WinRM", ("tcp", 5986): "WinRM",
    ("tcp", 5988): "WBEM", ("tcp", 5989): "WBEM", ("tcp", 7070): "AnyDesk", ("tcp", 7547): "TR-069",
    ("tcp", 8006): "Proxmox", ("tcp", 8042): "Orthanc", ("tcp", 8291): "MikroTik", ("tcp", 9090): "Cockpit",
    ("tcp", 9990): "WildFly", ("tcp", 9993): "WildFly", ("tcp", 10000): "Webmin", ("tcp", 16992): "Intel AMT",
    ("tcp", 16993): "Intel AMT", ("tcp", 17988): "iLO", ("tcp", 21116): "RustDesk",
    **{("tcp", port): "VNC" for port in (*range(5800, 5810), *range(5900, 5910))},
    **{("tcp", port): "X11" for port in range(6000, 6010)},
    **{("tcp", port): "JetDirect" for port in range(9100, 9108)},
    ("udp", 161): "SNMP", ("udp", 623): "IPMI", ("udp", 10001): "Ubiquiti",
}  # fmt: skip
"""Ports on which hardly anything else answers, where nothing said what it is."""
PRINTING_PORTS = frozenset({515, *range(9100, 9108)})
"""Whatever is sent to these ports is printed: nothing ever is."""
WEB_PORTS = frozenset({
    80, 81, 88, 443, 591, 631, 2443, 3000, 4080, 4200, 4443, 5000, 5001, 7443, 8000, 8008, 8010, 8080, 8081, 8082, 8083,
    8085, 8086, 8088, 8089, 8090, 8180, 8181, 8200, 8243, 8280, 8443, 8444, 8800, 8843, 8880, 8888, 9000, 9080, 9443,
    10443, 11443,
})  # fmt: skip
"""Ports on which a web page is most likely: a page's own words tell what it is."""
WEB_NAMES = frozenset({
    "http", "https", "http-alt", "https-alt", "http-proxy", "www", "http-mgmt", "ipp", "sun-answerbook", "ppp", "upnp",
})  # fmt: skip
WEB_CONSOLES = frozenset({8006, 8042, 9090, 9990, 9993, 10000, 16992, 16993})
"""Ports of ``BY_PORT`` that show web pages."""
LOG_INS = {"ssh": "ssh", "telnet": "telnet", "ftp": "ftp"}
LOG_IN_PORTS = {21: "ftp", 22: "ssh", 23: "telnet", 2222: "ssh", 2323: "telnet"}
DEVICES = frozenset({HostClass.NETWORK, HostClass.PRINTER, HostClass.OTHER})
UNSURE = frozenset({None, "", "unknown", "tcpwrapped"})
"""Names that nmap gives where it does not know."""
PRODUCTS = (
    (r"orthanc", "Orthanc"), (r"dcm4chee", "dcm4chee"), (r"idrac|integrated dell remote", "iDRAC"),
    (r"\bilo\b|integrated lights-out", "iLO"), (r"supermicro", "Supermicro"),
    (r"megarac|\bipmi\b|\bbmc\b", "IPMI"), (r"\bapc\b|network management card", "APC"),
    (r"vmware|esxi|vsphere|vcenter", "VMware"), (r"proxmox", "Proxmox"), (r"xenserver|xcp-ng|xen orchestra", "Xen"),
    (r"hyper-v", "Hyper-V"), (r"pfsense", "pfSense"), (r"opnsense", "OPNsense"), (r"fortigate|fortinet", "FortiGate"),
    (r"sonicwall", "SonicWall"), (r"sophos|\bxg firewall\b", "Sophos"), (r"watchguard|fireware", "WatchGuard"),
    (r"stormshield", "Stormshield"), (r"zyxel|zywall", "Zyxel"), (r"mikrotik|routeros|webfig", "MikroTik"),
    (r"unifi|ubiquiti|airos|edgeos", "Ubiquiti"), (r"omada|tp-link|tplink", "TP-Link"), (r"netgear|prosafe", "Netgear"),
    (r"d-link", "D-Link"), (r"\bcisco\b|\blevel_15|ios http|meraki", "Cisco"), (r"aruba|procurve", "Aruba"),
    (r"juniper|j-web", "Juniper"), (r"huawei", "Huawei"), (r"draytek|vigor", "DrayTek"), (r"openwrt|luci\b", "OpenWrt"),
    (r"livebox", "Livebox"), (r"freebox", "Freebox"), (r"bbox", "Bbox"), (r"\bsfr\b.*box|neufbox", "SFR Box"),
    (r"fritz!?box", "FRITZ!Box"), (r"synology|diskstation", "Synology"), (r"qnap|qts\b", "QNAP"),
    (r"truenas|freenas", "TrueNAS"), (r"webmin|usermin", "Webmin"), (r"cockpit", "Cockpit"), (r"plesk", "Plesk"),
    (r"cpanel|\bwhm\b", "cPanel"), (r"phpmyadmin", "phpMyAdmin"), (r"pgadmin", "pgAdmin"), (r"adminer", "Adminer"),
    (r"portainer", "Portainer"), (r"jenkins", "Jenkins"), (r"grafana", "Grafana"), (r"kibana", "Kibana"),
    (r"tomcat.*manager|manager application|host manager", "Tomcat"), (r"wildfly|jboss", "WildFly"), (r"glpi", "GLPI"),
    (r"zabbix", "Zabbix"), (r"nagios|centreon", "Centreon"), (r"veeam", "Veeam"), (r"\bcups\b", "CUPS"),
    (r"laserjet|officejet|hp-chaisoe|embedded web server|\bews\b", "HP"), (r"brother", "Brother"),
    (r"\bepson", "Epson"), (r"\bcanon\b|remote ui", "Canon"), (r"kyocera|command center", "Kyocera"),
    (r"ricoh|web image monitor", "Ricoh"), (r"lexmark", "Lexmark"), (r"xerox|centreware", "Xerox"),
    (r"konica|pagescope|bizhub", "Konica Minolta"), (r"syncthru", "Samsung"), (r"hikvision", "Hikvision"),
    (r"\bdahua", "Dahua"), (r"\baxis\b", "Axis"),
    (r"\bvnc\b|guacamole", "VNC"), (r"rd ?web|remote desktop", "RDP"), (r"anydesk", "AnyDesk"),
    (r"console d.administration|admin(istration)? (console|login)|management console|web ?admin", "administration"),
    (r"terminal access|device management|switch|router", "administration"),
)  # fmt: skip
"""Words of a page's title, of the realm of its log-in, of its server's name; the first that fits names the product."""
_KNOWN = tuple((re.compile(words, re.IGNORECASE), name) for words, name in PRODUCTS)


@dataclass(frozen=True, slots=True)
class Page:
    """What a web server showed of itself to who only asked for its first page."""

    status: int | None = None
    title: str = ""
    realm: str = ""
    """Of its log-in (RFC 7235)."""
    server: str = ""
    location: str = ""
    """Where it sends its visitor on."""
    asks_password: bool = False
    scripted: bool = False
    """Hardly any words, or not all of it was read: it is drawn by a program, and may ask for anything."""


@dataclass(frozen=True, slots=True)
class Interface:
    """``administers``: yes, no, or ``None``: it may be. ``product``: what it is the interface of, where known."""

    administers: bool | None
    product: str | None = None


def interface(
    protocol: str, port: int, name: str | None, product: str | None = None, page: Page | None = None
) -> Interface:
    """Say whether what answers on a port administers a device, by what it said, else by its port."""
    if page is not None:
        return of_page(page, port)
    if name not in UNSURE and name not in WEB_NAMES:
        known = BY_NAME.get(name or "")
        return Interface(known is not None, known)
    likely = product_in(product or "") or BY_PORT.get((protocol, port))
    return Interface(True if likely else None, likely)


def of_page(page: Page, port: int) -> Interface:
    """Say whether a web page administers something, by its own words."""
    known = product_in(f"{page.title} {page.realm} {page.server} {page.location}")
    by_port = BY_PORT.get(("tcp", port))
    if known or by_port:
        return Interface(administers=True, product=known or by_port)
    undecided = page.asks_password or page.scripted or bool(page.realm) or page.status in {None, 401, 403}
    return Interface(None if undecided or page.location else False)


def product_in(words: str) -> str | None:
    """Name the product that these words speak of."""
    return next((name for known, name in _KNOWN if known.search(words)), None)


def log_in_by(port: int, name: str | None, host_class: HostClass | None) -> str | None:
    """The protocol by which a service lets in with a maker's own log-in, if it is of those that have one.

    SSH on a server is its system's, whose accounts are people's: devices alone come with a log-in of their maker.
    """
    known = LOG_INS.get(name or "") if name not in UNSURE else LOG_IN_PORTS.get(port)
    if name in WEB_NAMES or (name in UNSURE and known is None and (port in WEB_PORTS or port in WEB_CONSOLES)):
        return "http"
    return None if known == "ssh" and host_class not in DEVICES else known
