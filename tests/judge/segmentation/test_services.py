import pytest

from negatoscope.judge.segmentation.addresses import shown, stretch
from negatoscope.judge.segmentation.services import Services


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (("tcp/104,2762", "udp/53"), ("tcp/104,2762", "udp/53")),
        (("tcp/80-90", "tcp/91"), ("tcp/80-91",)),
        (("icmp", "17"), ("icmp", "udp")),
        (("tcp/80", "any"), ("any",)),
    ],
)
def test_services_are_read_as_people_write_them(texts: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert Services.of(*texts).texts() == told


@pytest.mark.parametrize("text", ["tcp/70000", "tcp/9-1", "tcp/web"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Services.of(text)


def test_services_are_compared_as_sets() -> None:
    web, both = Services.of("tcp/80,443"), Services.of("tcp/443", "udp/443")
    assert web.minus(both).texts() == ("tcp/80",)
    assert web.both(both).texts() == ("tcp/443",)
    assert Services.of("any").minus(web).texts() == ("any", "-tcp/80,443")
    assert Services.of("any").minus(Services.of("tcp")).plus(web).of_protocol("tcp") == ((80, 80), (443, 443))
    assert not Services.of("any").minus(Services.of("any"))


@pytest.mark.parametrize("text", ["10.0.0.9-10.0.0.1", "10.0.0.1-fd00::1", "maj.exemple.invalid"])
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        stretch(text)


def test_stretches_are_shown_as_networks_where_they_are() -> None:
    assert shown(4, *stretch("10.0.0.4/30")[1:]) == "10.0.0.4/30"
    assert shown(6, *stretch("fd00::/64")[1:]) == "fd00::/64"
    assert shown(4, *stretch("10.0.0.1-10.0.0.4")[1:]) == "10.0.0.1-10.0.0.4"
