"""Twins, exchanges, ways in, silences and words, each as it is promised."""

import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.bilingual import Lang
from negatoscope.model.accounts import LOOK, Privilege
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Service
from negatoscope.model.traffic import FlowWatch
from negatoscope.respond.questions import telling, texts
from negatoscope.respond.questions.answer import Why, Window
from negatoscope.respond.questions.entry import BY_KIND, WEIGHTS, Candidate, Happening, entry
from negatoscope.respond.questions.reach import Reached, Step
from negatoscope.respond.questions.silence import silences, unwatched
from negatoscope.respond.questions.spread import Leg, Passage, Span
from negatoscope.respond.questions.talk import Exchange, Way, talk
from negatoscope.respond.questions.twins import Shared, Trait, Twin, traits, twins

SIGN = datetime(2026, 11, 17, 10, tzinfo=UTC)
"""A Tuesday."""
WINDOW = Window(SIGN - timedelta(days=7), SIGN + timedelta(days=1), SIGN)
HOSTILE = "{x} %(y)s <script> \u202e 2026-99-99T99 {0.__class__}"
LANGS: tuple[Lang, ...] = ("fr", "en")


def exchange(peer: str, sent: int | None = 1, told_by: str = "events", **more: Any) -> Exchange:  # noqa: ANN401 -- any field
    base: dict[str, Any] = {
        "way": Way.OUT, "host": None, "outside": False, "protocol": "tcp", "port": 443, "received": None, "count": 1,
        "failed": 0, "first": SIGN, "last": SIGN,
    }  # fmt: skip
    return Exchange(peer=peer, sent=sent, told_by=(told_by,), **base | more)


def test_twins_are_ranked_by_what_is_rare_and_say_what_is_shared() -> None:
    hosts = [Host(f"host/{number}", host_class=HostClass.SERVER) for number in range(8)]
    hosts += [
        Host("host/a", vendor="GE", model="X", os_name="L", os_version="1"),
        Host("host/b", vendor="GE", model="X"),
    ]
    services = [
        Service("host/a", "tcp", 80, "http", reachable=True),
        Service("host/0", "tcp", 80, "http"),
        Service("host/1", "tcp", 80, "http", reachable=False),
        Service("host/b", "tcp", 22, "ssh", "OpenSSH", "9"),
    ]
    privileges = [
        Privilege("host/a", "root", "uid0"),
        Privilege("host/2", "root", "uid0"),
        Privilege("host/3", "root", LOOK),
    ]
    known = traits(hosts, services, privileges)
    found = twins("host/a", known, {"agent 1": frozenset({"host/a", "host/b"})}, ())
    assert [row.host for row in found.rows] == ["host/b", "host/2", "host/0"]
    assert found.rows[0].shared == (Shared(Trait.MODEL, "GE X", 2), Shared(Trait.SOFTWARE, "agent 1", 2))
    codes = [one.code for one in found.blind]
    assert codes == ["no_vulnerabilities", "class_unknown", "others_without_system", "others_without_service",
                     "others_without_administrator"]  # fmt: skip
    assert found.blind[2].values == {"hosts": 9, "of": 10}
    whole = Host("host/x", host_class=HostClass.SERVER, os_name="L", os_version="1")
    full = traits([whole], [Service("host/x", "tcp", 1)], [Privilege("host/x", "root", "uid0")])
    assert [one.code for one in twins("host/x", full, {}, ()).blind] == [
        "no_vulnerabilities",
        "model_unknown",
        "no_inventory",
    ]
    lost = [one.code for one in twins("host/nobody", {}, {}, ()).blind]
    assert {"class_unknown", "no_inventory", "no_services", "no_administrators"} <= set(lost)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9) | st.none(), st.sampled_from(["events", "flows"]))))
def test_two_tellers_of_one_exchange_are_never_added(told: list[tuple[str, int | None, str]]) -> None:
    found = talk([exchange(*one) for one in sorted(told, key=lambda one: one[2])], (), ())
    for row in found.rows:
        sums = [
            [sent for peer, sent, by in told if peer == row.peer and by == teller and sent is not None]
            for teller in row.told_by
        ]
        assert (row.sent or 0) == max(map(sum, sums), default=0) or len(row.told_by) > 1
        assert (row.sent is None) == (not any(sums))
    assert len(found.rows) == len({peer for peer, _, _ in told})


def test_outside_and_what_left_most_come_first_and_the_rest_is_counted() -> None:
    rows = [exchange("in", 9), exchange("far", 1, outside=True), exchange("far", 5, "flows"), exchange("small", None)]
    found = talk(rows, (), (), most=2)
    assert [(row.peer, row.sent, row.told_by) for row in found.rows] == [
        ("far", 5, ("events", "flows")),
        ("in", 9, ("events",)),
    ]
    assert found.cut == 1


def candidates(*happened: Happening) -> tuple[Candidate, ...]:
    return entry(WINDOW, {"host/a": 0, "host/b": 2}, happened, (), ()).rows


def test_what_only_failed_came_later_or_is_usual_is_no_way_in() -> None:
    at = SIGN - timedelta(hours=1)
    usual = Happening("host/a", "logon", "10.0.0.1", protocol="ssh", done=3, first=at, last=at, before=True)
    failed = Happening("host/a", "logon", "203.0.113.9", outside=True, failed=9)
    later = Happening("host/a", "logon", "203.0.113.9", outside=True, done=1, first=SIGN + timedelta(minutes=1))
    elsewhere = Happening("host/z", "logon", "203.0.113.9", outside=True, done=1, first=at)
    assert candidates(usual, failed, later, elsewhere) == ()


