"""Log-ins typed into real forms: one that works is found, one that does not is refused, and doubt claims nothing."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from negatoscope.observe.defaults.forms import RESTS, Forms
from negatoscope.observe.defaults.page import MOST_BYTES, Shown, Visitor, log_in
from negatoscope.observe.defaults.pairs import MOST, Pair
from negatoscope.observe.defaults.web import Web
from tests.observe.defaults.appliance import CHANGE, FIELDS, FORM, Appliance, django_admin, serving
from tests.observe.hostile import HERE, HOSTILE, listener

ADMIN = Pair("xerox", "Xerox", "http", "admin", "1111", "a manual")
ALONE = Pair("netgear", "Netgear", "http", "admin", "1111", "a manual")
SCRIPT = "<script src=/md5.js></script>"


@dataclass
class Purse:
    """Counts what may be sent, as the collector does."""

    sent: Counter[str] = field(default_factory=Counter)
    most: int = MOST
    rests: int = 0

    def take(self, account: str) -> bool:
        if sum(self.sent.values()) >= self.most:
            return False
        self.sent[account] += 1
        return True

    def rest(self) -> None:
        self.rests += 1


def web(port: int, seconds: float = 2) -> Web:
    return Web(HERE, port, tls=False, seconds=seconds, tick=lambda: None)


def tried(port: int, pair: Pair = ADMIN, purse: Purse | None = None, seconds: float = 2) -> str:
    purse = purse or Purse()
    return Forms(web(port, seconds), purse.rest, purse.take).attempt(pair)


def outcome(does: Appliance, pair: Pair = ADMIN) -> str:
    with serving(does) as port:
        return tried(port, pair)


def test_a_form_that_lets_a_published_log_in_in_is_found_and_left_again() -> None:
    does = Appliance()
    purse = Purse()
    with serving(does) as port:
        assert tried(port, purse=purse) == "works"
    assert [one for one in does.typed if one[0] == "admin"] == [("admin", "1111")]
    assert len(does.typed) == 2, "a made-up log-in first, then the published one, once"
    assert (does.left, purse.rests) == (1, RESTS)


def test_a_form_that_refuses_is_said_to_refuse() -> None:
    does = Appliance(password="changed")
    assert outcome(does) == "refused"
    assert len(does.typed) == 2


def test_a_page_with_a_program_may_send_something_else_than_what_is_typed() -> None:
    scripted = SCRIPT + Appliance.page
    assert outcome(Appliance(password="changed", page=scripted)) == "unclear"
    assert outcome(Appliance(password="changed", page=scripted), Pair(*_parts(), plain=True)) == "refused"
    assert outcome(Appliance(page=scripted)) == "works"


def _parts() -> tuple[str, str, str, str, str, str]:
    return (ADMIN.id, ADMIN.product, ADMIN.protocol, ADMIN.username, ADMIN.password, ADMIN.source)


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (Appliance(lock_after=0), "locked"),
        (Appliance(password="changed", lock_after=1), "locked"),
        (Appliance(password="changed", refused_status=429), "locked"),
        (Appliance(inside=CHANGE), "works"),
        (Appliance(inside="<h1>Bonjour</h1>"), "works"),
        (Appliance(inside="<h1>Compte bloqué</h1>"), "locked"),
        (Appliance(inside=Appliance.page), "unclear"),
        (Appliance(cookie=False), "unclear"),
        (Appliance(password="changed", refused_status=403), "unclear"),
        (Appliance(password="changed", gives="a;b=c"), "unclear"),
        (Appliance(password="changed", gives="c=" + "x" * 4000), "unclear"),
        (Appliance(leads="http://ailleurs.example/"), "unclear"),
        (Appliance(page=FORM.format(fields=FIELDS.replace("1111", "")) * 2), "unclear"),
        (Appliance(page=FORM.format(fields=FIELDS + '<input name="captcha">')), "unclear"),
        (Appliance(page=FORM.format(fields=FIELDS).replace("/in", "http://ailleurs.example/in")), "unclear"),
        (Appliance(page=FORM.format(fields=FIELDS).replace("post", "get")), "unclear"),
        (Appliance(page='<base href="/x/">' + Appliance.page), "unclear"),
        (Appliance(page="<p>Rien</p>"), "unclear"),
    ],
)  # fmt: skip
def test_what_is_not_a_session_for_certain_is_not_claimed(does: Appliance, said: str) -> None:
    with serving(does) as port:
        assert tried(port) == said
    assert sum(name == "admin" for name, _ in does.typed) <= 1


def test_a_server_that_lets_anybody_in_proves_nothing() -> None:
    does = Appliance(anybody=True)
    assert outcome(does) == "unclear"
    assert [name for name, _ in does.typed if name == "admin"] == []


def test_a_password_alone_costs_its_account_two_attempts_and_no_more() -> None:
    page = FORM.format(fields='<input type="password" name="pass">')
    does = Appliance(page=page)
    assert outcome(does, ALONE) == "works"
    does = Appliance(page=page, password="changed")
    purse = Purse()
    with serving(does) as port:
        forms = Forms(web(port, 2), purse.rest, purse.take)
        assert forms.attempt(ALONE) == "refused"
        assert forms.attempt(ALONE) == "postponed"
    assert len(does.typed) == MOST
    assert outcome(Appliance(), Pair("b", "Brother", "http", "", "access", "a FAQ")) == "unclear"


def test_nothing_is_sent_where_one_more_could_lock() -> None:
    for most, sent in ((0, 0), (1, 1)):
        does = Appliance()
        with serving(does) as port:
            assert tried(port, purse=Purse(most=most)) == "postponed"
        assert len(does.typed) == sent


@pytest.mark.server
def test_djangos_own_administration_lets_in_or_not(tmp_path: Path) -> None:
    pair = Pair("d", "Django", "http", "admin", "admin", "a manual", "/admin/", plain=True)
    for password, said in (("admin", "works"), ("changed", "refused")):
        with django_admin(tmp_path, password) as port:
            assert tried(port, pair) == said


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_page_holds_a_form_up(name: str) -> None:
    began = time.monotonic()
    with listener(HOSTILE[name]) as port:
        assert tried(port, seconds=0.5) == "unclear"
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    "filling", ["<!--", "<script>", "<form ", "<input ", "<form><input type=password ", "a=", '"', "<", "<style", "\n"]
)
def test_no_page_takes_long_to_read(filling: str) -> None:
    page = Shown(200, "/", filling * (MOST_BYTES // len(filling)))
    began = time.process_time()
    assert log_in(Visitor(web(1, 1)), page) is None
    assert len(page.words) <= MOST_BYTES
    assert time.process_time() - began < 1


def test_a_form_is_filled_in_as_a_browser_does() -> None:
    body = """<form method=POST action='?x=1'><select name=realm><option value=local><option value=ad selected></select>
      <input type=checkbox name=stay checked><input type=radio name=r value=1><input type=hidden name=h value="&amp;">
      <input name=u><input type=password name=p><input type=submit name=go value=Ok>
      <button name=other>no</button></form>"""
    form = log_in(Visitor(web(80, 1)), Shown(200, "/a/", body))
    assert form is not None
    assert form.target == "/a/?x=1"
    assert dict(form.fields) == {"realm": "ad", "stay": "on", "h": "&", "go": "Ok"}
