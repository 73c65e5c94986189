"""The one table of administration interfaces: yes, no, and what stays undecided."""

import pytest

from negatoscope.model.administration import Interface, Page, interface

YES, NO, MAYBE = True, False, None


@pytest.mark.parametrize(
    ("protocol", "port", "name", "product", "expected"),
    [
        ("tcp", 22, "ssh", "OpenSSH", Interface(YES, "SSH")),
        ("tcp", 8022, "ssh", None, Interface(YES, "SSH")),
        ("tcp", 3389, None, None, Interface(YES, "RDP")),
        ("tcp", 3389, "unknown", None, Interface(YES, "RDP")),
        ("udp", 161, "snmp", None, Interface(YES, "SNMP")),
        ("udp", 623, None, None, Interface(YES, "IPMI")),
        ("tcp", 25, "smtp", "Postfix smtpd", Interface(NO)),
        ("tcp", 3389, "http", None, Interface(YES, "RDP")),
        ("tcp", 443, "https", None, Interface(MAYBE)),
        ("tcp", 443, "https", "VMware ESXi SOAP API", Interface(YES, "VMware")),
        ("tcp", 8042, "http", None, Interface(YES, "Orthanc")),
        ("tcp", 12345, None, None, Interface(MAYBE)),
        ("tcp", 53, "domain", "MikroTik RouterOS named", Interface(NO)),
    ],
)
def test_a_service_is_told_by_its_name_then_by_its_port(
    protocol: str, port: int, name: str | None, product: str | None, expected: Interface
) -> None:
    assert interface(protocol, port, name, product) == expected


@pytest.mark.parametrize(
    ("page", "port", "expected"),
    [
        (Page(200, title="HP LaserJet M402"), 80, Interface(YES, "HP")),
        (Page(401, realm="Orthanc Secure Area"), 443, Interface(YES, "Orthanc")),
        (Page(401, realm="Espace patients"), 443, Interface(MAYBE)),
        (Page(200, title="Vos résultats", asks_password=True), 443, Interface(MAYBE)),
        (Page(200, title="Centre d’imagerie", scripted=True), 443, Interface(MAYBE)),
        (Page(302, location="https://portail.example/"), 80, Interface(MAYBE)),
        (Page(302, location="/ui/login?product=pfSense"), 443, Interface(YES, "pfSense")),
        (Page(200, title="Centre d’imagerie du Port"), 443, Interface(NO)),
        (Page(200, title="Bienvenue"), 10000, Interface(YES, "Webmin")),
        (Page(), 443, Interface(MAYBE)),
        (Page(200, title="PRAXIS"), 443, Interface(NO)),
    ],
)
def test_a_page_is_told_by_its_own_words(page: Page, port: int, expected: Interface) -> None:
    assert interface("tcp", port, "http", page=page) == expected
