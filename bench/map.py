"""The map at 500 and 5,000 hosts in headless Chromium: time until it can be used, and time of a frame while panning."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZES = (500, 5000)
ROUNDS = 5
ZONE, CABINET = 250, 40
"""Hosts of a zone, and of a switch."""
PAN = """async ([dx, dy]) => {
  const cy = window.negatoscopeMap, frames = [];
  cy.zoom({ level: cy.zoom() * 2, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  let last = performance.now();
  for (let n = 0; n < 90; n++) {
    cy.panBy({ x: n % 30 < 15 ? dx : -dx, y: n % 30 < 15 ? dy : -dy });
    await new Promise(requestAnimationFrame);
    const now = performance.now(); frames.push(now - last); last = now;
  }
  return frames.slice(5);
}"""


def measure(hosts: int) -> dict[str, float]:
    """One size, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        command = [sys.executable, __file__, str(hosts)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


def facts(hosts: int) -> Iterator[Any]:
    """Zones of 250, a gateway that joins them, switches, one host in three talks with a server."""
    from negatoscope.model.gateways import GatewayInterface, RuleBase
    from negatoscope.model.hosts import Host, HostClass
    from negatoscope.model.networks import Network
    from negatoscope.model.switching import Place, Sighting
    from negatoscope.model.traffic import Conversation
    from negatoscope.model.zones import Zone, ZoneKind

    zones = -(-hosts // ZONE)
    for zone in range(zones):
        yield Network(f"10.{zone}.0.0/23")
        yield Zone(f"Zone {zone}", ZoneKind.USERS, (f"10.{zone}.0.0/23",))
    legs = tuple(GatewayInterface(f"eth{zone}", (f"10.{zone}.1.254/23",)) for zone in range(zones))
    yield Host("host/fw", "fw", HostClass.NETWORK, macs=("02:ff:00:00:00:00",), addresses=("10.0.1.254",))
    yield RuleBase("host/fw", "nftables", interfaces=legs, routes=(("0.0.0.0/0", "wan"),))
    for number in range(hosts):
        zone, place = divmod(number, ZONE)
        ref, mac = f"host/h{number:05d}", f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"
        switch = number % CABINET == 0
        kind = HostClass.NETWORK if switch else HostClass.WORKSTATION
        yield Host(ref, ref[5:], kind, macs=(mac,), addresses=(f"10.{zone}.0.{place + 1}",))
        if not switch:
            yield Sighting(f"host/h{number - number % CABINET:05d}", mac, Place.PORT, f"Gi1/0/{number % CABINET}")
        if number % 3 == 0:
            yield Conversation("nf", f"10.{zone}.0.{place + 1}", "10.0.0.2", "tcp", 104, answered=True)


def act(hosts: int) -> None:
    """Inside the child: fill, serve on loopback, open the page again and again."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from wsgiref.simple_server import make_server

    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.wsgi import get_wsgi_application
    from django.test import Client
    from practice import NOW, _write
    from take_screens import Quiet, Server
    from tests.web.browser import chromium, open_browser

    from negatoscope.flows.opening import lay_out
    from negatoscope.store.observations import Reading
    from negatoscope.store.roles import Role, give

    console = lay_out(settings.CONFIG, lambda: NOW)
    _write(console.practice, console.site, 1, "nmap", "10.0.0.0/8", Reading("nmap/all", False, list(facts(hosts))))
    user = get_user_model().objects.create(username="bench", practice_id=console.practice)
    give(user, Role.READER)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    client.get("/carte/donnees/")
    served = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        data = client.get("/carte/donnees/").content
        served.append(time.perf_counter() - start)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    found: dict[str, Any] = {"server": statistics.median(served) * 1000, "kilobytes": len(data) / 1000}
    with open_browser(str(chromium())) as browser:
        page = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce").new_page()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])
        ready = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            page.goto(f"{base}/carte/", wait_until="commit")
            page.wait_for_selector("#map[data-drawn]")
            ready.append(time.perf_counter() - start)
        found["ready"] = statistics.median(ready) * 1000
        found["shown"] = int(page.get_attribute("#map", "data-drawn") or 0)
        frames = sorted(page.evaluate(PAN, [9, 5]))
        found["frame"], found["worst"] = statistics.median(frames), frames[int(len(frames) * 0.95)]
        if hosts > 1000:
            start = time.perf_counter()
            page.goto(f"{base}/carte/?ouvre=zone/Zone 3&ouvre=network/10.3.0.0/23", wait_until="commit")
            page.wait_for_selector("#map[data-drawn]")
            found["opened"] = (time.perf_counter() - start) * 1000
    server.shutdown()
    print(json.dumps(found))


def main() -> None:
    """Print a row a size."""
    print("hosts  data ms (server)  data kB  drawn  usable ms  frame ms  frame p95 ms  one zone opened ms")
    for hosts in SIZES:
        row = measure(hosts)
        opened = f"{row['opened']:18.0f}" if "opened" in row else " " * 18
        print(
            f"{hosts:5d} {row['server']:17.0f} {row['kilobytes']:8.0f} {row['shown']:6.0f} {row['ready']:10.0f}"
            f" {row['frame']:9.1f} {row['worst']:13.1f} {opened}"
        )
    print("no peer measured: the page draws with Cytoscape itself, which knows no zones to fold")


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "docs"), str(Path(__file__).parents[1])]
    act(int(sys.argv[1])) if len(sys.argv) > 1 else main()
