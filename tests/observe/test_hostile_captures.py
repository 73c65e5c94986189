"""Captures that somebody garbled are unreadable, never a reader that breaks."""

from io import BytesIO
from pathlib import Path

import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.observe.collector import Unreadable

CAPTURES = Path(__file__).parents[1] / "captures"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("upnp", b'["look","negatoscope-upnp/1","\xe9"]\n'),
        ("flows", b'{"format":"\xe9"}\n'),
        ("directory", b'{"of":"users","dn":"CN=a","has":{"cn":[{"c64":"YQ=="}]}}\n'),
    ],
)
def test_a_garbled_line_is_told(name: str, data: bytes) -> None:
    if name == "directory":
        whole = max((CAPTURES / "directory").glob("*.jsonl"), key=lambda path: path.stat().st_size).read_bytes()
        data = whole.partition(b"\n")[0] + b"\n" + data
    with pytest.raises(Unreadable):
        list(COLLECTORS[name].read(BytesIO(data)))
