"""Servers whose page asks for a log-in: one of the standard library, made to do as devices do, and Django's own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from tests.observe.hostile import HERE
from tests.observe.nodes import free_port, wait_for

FIELDS = '<input type="hidden" name="token" value="t1"><input name="user"><input type="password" name="pass">'
FORM = '<form method="post" action="/in">{fields}<button>Entrer</button></form>'
INSIDE = '<h1>Réglages</h1><a href="/logout">Quitter</a>'
CHANGE = '<form method="post"><input type="password" name="a"><input type="password" name="b"></form>'


@dataclass
class Appliance:
    """What it shows, and what was typed into it."""

    password: str = "1111"
    username: str = "admin"
    page: str = "<title>Xerox</title>" + FORM.format(fields=FIELDS)
    inside: str = INSIDE
    refused: str = "<p>Nom ou mot de passe refusé pour {name}, essai {count}</p>"
    refused_status: int = 200
    lock_after: int = 100
    cookie: bool = True
    """A session is kept by a cookie; else by the visitor's address."""
    leads: str = "/"
    anybody: bool = False
    gives: str = ""
    """A cookie, whoever comes."""
    typed: list[tuple[str, str]] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    left: int = 0


class _Handler(BaseHTTPRequestHandler):
    does: Appliance

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/logout":
            self.does.left += 1
            self.does.sessions.clear()
        self._say(self.does.inside if self._known() else self.does.page)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = dict(parse_qsl(body, keep_blank_values=True))
        does = self.does
        name = told.get("user", does.username)
        does.typed.append((name, told["pass"]))
        failed = sum(one != (does.username, does.password) for one in does.typed)
        if failed > does.lock_after:
            self._say(does.page + "<p>Compte verrouillé</p>")
        elif does.anybody or (name, told["pass"]) == (does.username, does.password):
            key = f"s{len(does.typed)}" if does.cookie else self.client_address[0]
            does.sessions.add(key)
            self.send_response(302)
            self.send_header("Location", does.leads)
            if does.cookie:
                self.send_header("Set-Cookie", f"session={key}; HttpOnly; Path=/")
            self.end_headers()
        else:
            self._say(does.page + does.refused.format(name=name, count=failed), does.refused_status)

    def _known(self) -> bool:
        kept = self.headers.get("Cookie", "").partition("session=")[2] if self.does.cookie else self.client_address[0]
        return kept in self.does.sessions

    def _say(self, text: str, status: int = 200) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        if self.does.gives:
            self.send_header("Set-Cookie", self.does.gives)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(does: Appliance) -> Iterator[int]:
    """Its port, while it serves."""
    server = ThreadingHTTPServer((HERE, 0), type("Handler", (_Handler,), {"does": does}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


DJANGO = """
import sys
from wsgiref.simple_server import make_server
import django
from django.conf import settings
apps = ["admin", "auth", "contenttypes", "sessions", "messages"]
settings.configure(SECRET_KEY="k" * 50, ROOT_URLCONF="__main__", ALLOWED_HOSTS=["*"], USE_TZ=True,
    INSTALLED_APPS=["django.contrib." + one for one in apps], STATIC_URL="/static/",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}])
django.setup()
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import path
urlpatterns = [path("admin/", admin.site.urls)]
call_command("migrate", verbosity=0)
User.objects.create_superuser("admin", "", sys.argv[3])
make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()
"""


@contextmanager
def django_admin(folder: Path, password: str) -> Iterator[int]:
    """Django's own administration, whose one account has this password."""
    port = free_port()
    line = [sys.executable, "-c", DJANGO, str(port), str(folder / f"{port}.sqlite3"), password]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    served = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean)
    try:
        wait_for(port)
        yield port
    finally:
        served.kill()
        served.wait(10)
