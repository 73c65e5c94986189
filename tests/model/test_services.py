"""What one zone may ask of another, as people write it."""

import pytest

from negatoscope.model.services import NoService, service


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("tcp/104", "tcp/104"),
        (" TCP / 8443, 443 ", "tcp/443,8443"),
        ("tcp:80-82,83,90", "tcp/80-83,90"),
        ("udp/53", "udp/53"),
        ("ping", "icmp"),
        ("tcp", "tcp"),
        ("tout", "any"),
        ("any", "any"),
    ],
)
def test_a_service_is_written_in_one_form(said: str, known: str) -> None:
    assert service(said) == known
    assert service(known) == known


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "service_unknown"),
        ("104", "service_unknown"),
        ("dicom", "service_unknown"),
        ("tcp/", "service_ports"),
        ("tcp/0", "service_ports"),
        ("tcp/70000", "service_ports"),
        ("tcp/90-80", "service_ports"),
        ("tcp/104;2762", "service_ports"),
        ("icmp/8", "service_without_ports"),
    ],
)
def test_what_names_no_service_says_why(said: str, code: str) -> None:
    with pytest.raises(NoService) as refused:
        service(said)
    assert refused.value.code == code
