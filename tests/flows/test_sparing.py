"""A rule that spares events by their fields: tried on what is kept, taken up at once, counted, undone."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.flows.test_watching import MARIE, RULE, RULE_ID, heard, worked

from negatoscope.config import Config
from negatoscope.flows import ruling, sparing, tuning
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.opening import open_console
from negatoscope.flows.sparing import Wish
from negatoscope.flows.tuning import NotTuned, Tuner
from negatoscope.flows.watching import Watch
from negatoscope.model.event import Event, Told
from negatoscope.model.tuning import AlertExemption
from negatoscope.store.models import LedgerRow
from negatoscope.store.queries import alerts

WHO = Tuner(MARIE, "Marie Durand (marie)")
TOGETHER = """---
title: Many
id: 00000000-0000-4000-8000-000000000009
level: high
correlation: {type: event_count, rules: [7d1f0a6e-5a3c-4f0e-9a53-6a1a4f3f8f10], group-by: [User], timespan: 1h,
              condition: {gte: 2}}
"""


@pytest.fixture
def console(transactional_db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path), clock)


def kept(console: Console, clauses: dict[str, tuple[str, ...]], days: int = 30) -> AlertExemption:
    until = console.clock().date() + timedelta(days=days)
    return sparing.keep(console, Wish(RULE_ID, clauses, until, "our scanner"), WHO)


def test_what_a_filter_says_is_hidden_counted_and_told_again_once_withdrawn(
    console: Console, clock: TickingClock
) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    heard(console, 3)
    at_work = worked(console, clock)
    (alert,) = alerts.standing(console.practice)
    first = sparing.origin(console, alert.number)
    assert first is not None
    assert first.key.endswith("/0")
    name = next(name for name, value in first.event.fields.items() if "203.0.113.9" in str(value))
    written = LedgerRow.objects.count()
    fact = kept(console, {f"{name}|contains": ("203.0.113.9",)})
    assert LedgerRow.objects.count() > written
    heard(console, 6, first=3)
    assert at_work.round() == 6
    at_work.round()
    (still,) = alerts.standing(console.practice)
    assert (still.count, sparing.hidden(console)[fact.ref].count) == (alert.count, 6)
    again = worked(console, clock)
    heard(console, 1, first=9)
    assert Watch(console).round() == 1  # and is killed before it saves
    assert again.round() == 1
    again.round()
    assert sparing.hidden(console)[fact.ref].count == 7
    (console.config.data / "watch" / "memory").unlink()
    lost = Watch(console)
    assert sparing.hidden(console)[fact.ref].count == 7
    tuning.withdraw(console, fact.ref, WHO)
    heard(console, 1, first=10)
    assert lost.round() == 1
    lost.round()
    assert sparing.hidden(console) == {}
    assert alerts.standing(console.practice)[0].count > alert.count
    assert sparing.of_rule(console, RULE_ID) == []


def test_a_filter_is_tried_on_the_last_thirty_days_the_newest_first(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    rule, now = sparing.rule_of(console, RULE_ID), console.clock()
    told = []
    for number in range(40):
        came = now - timedelta(days=number)
        said = {"message": "Failed password for root", "from": f"10.77.0.{number % 4}", "n": str(number)}
        event = Event(came, "linux", "sshd", host="srv", fields=said)
        told.append(Told(f"k/{number}", "10.0.0.9", came, event))
    store(console).keep(told)
    tried = sparing.rehearse(console, rule, {"From": ("10.77.0.1", "10.77.0.2")})
    inside = [one for one in told if one.came.date() >= (now - sparing.PAST).date()]
    spared = [one for one in inside if one.event.fields["from"] in ("10.77.0.1", "10.77.0.2")]
    assert (tried.matches, tried.spared, tried.events) == (len(inside), len(spared), len(inside))
    assert (tried.since, tried.everything) == (None, False)
    assert [one.key for one in tried.hidden] == [one.key for one in spared[: sparing.SHOWN]]
    assert [one.event.fields["n"] for one in tried.told] == ["0", "3", "4", "7", "8"]
    assert sparing.rehearse(console, rule, {"message|contains": ("root",)}).everything
    assert not sparing.rehearse(console, rule, {"from": ("8.8.8.8",)}).everything
    monkeypatch.setattr(sparing, "SECONDS", -1.0)
    monkeypatch.setattr(sparing, "BATCH", 4)
    cut = sparing.rehearse(console, rule, {"from": ("10.77.0.1",)})
    assert (cut.events, cut.matches, cut.since) == (1, 1, told[0].came)


def test_what_cannot_be_spared_says_why(console: Console, clock: TickingClock) -> None:
    ruling.take(console, MARIE, "root.yml", (RULE + TOGETHER).encode())
    today, clauses = clock().date(), {"User": ("root",)}
    for ident, until, reason, code in (
        ("no such", today, "why", "unknown"), (RULE_ID, today, " ", "unexplained"), (RULE_ID, today, "why", "together"),
        ("00000000-0000-4000-8000-000000000009", today, "why", "together"),
    ):  # fmt: skip
        with pytest.raises(NotTuned, match=code):
            sparing.keep(console, Wish(ident, clauses, until, reason), WHO)
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    with pytest.raises(NotTuned, match="too_long"):
        sparing.keep(console, Wish(RULE_ID, clauses, today + timedelta(days=400), "why"), WHO)
    ruling.take(console, MARIE, "root.yml", RULE.replace("high", "critical").encode())
    with pytest.raises(NotTuned, match="never_spared"):
        sparing.keep(console, Wish(RULE_ID, clauses, today, "why"), WHO)
    assert sparing.origin(console, 999) is None


def test_an_alert_whose_event_is_kept_no_more_or_that_no_rule_raised_has_no_first_event(
    console: Console, clock: TickingClock
) -> None:
    heard(console, 30)
    worked(console, clock)
    (attempts,) = alerts.standing(console.practice)
    assert sparing.origin(console, attempts.number) is None
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    heard(console, 1, first=30)
    worked(console, clock)
    number = next(one.number for one in alerts.standing(console.practice) if one.code == RULE_ID)
    for one in store(console).files():
        one.path.unlink()
    assert sparing.origin(console, number) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("{Image|endswith: '\\AnyDesk.exe'}", {"Image": r"C:\Tools\ANYDESK.EXE"}),
        ("{CommandLine|contains: 'a \"quoted\" word'}", {"CommandLine": 'say A "Quoted" word'}),
        ("{Image: 'C:\\Outils\\été.exe'}", {"Image": r"c:\outils\ÉTÉ.exe"}),
        ("{EventID: 4625}", {"EventID": 4625}),
        ("{Elevated: true}", {"Elevated": True}),
        ("{Ports: 22}", {"Ports": ["443", 22]}),
        ("{Image|contains: ['C:\\x\\', '\\y\\']}", {"Image": r"d:\Y\z"}),
        ("{Image|re: 'a+b'}", {"Image": "xaab"}),
        ("['one', 'Two words']", {"message": "so: TWO Words"}),
    ],
)
def test_texts_sought_before_events_are_read_lose_no_match(
    console: Console, clock: TickingClock, asked: str, said: dict[str, object]
) -> None:
    head, _sep, _rest = RULE.partition("detection:")
    text = f"{head}detection:\n  one: {asked}\n  condition: one\n"
    ruling.take(console, MARIE, "root.yml", text.encode())
    told = [
        Told(f"k/{n}", "10.0.0.9", clock(), Event(clock(), "linux", "sshd", fields=fields))
        for n, fields in enumerate([said, {"Image": "other", "message": "else", "EventID": 1}])
    ]
    store(console).keep(told)
    tried = sparing.rehearse(console, sparing.rule_of(console, RULE_ID), {"none": ("x",)})
    assert [one.key for one in tried.told] == ["k/0"]


def test_a_trial_ends_between_days_where_nothing_is_found(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruling.take(console, MARIE, "root.yml", RULE.encode())
    for number in range(3):
        came = clock() - timedelta(days=number)
        store(console).keep([Told(f"k/{number}", "s", came, Event(came, "linux", "sshd", fields={"message": "calm"}))])
    monkeypatch.setattr(sparing, "SECONDS", -1.0)
    cut = sparing.rehearse(console, sparing.rule_of(console, RULE_ID), {"none": ("x",)})
    assert cut.since is not None
    assert (cut.matches, cut.since.date()) == (0, max(store(console).days()))
