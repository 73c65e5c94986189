"""Looks at two real servers over SSH, as the demonstration keeps them: found again on any machine, without root."""

from io import BytesIO
from pathlib import Path

import zstandard

from negatoscope.flows.storytelling import HERE
from negatoscope.model.evidence import Sweep
from negatoscope.observe.linux.read import read
from tests.flaws import Flaw, found, listed
from tests.judge.memory import AT, of

SOCKETS = {"R18.1", "R23.1"}
"""Nothing but sshd listened while these were recorded."""

STOPPED = Flaw("R14.2", "host/@")
"""The file that stops automatic updates is seen where their program is installed, as on these two."""


def told(name: str) -> tuple[bytes, set[Flaw]]:
    packed = (HERE / f"{name}.linux.jsonl.zst").read_bytes()
    data = zstandard.ZstdDecompressor().stream_reader(packed).read()
    return data, found(of([*read(BytesIO(data)), Sweep("Host"), Sweep("Person")], AT), AT)


def test_each_planted_flaw_is_found_in_a_recorded_look_and_none_is_invented() -> None:
    planted = {one for one in listed(Path(__file__).with_name("flaws.toml"), "forgotten") if one.control not in SOCKETS}
    (_, sound), (_, forgotten) = told("supervision"), told("srv-sauvegarde")
    assert planted | {STOPPED} == forgotten - sound


def test_a_recorded_look_keeps_no_secret() -> None:
    for name in ("supervision", "srv-sauvegarde"):
        data, _ = told(name)
        assert b"$y$" not in data
        assert b"PRIVATE KEY" not in data
