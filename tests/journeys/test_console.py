"""``negatoscope run``: one process group that starts, is found by a second start, and stops cleanly."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.databases import configure
from tests.journeys.conftest import Run
from tests.needs import needs_program

LONG = "un mot de passe assez long"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "negatoscope", "run"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = child.stdout.readline()
            assert line, said
            said += line
        yield child, said
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.stdout.close()
        child.wait()


def answer(url: str, context: ssl.SSLContext | None = None) -> tuple[int, str]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, context=context, timeout=60) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def in_group(group: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def test_a_console_starts_is_found_and_stops_cleanly(negatoscope: Run, environment: dict[str, str], data: Path) -> None:
    configure(data, f"port = {free_port()}\n")
    with running(environment) as (child, said):
        link = re.search(r"http://localhost:\d+/premier/[\w-]+/", said)
        assert link
        status, page = answer(link.group())
        assert status == 200
        assert "<form" in page
        second = negatoscope("run")
        assert second.returncode == 0
        assert link.group().split("premier")[0] in second.stdout
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
        time.sleep(0.3)
        assert in_group(child.pid) == []
    third = negatoscope("ledger", "export", str(data.parent / "x.jsonl"))
    assert third.returncode == 0


def test_a_restart_logs_nobody_out_not_even_after_the_very_first_start(environment: dict[str, str], data: Path) -> None:
    configure(data, f"port = {free_port()}\n")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with running(environment) as (child, said):
        link = re.findall(r"http://localhost:\d+/premier/[\w-]+/", said)[0]
        answer(link)
        forged = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.open(link).read().decode())[0]
        told = {"name": "Claire Vidal", "username": "cvidal", "password": LONG, "again": LONG}
        browser.open(link, urlencode(told | {"csrfmiddlewaretoken": forged}).encode())
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
    with running(environment):
        home = f"{link.partition('premier')[0]}personnes/"
        answer(home)
        assert browser.open(home).url == home


def test_the_loop_does_not_outlive_a_killed_console(environment: dict[str, str], data: Path) -> None:
    configure(data, f"port = {free_port()}\n")
    with running(environment) as (child, _said):
        time.sleep(2)
        os.kill(child.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while in_group(child.pid) and time.monotonic() < deadline:
            time.sleep(0.3)
        assert in_group(child.pid) == []


def test_beyond_loopback_without_tls_it_refuses_to_start(negatoscope: Run, data: Path) -> None:
    configure(data, f'host = "0.0.0.0"\nport = {free_port()}\n')
    refused = negatoscope("run")
    assert refused.returncode == 1
    assert "TLS" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_with_tls_it_serves_https(environment: dict[str, str], data: Path, tmp_path: Path) -> None:
    needs_program("openssl")
    port = free_port()
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    configure(data, f'host = "0.0.0.0"\nport = {port}\n[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n')
    with running(environment):
        context = ssl.create_default_context(cafile=str(certificate))
        assert answer(f"https://localhost:{port}/sante/", context)[0] == 200


def test_an_occupied_port_is_named_with_the_remedy(negatoscope: Run, data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        configure(data, f"port = {other.getsockname()[1]}\n")
        refused = negatoscope("run")
    assert refused.returncode == 1
    assert "negatoscope.toml" in refused.stderr


@pytest.mark.parametrize(
    "text", ["port = 'x'", "prot = 8000", "[[[", "database = 'postgresql://x@127.0.0.1/x?sslmood=no'"]
)
def test_a_wrong_configuration_is_refused_by_name(negatoscope: Run, data: Path, text: str) -> None:
    configure(data, text)
    refused = negatoscope("run")
    assert refused.returncode == 2
    assert "negatoscope.toml" in refused.stderr
    assert "Traceback" not in refused.stderr
