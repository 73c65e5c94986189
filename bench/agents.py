"""Inventories of 200 programmes received one by one, from compressed bytes to the acknowledgement.

``python bench/agents.py [SIZE …]`` prints, for 500 and 5,000 computers, posts and rows a second, what one post costs
when the register is empty and when it is full, the share of reading, and peak memory; then the growth.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

SIZES = (500, 5000)
SOFTWARE = 200
LAST = 50


def post(number: int) -> bytes:
    """One computer as a GLPI agent sends it, compressed."""
    name = f"pc-{number:05d}"
    high, low = divmod(number, 250)
    address = f"10.{high // 250}.{high % 250}.{low + 1}"
    mac = "8c:04:ba:" + ":".join(f"{byte:02x}" for byte in number.to_bytes(3, "big"))
    content = {
        "hardware": {"name": name, "chassis_type": "Desktop"},
        "bios": {"smanufacturer": "Dell Inc.", "smodel": "OptiPlex 7020", "ssn": f"EX{number:06X}"},
        "operatingsystem": {"full_name": "Microsoft Windows 11 Professionnel", "version": "24H2"},
        "networks": [{"description": "Ethernet", "ipaddress": address, "ipmask": "255.255.0.0", "mac": mac}],
        "softwares": [
            {"name": f"Programme {(number * 7 + k) % 900}", "version": f"{k}.{number % 9}", "publisher": "Editeur"}
            for k in range(SOFTWARE)
        ],
        "drives": [{"letter": "C:", "type": "Local Disk", "total": 486000, "encrypt_status": "Yes"}],
        "antivirus": [{"name": "Defender", "enabled": True, "uptodate": True}],
        "firewalls": [{"profile": p, "status": "on"} for p in ("DomainProfile", "PublicProfile", "StandardProfile")],
        "local_users": [{"name": one, "id": f"S-1-5-21-{number}-{k}"} for k, one in enumerate(("adm", "poste"), 1001)],
        "local_groups": [{"name": "Administrateurs", "id": "S-1-5-32-544"}],
        "versionclient": "GLPI-Agent_v1.15",
    }
    said = {"action": "inventory", "deviceid": f"{name}-2026-01-01-08-00-00", "content": content}
    return zlib.compress(json.dumps(said).encode())


def measure(hosts: int) -> dict[str, Any]:
    """One size, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder}
        command = [sys.executable, __file__, "--child", str(hosts)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def act(hosts: int) -> None:
    """Inside the child: receive so many posts; then read them once more without keeping, to know reading's share."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from django.conf import settings
    from practice import NOW

    from negatoscope.flows.opening import lay_out
    from negatoscope.flows.receiving import Sender, receive
    from negatoscope.intake import keeping
    from negatoscope.intake.body import inflate
    from negatoscope.intake.message import parse
    from negatoscope.observe.inventory.read import read
    from negatoscope.store.models import FactRow, SoftwareRow

    console = lay_out(settings.CONFIG, lambda: NOW)
    sender, times, spent = Sender(console.practice, "essai"), [], []
    for number in range(hosts):
        body = post(number)
        start, before = time.perf_counter(), time.process_time()
        assert receive(console, sender, body, native=True).status == 200
        times.append(time.perf_counter() - start)
        spent.append(time.process_time() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bodies = [post(number) for number in range(LAST)]
    start = time.perf_counter()
    for body in bodies:
        kept, _dropped = keeping.capture(parse(inflate(body)[0]))
        list(read(BytesIO(kept)))
    reading = (time.perf_counter() - start) / LAST
    rows = FactRow.objects.count() + SoftwareRow.objects.count()
    told = {
        "posts_per_second": hosts / sum(times),
        "rows_per_second": rows / sum(times),
        "first_ms": statistics.median(times[:LAST]) * 1000,
        "last_ms": statistics.median(times[-LAST:]) * 1000,
        "first_cpu_ms": statistics.fmean(spent[:LAST]) * 1000,
        "last_cpu_ms": statistics.fmean(spent[-LAST:]) * 1000,
        "reading_ms": reading * 1000,
        "peak_mib": peak,
    }
    print(json.dumps(told))


def main(sizes: tuple[int, ...]) -> None:
    """Print a row a size, then the growth."""
    print("computers  software  posts/s  rows/s  first ms  last ms  first cpu  last cpu  reading ms  peak MiB")
    rows = {}
    for hosts in sizes:
        rows[hosts] = row = measure(hosts)
        print(
            f"{hosts:9d} {hosts * SOFTWARE:9d} {row['posts_per_second']:8.1f} {row['rows_per_second']:7.0f}"
            f" {row['first_ms']:9.1f} {row['last_ms']:8.1f} {row['first_cpu_ms']:10.1f} {row['last_cpu_ms']:9.1f}"
            f" {row['reading_ms']:11.2f} {row['peak_mib']:9.0f}",
            flush=True,
        )
    if len(sizes) > 1:
        small, large = rows[sizes[0]], rows[sizes[-1]]
        wall, cpu = (large[name] / small[name] for name in ("last_ms", "last_cpu_ms"))
        print(f"growth of one post: {wall:.2f} times (processor {cpu:.2f})")
    print("no peer measured: GLPI, which takes the same posts, needs a web server, PHP and a database of its own")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    if sys.argv[1:2] == ["--child"]:
        act(int(sys.argv[2]))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