def test_each_reason_weighs_and_distance_takes_away() -> None:
    night, day = SIGN - timedelta(days=2, hours=8), SIGN - timedelta(days=4)
    guessed = Happening("host/b", "logon", "203.0.113.9", outside=True, who="x", protocol="rdp", done=1, failed=9,
                        first=night, last=night, before=False, failed_before=9)  # fmt: skip
    medium = Happening("host/a", "medium_plugged", "clé", done=1, first=day)
    exposed = Happening("host/a", "exposure", "tcp/3389", outside=True)
    new = Happening("host/a", "connection", "10.0.0.1", done=1, first=day, before=False)
    rows = candidates(medium, exposed, guessed, new)
    assert [(row.happening.kind, row.score, row.steps) for row in rows] == [
        ("logon", 40 + 30 + 20 + 10 + 10 - 20, 2), ("medium_plugged", 25, 0), ("exposure", 25, 0),
        ("connection", 20, 0),
    ]  # fmt: skip
    assert [one.code for one in rows[0].reasons][-1] == "upstream"
    bare = Happening("host/b", "alert", done=1, first=SIGN)
    assert [one.code for one in candidates(bare)[0].reasons] == ["alerted", "close", "upstream"]


def test_silence_is_told_with_its_bounds_and_a_night_is_none() -> None:
    hours = [WINDOW.since + timedelta(hours=number) for number in range(0, 100, 10)]
    told = list(silences("logs", [*hours, WINDOW.until + timedelta(days=9)], WINDOW))
    assert [one.code for one in told] == ["logs_silent"]
    assert told[0].values["until"] == WINDOW.until.isoformat()
    assert [one.code for one in silences("logs", [], WINDOW)] == ["logs_never"]
    assert list(silences("logs", [WINDOW.since + timedelta(hours=number) for number in range(200)], WINDOW)) == []


def test_each_way_of_not_hearing_flows_is_told() -> None:
    since, until = WINDOW.since, WINDOW.until
    whole = FlowWatch("r1", ("10.0.0.0/24",), since, until, 10, 0, 1)

    def codes(addresses: tuple[str, ...], *watches: FlowWatch, logged: bool = False) -> list[str]:
        return [one.code for one in unwatched(addresses, watches, WINDOW, logged=logged)]

    assert codes(("10.0.0.5",), whole) == []
    assert codes(("10.0.1.5",), whole) == ["no_exporter"]
    assert codes(("10.0.1.5",), FlowWatch("r", ("?",)), logged=True) == ["no_exporter_but_logs"]
    assert codes(("?",)) == ["no_address"]
    late = FlowWatch("r2", ("10.0.0.0/24",), since + timedelta(days=1), until, 10, 3, 100)
    assert codes(("10.0.0.5",), late) == ["exporter_partly", "records_lost", "packets_skipped"]
    assert codes(("10.0.0.5",), FlowWatch("r3", ("10.0.0.0/24",))) == ["exporter_undated"]


def test_every_code_has_its_words_and_no_word_is_left_over() -> None:
    known = texts.texts()
    assert set(known.reasons) == set(WEIGHTS)
    assert set(known.traits) == {one.value for one in Trait}
    assert set(known.classes) == {one.value for one in HostClass}
    assert set(BY_KIND) < set(known.happenings)
    for section in texts.codes().values():
        for said in section.values():
            fields = [{name for _, name, _, _ in string.Formatter().parse(said[lang]) if name} for lang in LANGS]
            assert fields[0] - {"steps"} == fields[1] - {"steps"} or fields[1] <= fields[0]


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_names_are_words_like_others(lang: Lang) -> None:
    ref = f"host/{HOSTILE}"
    span = Span(ref, "host/b", SIGN, SIGN, None, 445)
    happening = Happening(ref, "logon", HOSTILE, who=HOSTILE, first=SIGN)
    rows = (
        Candidate(happening, 1, (Why("exposed", {"origin": HOSTILE}),), 0),
        Candidate(Happening(ref, "alert"), 1, (Why("alerted", {}),), 0),
        Passage(ref, back=True, at=SIGN, path=(Leg(span, SIGN),)),
        exchange(HOSTILE, 2_500_000, host=ref, port=None, protocol=None),
        exchange("b", None, way=Way.IN, host="host/b"),
        Reached(f"data/file_opened/{HOSTILE}", "data", (Step(ref, "x/y", "administers", {"via": HOSTILE}),), 1),
        Reached("data/mailbox_opened/a/b", "data", (), 1),
        Reached(ref, "host", (), 1),
        Twin(ref, 1.0, (Shared(Trait.SOFTWARE, HOSTILE, 1), Shared(Trait.CLASS, "server", 2))),
    )  # fmt: skip
    told = [telling.line(row, lang, lambda ref: ref.partition("/")[2]) for row in rows]
    assert all(line.title for line in told)
    assert sum(HOSTILE in " ".join((line.title, *line.because)) for line in told) == 7
    assert ref in set().union(*(telling.refs(row) for row in rows))
    assert telling.refs(rows[1]) == {ref}
    assert telling.size(2_500_000, lang).startswith("2,5" if lang == "fr" else "2.5")
    assert (
        texts.blind(Why("logs_never", {"since": "2026-11-17T10:00:00+00:00", "until": "x T"}), lang).count("11:00") == 1
    )
