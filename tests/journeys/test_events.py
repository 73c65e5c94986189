"""Logs sent to a whole console, whose process that takes them is killed again and again."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import segments

HOST = "127.0.0.1"
TOKEN = """
import django
django.setup()
from negatoscope.cli.desk import console
from negatoscope.flows.tokens import make
print(make(console(), "terminal:essai", "events", "serveur"))
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


@contextmanager
def running(environment: dict[str, str], data: Path) -> Iterator[tuple["subprocess.Popen[str]", int, str]]:
    """A whole console; its process, the port of ``_bulk``, and a token."""
    bulk = free_port()
    with (data / "negatoscope.toml").open("a") as settings:
        settings.write(f'port = {free_port()}\nbulk = "{HOST}:{bulk}"\nsyslog = "{HOST}:{free_port()}"\n')
    django = environment | {"DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    made = subprocess.run([sys.executable, "-c", TOKEN], env=django, capture_output=True, text=True, check=True)
    command = [sys.executable, "-m", "negatoscope", "run"]
    with (data / "run.log").open("w") as log:
        console = subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)
    try:
        yield console, bulk, made.stdout.strip()
    finally:
        console.terminate()
        console.wait(30)


def events_process(console: "subprocess.Popen[str]") -> int | None:
    """The child of this console that takes logs."""
    told = Path(f"/proc/{console.pid}/task/{console.pid}/children")
    threads = Path(f"/proc/{console.pid}/task").glob("*/children")
    children = {int(one) for file in (told, *threads) for one in file.read_text().split()}
    for child in children:
        with suppress(OSError):
            if b"\0events\0" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
    return None


def answered(port: int, token: str, number: int) -> bool:
    """Post three records; whether they were acknowledged."""
    body = "".join(f'{{"create":{{}}}}\n{{"n":"{number}-{k}"}}\n' for k in range(3))
    call = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        call.request("POST", "/_bulk", body, {"Authorization": f"Bearer {token}", "User-Agent": "essai"})
        said = call.getresponse()
        return said.status == 200 and not json.loads(said.read())["errors"]
    except (OSError, http.client.HTTPException):
        return False
    finally:
        call.close()


def killed(environment: dict[str, str], data: Path, chance: random.Random, kills: int) -> None:
    acknowledged: list[int] = []
    over = threading.Event()
    with running(environment, data) as (console, port, token):

        def send() -> None:
            number = 0
            while not over.is_set():
                if answered(port, token, number):  # else the same is sent again
                    acknowledged.append(number)
                    number += 1
                else:
                    time.sleep(0.05)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            for _ in range(kills):
                wait_for_more(acknowledged)
                time.sleep(chance.uniform(0, 0.3))
                process = events_process(console)
                assert process is not None
                os.kill(process, signal.SIGKILL)
            wait_for_more(acknowledged)
        finally:
            over.set()
            sender.join()
    kept = data.parent / "kept"
    kept.mkdir()
    for one in segments(data / "spool" / "events" / "doors"):  # also what the watch has read by now
        shutil.copy(one.path, kept)
    batch = Reader(kept).read(10**6)
    found = [json.loads(raw.data)["n"] for raw in batch.records]
    assert batch.missing == 0
    assert len(found) == len(set(found))
    assert {f"{number}-{k}" for number in acknowledged for k in range(3)} <= set(found)


def wait_for_more(acknowledged: list[int]) -> None:
    """Until some more posts were answered."""
    ends, before = time.monotonic() + 60, len(acknowledged)
    while len(acknowledged) <= before + 5:
        if time.monotonic() > ends:
            pytest.fail("too late")
        time.sleep(0.05)


def test_a_killed_process_is_begun_again_and_nothing_acknowledged_is_lost(
    environment: dict[str, str], data: Path
) -> None:
    killed(environment, data, random.Random(1), 1)


@pytest.mark.torture
def test_twenty_kills_lose_nothing_and_double_nothing(environment: dict[str, str], data: Path) -> None:
    killed(environment, data, random.Random(2), 20)
