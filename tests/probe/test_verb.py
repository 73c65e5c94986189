"""What the terminal says: in French or English, what is wrong and what to do, with the exit codes of every verb."""

from __future__ import annotations

import errno
import re
import socket
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from negatoscope.cli import probing
from negatoscope.config import DATA_VARIABLE
from negatoscope.probe import home as homes
from negatoscope.probe import messages, running, signed
from negatoscope.probe.home import Home
from negatoscope.probe.messages import Handed, Receipt, Task
from tests.probe.door import MINUTE, Console, Door, now
from tests.probe.working import seal, spool_of

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "probe"))

    def run(*words: str) -> tuple[int, str]:
        code = probing.main(words)
        out = capsys.readouterr()
        return code, out.out + out.err

    return run


def test_a_probe_from_its_enrolment_to_its_end(say: Say, console: Console, tmp_path: Path) -> None:
    assert say("status")[0] == 1
    assert "n’est pas enrôlée" in say("run")[1]
    assert say("enrol", console.address)[0] == 2
    assert "huit groupes" in say("enrol", console.address, "ABCD")[1]
    code, out = say("enrol", console.address, console.new_code())
    assert (code, console.id in out) == (0, True)
    assert say("enrol", console.address, console.new_code())[0] == 1
    home = Home(tmp_path / "probe")
    seal(home, spool_of(home), b"x")
    code, out = say("status")
    told = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in out.splitlines())
    assert (told["Sonde"], told["Colis en attente"], told["Dernier contact"]) == (console.id, "1", "jamais")
    console.order("teleport")
    assert say("run", "--once")[0] == 0
    code, out = say("status")
    assert "Colis en attente" in out
    assert "jamais" not in out
    code, out = say("forget")
    assert (code, "--yes" in out) == (2, True)
    assert say("forget", "--yes")[0] == 0
    assert "n’est pas enrôlée" in say("status")[1]


def test_what_goes_wrong_is_one_sentence(
    say: Say, console: Console, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.revoked = True
    assert "révoqué" in say("run", "--once")[1]
    console.revoked = False

    def breaks(asked: Door) -> bool:
        asked.say(500)
        return True

    console.bend = breaks
    code, out = say("run", "--once")
    assert (code, "status_500" in out) == (1, True)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    home.settle(msgspec.structs.replace(home.identity(), console=f"https://127.0.0.1:{port}"))
    code, out = say("run", "--once")
    assert (code, f"127.0.0.1:{port}" in out, out.count("\n")) == (1, True, 1)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "does not answer" in say("run", "--once")[1]
    home.note(msgspec.structs.replace(home.state(), trouble="unreachable"))
    assert "does not answer" in say("status")[1]
    home.note(msgspec.structs.replace(home.state(), trouble="parcel_refused"))
    assert "parcel_refused" in say("status")[1]
    for error, expected in (
        (OSError(errno.ENOSPC, "full"), 4),
        (OSError(errno.EIO, "broken"), 1),
        (KeyboardInterrupt(), 130),
    ):
        monkeypatch.setattr(running, "once", _raises(error))
        assert say("run", "--once")[0] == expected


def _raises(error: BaseException) -> Callable[[object], int]:
    def once(_probe: object) -> int:
        raise error

    return once


def test_a_probe_without_network_from_its_file_to_its_receipt(say: Say, console: Console, tmp_path: Path) -> None:
    file, medium = tmp_path / "handed", tmp_path / "medium"
    medium.mkdir()
    recipients = (str(console.identity.to_public()),)
    file.write_bytes(msgspec.json.encode(Handed(console.id, console.signer.pem, recipients, "00112233445566778899")))
    assert say("enrol", "--file", str(file))[0] == 0
    assert "sans réseau" in say("run")[1]
    assert "par support" in say("status")[1]
    task = tmp_path / "task"
    order = console.order("teleport", "here")
    task.write_bytes(signed.sign(messages.TASK, Task(console.id, now(), now() + MINUTE, (order,)), console.signer.key))
    assert "Relevés scellés\u00a0: 1" in say("run", "--task", str(task))[1]
    assert say("export", str(medium))[0] == 0
    assert {one.suffix for one in medium.iterdir()} == {".parcel", ".request"}
    home = Home(tmp_path / "probe")
    signed_in = console.signer.signs(home.key().public_key(), console.id)
    receipt = Receipt(console.id, now(), (), signed_in)
    named = medium / messages.RECEIPT_NAME.format(probe=console.id)
    named.write_bytes(signed.sign(messages.RECEIPT, receipt, console.signer.key))
    assert say("export", str(medium))[0] == 0
    assert (home.identity().secret, home.identity().certificate) == ("", signed_in)
    assert not list(medium.glob("*.request"))
    assert say("export", str(tmp_path / "nowhere"))[0] == 1


def test_every_trouble_has_its_words_and_every_sentence_both_languages() -> None:
    words = tomllib.loads((Path(homes.__file__).parent / "words.toml").read_text("utf-8"))
    shelves = [{name: one for name, one in words.items() if "fr" in one}, words["status"], words["troubles"]]
    fields = string.Formatter().parse
    for shelf in shelves:
        for name, one in shelf.items():
            assert {f[1] for f in fields(one["fr"])} == {f[1] for f in fields(one["en"])}, name
            assert not re.search(r" [:;?!»]|« ", one["fr"]), name
    sources = "".join(path.read_text() for path in Path(homes.__file__).parent.glob("*.py"))
    raised = set(re.findall(r"Trouble\(\"(\w+)\"", sources))
    assert raised <= set(words["troubles"])
    tells = set(re.findall(r"tell\(\"(\w+)\"", sources + Path(probing.__file__).read_text()))
    assert tells <= set(words)
