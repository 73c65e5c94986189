"""The README's pictures: the demonstration practice, served on loopback, photographed with headless Chromium."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "screens"
BUILD = """
import django
django.setup()
from django.conf import settings
from negatoscope.flows.demonstrating import build
from negatoscope.kit.clock import utc_now
build(settings.CONFIG, utc_now)
"""
WIDE = {"width": 1280, "height": 960}
PHONE = {"width": 390, "height": 780}
SHOTS = (
    ("lightbox", "/", WIDE, "light", "fr"),
    ("lightbox-dark", "/", WIDE, "dark", "fr"),
    ("lightbox-phone", "/", PHONE, "light", "fr"),
    ("rule", "/regle/20/", WIDE, "light", "fr"),
    ("host", "/equipements/accueil-3/", WIDE, "light", "fr"),
    ("coverage", "/couverture/", WIDE, "light", "fr"),
    ("map", "/carte/", WIDE, "light", "fr"),
    ("segmentation", "/segmentation/", WIDE, "light", "fr"),
    ("alert", "/alertes/5/", WIDE, "light", "fr"),
)


class Server(ThreadingMixIn, WSGIServer):
    """Several requests at once."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Log nothing."""

    def log_message(self, *_told: object) -> None:
        """Say nothing of what was asked."""


def main() -> int:
    """Take every picture; returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEGATOSCOPE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
        sys.path.insert(0, str(ROOT))
        subprocess.run([sys.executable, "-c", BUILD], check=True)
        import django  # noqa: PLC0415 -- the data folder must be whole first

        django.setup()
        return photograph()


def photograph() -> int:
    """Serve the folder and go through the list."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- after Django's set-up
    from tests.web.browser import chromium, open_browser  # noqa: PLC0415

    path = chromium()
    if path is None:
        sys.stderr.write("Chromium is missing. Install it: sudo apt-get install chromium\n")
        return 1
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    HERE.mkdir(exist_ok=True)
    with open_browser(path) as browser:
        for name, address, size, theme, language in SHOTS:
            context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")  # type: ignore[arg-type]
            context.add_cookies(
                [
                    {"name": "theme", "value": theme, "url": base},
                    {"name": "language", "value": language, "url": base},
                ]
            )
            page = context.new_page()
            page.goto(f"{base}/connexion/")
            page.click("main form.card button")
            page.goto(base + address)
            if page.locator("#map").count():
                page.wait_for_selector("#map[data-drawn]")
            page.screenshot(path=HERE / f"{name}.png")
            context.close()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
