"""From a line at the door to an alert: events a second that the watch sustains, by stage; how long a line takes.

``[DATA=/folder] python bench/watch.py [thousands] [hosts] [a_second]``: 100, 500 and 1,000 by default. A practice of so
many hosts; ``DATA/sigma_rules_2026-08-05.zip`` beside the repository gives the rules, else one of our own. First the
spool is full and the watch works alone: register, columns on the disk, five situations, rules, alerts. Then lines come
at a steady rate into the spool while it works, a planted one each second: from its acknowledgement, which follows the
writing, to the row of its alert.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("DATA") or Path(__file__).parents[2] / "shared" / "data")
PLANTED = """title: Planted
id: 7d1f0a6e-5a3c-4f0e-9a53-6a1a4f3f8f10
level: high
logsource: {product: linux, service: sshd}
detection:
  keywords: ['planted by the bench']
  condition: keywords
"""
LINES = (
    "<86>{at} srv-{n} sshd[{n}]: Accepted publickey for user{m} from 10.0.{m}.{n} port 51234 ssh2: ED25519 SHA256:abc",
    "<38>{at} srv-{n} sshd[{n}]: Failed password for user{m} from 10.0.{m}.9 port 40022 ssh2",
    (
        "<134>{at} fw filterlog[77]: 5,,,1000000103,igb1,match,pass,in,4,0x0,,64,{n},0,DF,6,tcp,60,10.0.{m}.{n},"
        "203.0.113.9,51514,443,0,S,1,,64240,,mss"
    ),
    (
        "<166>{at} proxy squid[9]: 1793000000.123    {n} 10.0.{m}.{n} TCP_TUNNEL/200 {n}042 CONNECT www.example.org:443"
        " user{m} HIER_DIRECT/203.0.113.9 -"
    ),
    (
        "<22>{at} mail dovecot: imap-login: Login: user=<user{m}>, method=PLAIN, rip=10.0.{m}.{n}, lip=10.0.0.2, "
        "mpid={n}, TLS, session=<abc>"
    ),
    "<78>{at} srv-{n} CRON[{n}]: (root) CMD (test -x /usr/sbin/anacron)",
)
WINDOWS = (
    (
        '{{"@timestamp":"{iso}","winlog":{{"channel":"Security","event_id":4624,"computer_name":"pc-{n}","record_id":{n},'
        '"event_data":{{"TargetUserName":"user{m}","LogonType":"3","IpAddress":"10.0.{m}.{n}","ProcessName":"-"}}}}}}'
    ),
    (
        '{{"@timestamp":"{iso}","winlog":{{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":1,"computer_name":'
        '"pc-{n}","record_id":{n},"event_data":{{"Image":"C:\\\\Windows\\\\System32\\\\cmd.exe","CommandLine":"cmd.exe '
        '/c dir D:\\\\{n}","ParentImage":"C:\\\\Windows\\\\explorer.exe","User":"CAB\\\\user{m}"}}}}}}'
    ),
)
QUIET = 60.0
"""Seconds after which a planted line that raised nothing is told as lost."""


def act(thousands: int, hosts: int, rate: int) -> None:
    """Inside a child with a console of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from django.conf import settings
    from practice import fill

    from negatoscope.flows import hearing
    from negatoscope.flows.opening import lay_out
    from negatoscope.flows.watching import Watch
    from negatoscope.intake.events.spool import Spool
    from negatoscope.kit.clock import utc_now
    from negatoscope.watch import matching
    from negatoscope.watch.sigma.keep import ruleset_of

    console = lay_out(settings.CONFIG, utc_now)
    fill(console.practice, console.site, hosts)
    spool = Spool(hearing.folder(console))
    watch = Watch(console)
    watch.round()
    watch._rules = matching.Rules(ruleset_of(rules(settings.CONFIG.data), None))  # noqa: SLF001 -- none of a vault's
    fill_spool(spool, thousands * 1000)
    took = staged(watch)
    sustained(watch, thousands * 1000, took)
    steady(spool, watch, rate)
    spool.close()


def rules(folder: Path) -> list[Path]:
    """The planted rule, and the public ones if they are here."""
    planted = folder / "planted.yml"
    planted.write_text(PLANTED)
    return [planted, *DATA.glob("sigma_rules_*.zip")]


