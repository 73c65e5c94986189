"""What real servers write, on this machine: OpenSSH and Orthanc, each refused and let in once."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncssh
import pytest

from negatoscope.model.event import Action, Event
from tests.needs import needs_program, needs_root
from tests.observe.nodes import HERE, free_port, wait_for
from tests.watch.sources.reading import holds, said

pytestmark = pytest.mark.server
SETTINGS = """Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/known
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
"""


@contextmanager
def writing(log: Path, *words: str) -> Iterator[None]:
    """A server whose words go to a file."""
    with log.open("wb") as file:
        process = subprocess.Popen(words, stdout=file, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.kill()
            process.wait(10)


def wrote(log: Path, head: str = "") -> list[Event]:
    return [said(f"{head}{line}") for line in log.read_text("utf-8", "replace").splitlines()]


def until(log: Path, words: str) -> None:
    end = time.monotonic() + 10
    while words not in log.read_text("utf-8", "replace"):
        assert time.monotonic() < end, log.read_text("utf-8", "replace")
        time.sleep(0.05)


def test_a_real_openssh_tells_who_came_in_and_who_was_refused(tmp_path: Path) -> None:
    needs_root()
    sshd = needs_program("sshd")
    Path("/run/sshd").mkdir(exist_ok=True)
    key, port, log = asyncssh.generate_private_key("ssh-ed25519"), free_port(), tmp_path / "log"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "host"))
    (tmp_path / "host").chmod(0o600)
    key.write_public_key(str(tmp_path / "known"))
    (tmp_path / "settings").write_text(SETTINGS.format(port=port, folder=tmp_path))

    async def comes(user: str, **more: object) -> None:
        with suppress(asyncssh.Error):
            way = asyncssh.connect(HERE, port, username=user, known_hosts=None, config=None, agent_path=None, **more)
            async with way as connection:
                await connection.run("true")

    with writing(log, sshd, "-D", "-e", "-f", str(tmp_path / "settings")):
        wait_for(port)
        asyncio.run(comes("root", client_keys=[key]))
        asyncio.run(comes("absent", client_keys=[], password="faux"))
        asyncio.run(comes("root", client_keys=[asyncssh.generate_private_key("ssh-ed25519")]))
        until(log, "Failed password for invalid user absent")
        until(log, "by authenticating user root")
    logons = [event for event in wrote(log, "Nov 22 18:40:00 srv sshd[9]: ") if event.action is Action.LOGON]
    told = {(event.user, event.ok, event.why) for event in logons}
    assert ("root", True, None) in told
    assert {("absent", False, "unknown_account"), ("root", False, "gave_up")} <= told
    assert {(event.source, event.protocol, event.host) for event in logons} == {(HERE, "ssh", "srv")}


def test_a_real_orthanc_tells_which_title_asked_and_which_was_refused(tmp_path: Path) -> None:
    from pydicom.dataset import Dataset  # noqa: PLC0415 -- takes half a second
    from pynetdicom import AE  # noqa: PLC0415 -- the same

    question = Dataset()
    question.QueryRetrieveLevel = "STUDY"
    question.StudyInstanceUID = ""
    port, log = free_port(), tmp_path / "log"
    config = {
        "StorageDirectory": str(tmp_path), "IndexDirectory": str(tmp_path), "HttpServerEnabled": False, "Plugins": [],
        "DicomPort": port, "DicomAet": "PACS", "DicomModalities": {"ct": ["CT1", HERE, 104]},
    }  # fmt: skip
    (tmp_path / "orthanc.json").write_text(json.dumps(config))
    with writing(log, needs_program("Orthanc", "orthanc"), "--verbose", str(tmp_path / "orthanc.json")):
        wait_for(port)
        for title, model in (("CT1", "1.2.840.10008.1.1"), ("INTRUS", "1.2.840.10008.5.1.4.1.2.2.1")):
            entity = AE(ae_title=title)
            entity.add_requested_context(model)
            asked = entity.associate(HERE, port, ae_title="PACS")
            if title == "CT1":
                asked.send_c_echo()
            else:
                [*asked.send_c_find(question, model)]
            asked.abort()
        until(log, "authorization rejected")
    events = wrote(log)
    assert {event.product for event in events} == {"orthanc"}
    came, refused = (next(event for event in events if event.ok is ok) for ok in (True, False))
    holds(came, action=Action.ASSOCIATION, user="CT1", source=HERE, protocol="dicom")
    holds(refused, action=Action.ASSOCIATION, user="INTRUS", source=HERE, why="not_allowed")
