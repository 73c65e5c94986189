"""The probe at work: real looks in processes of their own, against a console that keeps the contract, or does not."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pyrage
import pytest

from negatoscope.model.evidence import Gap
from negatoscope.observe.collector import Login, Unreachable
from negatoscope.probe import carrying, looking, messages, parcel, running, signed
from negatoscope.probe import spool as spools
from negatoscope.probe.home import Home, Trouble
from negatoscope.probe.link import Answered, NoLink
from negatoscope.probe.messages import Order, Receipt, Received, Task
from negatoscope.probe.working import sound
from tests.probe.door import MINUTE, Console, Door, door, now
from tests.probe.working import LOOPBACK, probe, received, seal, spool_of

GRACE = 60.0


def whys(console: Console) -> list[str]:
    return [gap.why for one in console.registered for gap in one.manifest.gaps]


def test_an_order_becomes_a_parcel_that_the_console_opens(home: Home, console: Console) -> None:
    order = console.order("vantage", "127.0.0.1", **LOOPBACK)
    assert running.once(probe(home)) == 0
    (one,) = console.registered
    assert (one.manifest.order, one.manifest.collector, one.manifest.target) == (order.number, "vantage", "127.0.0.1")
    assert one.manifest.complete
    assert list(looking.COLLECTORS["vantage"].read(io.BytesIO(one.capture)))
    assert one.manifest.started <= one.manifest.ended <= now()
    assert list(home.spool.iterdir()) == [home.spool / "chain.json"]
    assert running.once(probe(home)) == 0
    assert len(console.registered) == 1


NONSENSE = [
    ("teleport", "127.0.0.1", {}, "collector_unknown"),
    ("declared", "register", {}, "collector_unknown"),
    ("vantage", "127.0.0.1", {"declared": ["10.0.0.0/8"]}, "outside_declared_networks"),
    ("vantage", "127.0.0.1", {}, "outside_declared_networks"),
    ("vantage", "--script=all", LOOPBACK, "not_an_address"),
    ("vantage", "127.0.0.1", {"ports": "no ports"}, "settings_refused"),
    ("vantage", "127.0.0.1", {"surprise": 1}, "settings_refused"),
    ("nmap", "192.0.2.0/24", {"declared": ["127.0.0.0/8"]}, "outside_declared_networks"),
    ("dicom", "127.0.0.1", {"declared": ["127.0.0.0/8"]}, "maybe_modality"),
]


@pytest.mark.parametrize(("collector", "target", "settings", "why"), NONSENSE)
def test_an_order_that_may_not_be_carried_out_sends_nothing_and_says_why(
    tmp_path: Path, collector: str, target: str, settings: dict[str, object], why: str
) -> None:
    key = pyrage.x25519.Identity.generate()
    order = Order(1, collector, target, settings, now())
    told = looking.Told(order, (str(key.to_public()),), str(tmp_path / "body"))
    looking.look(told, now, lambda _done, _total: None)
    with (tmp_path / "body").open("rb") as body:
        manifest = parcel.open_body(body, str(key), io.BytesIO())
    assert not manifest.complete
    assert [(gap.why, gap.values["whole"]) for gap in manifest.gaps] == [(why, True)]


def test_an_order_that_comes_late_or_is_of_no_collector_starts_nothing(home: Home, console: Console) -> None:
    console.orders.append(Order(50, "vantage", "127.0.0.1", LOOPBACK, now() - MINUTE))
    console.orders.append(Order(51, "teleport", "127.0.0.1", LOOPBACK, now() + MINUTE))
    running.once(probe(home))
    assert whys(console) == ["order_late", "collector_unknown"]


def test_a_probe_whose_clock_is_late_still_refuses_a_late_order(home: Home, console: Console) -> None:
    """By the console's clock the order has ended; ours is an hour behind."""
    late = probe(home, lambda: now() - 60 * MINUTE)
    console.orders.append(Order(1, "vantage", "127.0.0.1", LOOPBACK, now() - MINUTE))
    running.once(late)
    assert whys(console) == ["order_late"]