def lines(first: int, many: int) -> list[Any]:
    """So many lines of a practice's day, received now."""
    from negatoscope.intake.events.raw import ON_THE_WIRE, Raw
    from negatoscope.kit.clock import utc_now

    came, found = utc_now(), []
    words = {"at": f"{came:%b %e %H:%M:%S}", "iso": f"{came:%Y-%m-%dT%H:%M:%SZ}"}
    for number in range(first, first + many):
        texts = WINDOWS if number % 4 == 3 else LINES
        text = texts[number // 4 % len(texts)].format(n=number % 250, m=number // 7 % 200, **words)
        kind = "json" if texts is WINDOWS else "syslog"
        found.append(Raw(f"{ON_THE_WIRE}bench/{number}", f"10.0.0.{number % 20}", came, kind, text.encode()))
    return found


def fill_spool(spool: Any, many: int) -> None:
    for first in range(0, many, 5000):
        spool.append(lines(first, min(5000, many - first)))


def staged(watch: Any) -> dict[str, float]:
    """Let each stage of a watch note its seconds."""
    from negatoscope.flows import alerting
    from negatoscope.watch.behaviours import five

    took: defaultdict[str, float] = defaultdict(float)

    def noted(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def work(*words: Any) -> Any:
            began = time.perf_counter()
            found = act(*words)
            found = list(found) if name in ("five", "rules") else found
            took[name] += time.perf_counter() - began
            return found

        return work

    reader, kept, own = watch._reader, watch._store, watch._rules  # noqa: SLF001 -- what is measured
    for place, attribute, name in (
        (reader, "read", "spool"), (watch, "_told", "normalise and resolve"), (kept, "keep", "keep"),
        (five, "look", "five"), (own, "look", "rules"), (alerting, "raise_from", "alerts"),
        (watch, "_compare_clocks", "clocks"), (watch, "_save", "save"),
    ):  # fmt: skip
        setattr(place, attribute, noted(name, getattr(place, attribute)))
    return took


def sustained(watch: Any, many: int, took: dict[str, float]) -> None:
    began, done = time.perf_counter(), 0
    while done < many:
        done += watch.round()
    seconds = time.perf_counter() - began
    print(f"the watch alone: {done / seconds:,.0f} events/s from the spool to kept, looked at and alerted")
    for name, one in sorted(took.items(), key=lambda item: -item[1]):
        print(f"  {name:<22} {one / done * 1e6:6.1f} µs an event")
    print(f"  {'the rest':<22} {(seconds - sum(took.values())) / done * 1e6:6.1f} µs")


def steady(spool: Any, watch: Any, rate: int, seconds: int = 30) -> None:
    """Lines at a steady rate; how long planted ones take to their alert."""
    from negatoscope.intake.events.raw import ON_THE_WIRE, Raw
    from negatoscope.kit.clock import utc_now
    from negatoscope.store.models import AlertRow

    planted: dict[str, float] = {}
    seen: dict[str, float] = {}

    def send() -> None:
        started = time.perf_counter()
        for tick in range(seconds * 10):
            time.sleep(max(0.0, started + tick / 10 - time.perf_counter()))
            spool.append(lines(10_000_000 + tick * rate // 10, rate // 10))
            if tick % 10 == 5:  # once a second
                host = f"planted-{tick}"
                line = f"<38>{utc_now():%b %e %H:%M:%S} {host} sshd[1]: planted by the bench"
                spool.append([Raw(f"{ON_THE_WIRE}planted/{tick}", "10.0.0.1", utc_now(), "syslog", line.encode())])
                planted[f"address/{host}"] = time.perf_counter()

    sender = threading.Thread(target=send)
    sender.start()
    until = time.perf_counter() + seconds + QUIET
    while (sender.is_alive() or len(seen) < len(planted)) and time.perf_counter() < until:
        if not watch.round():
            time.sleep(0.05)
        now = time.perf_counter()
        for subject in AlertRow.objects.filter(subject__startswith="address/planted").values_list("subject", flat=True):
            seen.setdefault(subject, now)
    sender.join()
    took = sorted(seen[one] - planted[one] for one in seen)
    if took:
        said = " / ".join(f"{took[min(len(took) - 1, int(len(took) * part))] * 1000:.0f}" for part in (0.5, 0.95, 0.99))
        print(f"at {rate:,} events/s: from acknowledged to alert p50/p95/p99 {said} ms, {len(took)} of {len(planted)}")
    else:
        print(f"at {rate:,} events/s: no planted line raised an alert")


def main() -> int:
    if sys.argv[1:2] == ["child"]:
        act(*map(int, sys.argv[2:]))
        return 0
    words = [*sys.argv[1:], *("100", "500", "1000")[len(sys.argv[1:]) :]]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder}
        return subprocess.run([sys.executable, __file__, "child", *words], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