@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b"{}", b"\xff", b'{"number":0}', b"x" * (messages.MAX_MESSAGE + 1)],
)
def test_an_order_that_makes_no_sense_is_not_begun(home: Home, console: Console, body: bytes) -> None:
    def bend(asked: Door) -> bool:
        if asked.path != messages.ORDER_PATH:
            return False
        asked.send_response(200)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)
        return True

    console.bend = bend
    with pytest.raises(NoLink, match="not_understood"):
        running.once(probe(home))


def test_numbers_and_sizes_of_orders_are_checked(home: Home) -> None:
    good = Order(1, "vantage", "127.0.0.1", {}, now())
    change = msgspec.structs.replace
    assert sound(good)
    for bad in (
        change(good, number=0),
        change(good, number=1 << 60),
        change(good, minutes=0),
        change(good, minutes=100_000),
        change(good, until=now().replace(tzinfo=None)),
        change(good, target="x" * 501),
        change(good, collector="x" * 41),
        change(good, settings={"x": "y" * 3_000_000}),
    ):
        assert not sound(bad)


@pytest.mark.parametrize("how", ["drips", "headers", "redirects", "endless", "hangs up"])
def test_a_hostile_console_holds_nothing_up(
    home: Home, console: Console, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negatoscope.probe.link.ANSWER_SECONDS", 0.5)
    elsewhere = socket.create_server(("127.0.0.1", 0))
    elsewhere.settimeout(0.01)

    def bend(asked: Door) -> bool:
        if how == "redirects":
            asked.say(302, None, Location=f"https://127.0.0.1:{elsewhere.getsockname()[1]}/")
            return True
        if how == "hangs up":
            asked.close_connection = True
            return True
        until = time.monotonic() + 5
        asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if how != "headers":
            asked.wfile.write(b"Content-Type: x\r\n\r\n")
        chunk = {"drips": b"x", "headers": b"A: b\r\n", "endless": b"x" * 60_000}[how]
        while time.monotonic() < until:
            asked.wfile.write(chunk)
            time.sleep(0 if how == "endless" else 0.02)
        return True

    console.bend = bend
    begun = time.monotonic()
    with pytest.raises((NoLink, Answered)):
        running.once(probe(home))
    assert time.monotonic() - begun < 3
    with pytest.raises(TimeoutError):
        elsewhere.accept()
    elsewhere.close()


def test_a_look_that_is_called_off_leaves_nothing(home: Home, console: Console) -> None:
    order = console.order("vantage", "127.0.0.1", declared=["127.0.0.0/8"], ports="1-2000", packets_per_second=20)
    console.cancelled.add(order.number)
    console.next_order = lambda holds: None if order.number in holds or len(console.seen) > 20 else order  # type: ignore[method-assign]
    running.once(probe(home))
    assert not console.registered
    assert not [path for path in home.spool.iterdir() if path.name != "chain.json"]


def start(home: Home, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "negatoscope", "--data", str(home.folder), "probe", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + GRACE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def looks_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_probe_killed_in_mid_look_leaves_no_process_and_looks_again(home: Home, console: Console) -> None:
    slow = {"declared": ["127.0.0.0/8"], "ports": "1-5000", "packets_per_second": 5}
    console.order("vantage", "127.0.0.1", **slow)
    running_probe = start(home, "run", "--every", "0.1")
    wait_until(lambda: list(home.spool.glob(".new-*")))
    (look,) = looks_of(running_probe.pid)
    running_probe.kill()
    running_probe.communicate()
    wait_until(lambda: not Path(f"/proc/{look}").exists() or "Z" in Path(f"/proc/{look}/stat").read_text())
    console.orders[0] = msgspec.structs.replace(console.orders[0], settings=LOOPBACK)
    again = start(home, "run", "--every", "0.1")
    wait_until(lambda: console.registered)
    again.send_signal(signal.SIGTERM)
    out, _ = again.communicate(timeout=GRACE)
    assert again.returncode == 0, out
    assert [one.number for one in console.registered] == [1]
    assert console.registered[0].manifest.complete
    assert not list(home.spool.glob(".new-*"))


def test_an_order_that_tries_log_ins_is_not_begun_twice(home: Home, console: Console) -> None:
    first = probe(home)
    order = console.order("defaults", "127.0.0.1")
    first.work.begun.begin(order.number)
    running.once(probe(home))
    assert whys(console) == ["probe_interrupted"]


def test_an_order_that_keeps_killing_the_probe_is_given_up(home: Home, console: Console) -> None:
    order = console.order("vantage", "127.0.0.1", **LOOPBACK)
    for _crash in range(3):
        probe(home).work.begun.begin(order.number)
    running.once(probe(home))
    assert whys(console) == ["probe_interrupted"]


def test_a_look_that_breaks_is_told_without_what_it_saw(
    home: Home, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look's process runs a collector that is broken on this disk only."""
    broken = home.folder.parent / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import negatoscope.observe.vantage.collector as v\n"
        "def look(asked, write, step):\n    raise KeyError('PACS 10.20.30.40')\n"
        "v.look = look\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(broken), *sys.path]))
    console.order("vantage", "127.0.0.1", **LOOPBACK)
    running.once(probe(home))
    (gap,) = console.registered[0].manifest.gaps
    assert gap.why == "probe_failed"
    assert str(gap.values["error"]).startswith("KeyError sitecustomize.py:")
    assert "10.20" not in json.dumps(dict(gap.values))


def test_a_full_spool_makes_no_look_and_the_next_parcel_says_so(
    home: Home, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(home, spool_of(home), b"waits")
    console.order("teleport")
    monkeypatch.setattr(spools, "MOST_BYTES", 10)
    console.refuses = messages.REFUSED
    full = probe(home)
    assert running.once(full) == 1
    assert home.state().full_since is not None
    assert any(headers.get(messages.FULL) == "?1" for *_, headers in console.seen)
    console.refuses = ""
    monkeypatch.setattr(spools, "MOST_BYTES", 1 << 30)
    assert running.once(probe(home)) == 0
    gap, _unknown = console.registered[-1].manifest.gaps
    assert (gap.what, gap.why) == ("Host", "probe_full")
    assert set(gap.values) == {"since", "until"}
    assert home.state().full_since is None


def test_a_disk_that_fills_during_a_look_is_told(home: Home, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_self: object, *_said: object) -> int:
        raise OSError(28, "No space left on device")

    working = probe(home)
    working.work.queue = [console.order("vantage", "127.0.0.1", **LOOPBACK)]
    with monkeypatch.context() as patched:
        patched.setattr(spools.Spool, "keep", no_room)
        working.work.begin()
        wait_until(lambda: not working.work.follow() and not working.work.running)
        assert home.state().full_since is not None
        assert working.work.holds() == []
    console.orders[0] = msgspec.structs.replace(console.orders[0], collector="teleport")  # no other look is needed
    running.once(working)
    assert whys(console) == ["probe_full", "collector_unknown"]
    assert home.state().full_since is None


def test_a_probe_that_is_revoked_stops_by_itself(home: Home, console: Console) -> None:
    console.revoked = True
    working = start(home, "run", "--every", "0.1")
    out, _ = working.communicate(timeout=GRACE)
    assert working.returncode == 1
    assert "révoqué" in out.decode()
    assert home.state().trouble == messages.REVOKED


def test_a_console_that_comes_back_is_found_and_nothing_is_lost(home: Home, tmp_path: Path, console: Console) -> None:
    lost = Console(signer=console.signer, identity=console.identity, key=console.key, port=0)
    folder = tmp_path / "again"
    folder.mkdir()
    with door(folder, lost):
        pass  # its port is free again, and known
    identity = msgspec.structs.replace(home.identity(), console=lost.address)
    home.settle(identity)
    seal(home, spool_of(home), b"patient")
    said: list[str] = []
    working = replace(probe(home), tell=lambda code, **_values: said.append(code))
    thread = threading.Thread(target=running.run, args=(working,), daemon=True)
    thread.start()
    wait_until(lambda: "no_link" in said and home.state().trouble == "unreachable")
    with door(folder, lost):
        wait_until(lambda: lost.registered)
        wait_until(lambda: "link_back" in said and not home.state().trouble)
        working.stopping.set()
        thread.join()
    assert received(lost) == [b"patient"]


def handed(home: Home, console: Console, orders: list[Order], until: timedelta = 60 * MINUTE) -> Path:
    path = home.folder.parent / "medium" / f"{console.id}.task"
    path.parent.mkdir(exist_ok=True)
    task = Task(console.id, now(), now() + until, tuple(orders))
    path.write_bytes(signed.sign(messages.TASK, task, console.signer.key))
    return path


def test_a_task_is_carried_out_once_and_its_parcels_go_by_medium(home: Home, console: Console) -> None:
    orders = [console.order("vantage", "127.0.0.1", **LOOPBACK), console.order("teleport", "127.0.0.2")]
    path = handed(home, console, orders)
    working = probe(home)
    task = carrying.task(home, path, now())
    assert running.by_task(working, task.orders) == 2
    assert running.by_task(probe(home), task.orders) == 0
    exported = carrying.export(home, working.spool, path.parent, now)
    assert (exported.parcels, exported.received) == (2, 0)
    for number in (1, 2):
        file = path.parent / messages.PARCEL_NAME.format(probe=console.id, number=number)
        console.spool[number] = bytearray(file.read_bytes())
        console.register(number)
    assert {one.manifest.target for one in console.registered} == {"127.0.0.1", "127.0.0.2"}
    receipt = Receipt(console.id, now(), (Received(1, console.registered[0].head.fingerprint), Received(2, "0" * 64)))
    receipt_file = path.parent / messages.RECEIPT_NAME.format(probe=console.id)
    receipt_file.write_bytes(signed.sign(messages.RECEIPT, receipt, console.signer.key))
    exported = carrying.export(home, working.spool, path.parent, now)
    assert (exported.parcels, exported.received) == (1, 1)
    assert [one.number for one in working.spool.waiting()] == [2]
    assert {one.name for one in path.parent.glob("*.parcel")} == {f"{console.id}-00000002.parcel"}


def test_a_task_or_receipt_that_is_not_our_consoles_is_refused(home: Home, console: Console) -> None:
    order = console.order("vantage", "127.0.0.1", **LOOPBACK)
    path = handed(home, console, [order])
    good = path.read_bytes()
    carrying.task(home, path, now())
    with pytest.raises(Trouble, match="task_late"):
        carrying.task(home, path, now() + 61 * MINUTE)
    for wrong in (good[:-3], good.replace(b"127.0.0.1", b"127.0.0.2"), b"", os.urandom(50)):
        path.write_bytes(wrong)
        with pytest.raises(Trouble, match="file_refused"):
            carrying.task(home, path, now())
    other = Task("ff00ff00ff00ff00", now(), now() + MINUTE, (order,))
    path.write_bytes(signed.sign(messages.TASK, other, console.signer.key))
    with pytest.raises(Trouble, match="file_of_another"):
        carrying.task(home, path, now())
    with_login = msgspec.structs.replace(order, logins={"ad": Login("reader", "secret")})
    handed(home, console, [with_login])
    with pytest.raises(Trouble, match="file_refused"):
        carrying.task(home, path, now())
    receipt = path.with_suffix(".receipt")
    receipt.write_bytes(signed.sign(messages.RECEIPT, Receipt("ff" * 8, now(), ()), console.signer.key))
    with pytest.raises(Trouble, match="file_of_another"):
        carrying.export(home, spool_of(home), path.parent, now)


def test_a_look_borrows_only_the_log_ins_of_its_order() -> None:
    lend = looking.lender({"ad": Login("reader", "secret")})
    assert lend("ad").username == "reader"
    with pytest.raises(Unreachable, match="credential_unknown"):
        lend("other")


def test_gaps_beyond_counting_are_counted() -> None:
    order = Order(1, "nmap", "10.0.0.0/8", {}, now())
    many = [Gap("Service", "timed_out")] * (looking.MOST_GAPS + 7)
    said = looking.manifest(order, many, (now(), now()), complete=True)
    assert len(said.gaps) == looking.MOST_GAPS + 1
    assert said.gaps[-1].values == {"count": 7}
