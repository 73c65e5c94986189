"""The weekly review: counted from events, annotated, signed; the next week is prepared for who read the last."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import TickingClock
from tests.flows.letters import way
from tests.flows.test_alerting import SEEN
from tests.flows.test_alerting import WHO as HANDLER

from negatoscope.flows import alerting, rereading
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.rereading import Mondays, NotReread
from negatoscope.flows.reviewing import Reviewer
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.continuity import Call
from negatoscope.model.detecting import RuleArchive, RuleSwitch
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.people import Attestation, Person
from negatoscope.model.tuning import AlertExemption, Tuning
from negatoscope.model.weekly import WeekKind, WeekReview
from negatoscope.store.models import NoticeRow, SourceHourRow
from negatoscope.store.queries import alerts, weeks

WHO = Reviewer("user:apetit", "Anna Petit")
LAST = date(2026, 10, 26)
"""The week before that of the clock's first instant, a Monday."""
IN_IT = datetime(2026, 10, 28, 9, tzinfo=UTC)
CHIEF = Person("chef", "Dr Chef", email="chef@cabinet.example")


def told(number: int, action: Action, came: datetime = IN_IT, **more: str) -> Told:
    event = Event(came, "essai", action=action, what=more.get("what"), user=more.get("user"))
    return Told(f"s:{number}", "s", came, event, person=more.get("person"), host=more.get("host"))


@pytest.fixture
def busy(console: Console) -> Console:
    server = Host("host/srv", "srv", HostClass.SERVER)
    declare(console, Said("user:apetit"), (server, CHIEF, Call(CHIEF.ref, 1)))
    mine = told(1, Action.MAILBOX_OPENED, what="chef@cabinet.example", person=CHIEF.ref)
    rereading.kept(console).keep([
        mine,
        told(2, Action.MAILBOX_OPENED, what="chef@cabinet.example", user="intrus"),
        told(3, Action.MAILBOX_OPENED, what="accueil@cabinet.example", user="intrus"),
        told(4, Action.LOGON, host="host/srv", user="=cmd"),
        told(5, Action.LOGON, host="host/srv", user="=cmd"),
        told(6, Action.LOGON, host="host/poste", user="luc"),
        told(7, Action.RIGHTS_CHANGED, what="Domain Admins", user="luc"),
        told(8, Action.LOGON, IN_IT - timedelta(days=7), host="host/srv", user="luc"),
    ])  # fmt: skip
    return console


def test_a_week_tells_who_did_what_on_what_matters(busy: Console) -> None:
    review = rereading.prepare(busy, LAST, WHO)
    found = [(one.kind, one.subject, one.who, one.count) for one in rereading.lines_of(busy, LAST)]
    assert found == [
        (WeekKind.MAILBOX, CHIEF.ref, "intrus", 1),
        (WeekKind.SENSITIVE, "host/srv", "=cmd", 2),
        (WeekKind.RIGHTS, "Domain Admins", "luc", 1),
    ]
    assert (review.size, busy.vault.holds(review.list_digest)) == (3, True)
    with pytest.raises(NotReread, match="prepared"):
        rereading.prepare(busy, LAST, WHO)
    with pytest.raises(NotReread, match="not_over"):
        rereading.prepare(busy, LAST + timedelta(days=7), WHO)


def test_a_week_is_annotated_and_signed_once(busy: Console) -> None:
    review = rereading.prepare(busy, LAST, WHO)
    lines = rereading.lines_of(busy, LAST)
    rereading.annotate(busy, {lines[0]: "demandé à Luc", lines[1]: ""}, WHO)
    assert [one.note for one in rereading.lines_of(busy, LAST)] == ["demandé à Luc", None, None]
    rereading.sign(busy, review, "trois lignes relues", WHO)
    known = StoredRegister(busy.practice)
    (attestation,) = known.seen(Attestation).facts
    (closed,) = known.seen(WeekReview).facts
    assert (attestation.control, closed.closed_by) == ("R27.4", "Anna Petit")
    assert attestation.document_digest
    with busy.vault.open(attestation.document_digest) as stream:
        text = stream.read().decode("utf-8-sig")
    assert "demandé à Luc" in text
    assert "'=cmd" in text
    with pytest.raises(NotReread, match="signed"):
        rereading.sign(busy, closed, "encore", WHO)


def test_alerts_closed_as_false_are_in_the_week(console: Console, clock: TickingClock) -> None:
    alerting.raise_from(console, [SEEN, replace(SEEN, subject="host/b", case="b")])
    one, other = (each.number for each in alerts.since(console.practice, clock.at))
    alerting.close(console, one, AlertOutcome.FALSE, "un test", HANDLER)
    alerting.close(console, other, AlertOutcome.TRUE, "réel", HANDLER)
    clock.advance(timedelta(days=7))
    rereading.prepare(console, rereading.last_week(clock.at), WHO)
    (line,) = rereading.lines_of(console, rereading.last_week(clock.at))
    assert (line.kind, line.subject) == (WeekKind.FALSE, f"alert/{one}")


def test_the_rarest_come_first_and_the_rest_are_counted_together(console: Console) -> None:
    store = rereading.kept(console)
    store.keep([
        told(n, Action.ACCOUNT_CHANGED, what=f"compte-{n % 110}", user="it's") for n in range(229)
    ])  # fmt: skip
    found = weeks.counted(store, IN_IT - timedelta(days=1), IN_IT + timedelta(days=1), Action.ACCOUNT_CHANGED, ())
    assert len(found) == weeks.MOST + 1
    assert (found[0].count, found[-1].action, sum(one.count for one in found)) == (2, weeks.OTHERS, 229)
    assert not weeks.counted(store, IN_IT, IN_IT, Action.LOGON, ("host/l'un",))


def test_the_next_week_is_prepared_for_whoever_read_the_last_and_they_are_told(
    console: Console, clock: TickingClock
) -> None:
    way(console, 25)
    declare(console, Said("user:apetit"), (Person("anna", "Anna Petit", email="anna@cabinet.example"),))
    mondays = Mondays()
    mondays.round(console)
    assert not StoredRegister(console.practice).seen(WeekReview).facts
    rereading.prepare(console, LAST, WHO)
    clock.advance(timedelta(days=7))
    mondays.round(console)
    mondays.round(console)
    assert [one.reviewer for one in StoredRegister(console.practice).seen(WeekReview).facts] == ["Anna Petit"] * 2
    assert [row.to for row in NoticeRow.objects.filter(code="week_due")] == ["anna@cabinet.example"]


def opened(number: int, who: str, what: str, came: datetime = IN_IT) -> Told:
    return told(number, Action.STUDY_OPENED, came, what=what, user=who)


def test_studies_opened_in_numbers_are_told_by_pseudonym_alone(console: Console) -> None:
    past = [opened(n, "lecteur", f"p:{n}", IN_IT - timedelta(days=1 + n // 40)) for n in range(400)]
    usual = [opened(1000 + n, "lecteur", f"p:u{n}") for n in range(60)]
    curious = [opened(2000 + n, "curieux", f"p:c{n}") for n in range(150)]
    shared = [opened(3000 + n, f"collegue-{n}", "p:vip") for n in range(7)]
    rereading.kept(console).keep([*past, *usual, *curious, *shared])
    rereading.prepare(console, LAST, WHO)
    found = [(one.what, one.subject, one.who, one.count) for one in rereading.lines_of(console, LAST)]
    assert found == [("many_studies", "practice", "curieux", 150), ("many_readers", "p:vip", "", 7)]


def test_studies_of_another_site_are_told_of_who_opens_them_there(console: Console) -> None:
    names = {"anna": "Tilleuls", "luc": "Tilleuls", "eve": "Gare", "max": "Gare", "l'un": "Gare", "sans": None}
    people = {name: Person(name, name.title(), site=site) for name, site in names.items()}
    declare(console, Said("user:apetit"), people.values())

    def opened(number: int, who: str, what: str, came: datetime = IN_IT) -> Told:
        return told(number, Action.STUDY_OPENED, came, what=what, person=people[who].ref)

    before = IN_IT - timedelta(weeks=3)
    rereading.kept(console).keep([
        *(opened(n, ("anna", "luc")[n // 4], f"p:{n % 4}", before) for n in range(8)),
        *(opened(100 + n, "eve", f"p:{n % 4}") for n in range(9)),  # four studies of the other site, some of them twice
        *(opened(200 + n, who, "p:gare") for n, who in enumerate(("max", "l'un", "eve"))),
        *(opened(300 + n, who, "p:tie") for n, who in enumerate(("max", "anna"))),  # nobody's more than the other's
        opened(400, "sans", "p:0"),
        opened(401, "anna", "p:gare"),
        opened(402, "max", "p:1", before),  # not of this week, and as many there as here then
    ])  # fmt: skip
    rereading.prepare(console, LAST, WHO)
    found = [(one.what, one.subject, one.who, one.count) for one in rereading.lines_of(console, LAST)]
    assert found == [("elsewhere", "Tilleuls", "person/eve", 3), ("elsewhere", "Gare", "person/anna", 1)]


def test_silent_sources_and_what_was_tuned_are_in_the_week(console: Console) -> None:
    for week in range(6):
        for hour in range(9, 17):
            at = IN_IT - timedelta(weeks=week) + timedelta(hours=hour - 9)
            longest = 3 * 3600.0 if (week, hour) == (0, 11) else 300.0
            SourceHourRow.objects.create(
                practice_id=console.practice, sender="pare-feu", hour=at, first=at, last=at, received=5, longest=longest
            )
            if week:
                SourceHourRow.objects.create(
                    practice_id=console.practice, sender="bavard", hour=at, first=at, last=at, received=5, longest=60.0
                )
    off = RuleSwitch("5f0b", "un inventaire", "user:apetit", IN_IT)
    came = RuleArchive("regles.zip", "sha256:0", IN_IT, 12, 0)
    before = RuleSwitch("6a1c", "ancienne", "user:apetit", IN_IT - timedelta(days=9))
    tuned = Tuning("attempts", "un inventaire", "user:apetit", IN_IT, on=False)
    spared = AlertExemption(
        "transfers", "own_past", "host/nas", "la sauvegarde", "Anna Petit", IN_IT, LAST + timedelta(days=30)
    )
    declare(console, Said("user:apetit"), (spared, replace(spared, subject="host/pacs", since=before.off_since)))
    some = replace(
        spared, behaviour="77aa", situation="fields", subject="rule/77aa", clauses={"Image|endswith": ("\\x.exe",)}
    )
    declare(console, Said("user:apetit"), (some,))
    declare(console, Said("user:apetit"), (tuned, replace(tuned, behaviour="bypass", since=before.off_since)))
    declare(console, Said("user:apetit"), (off, before, came, replace(came, name="b.zip", taken_at=before.off_since)))
    rereading.prepare(console, LAST, WHO)
    found = [(one.kind, one.subject, one.what, one.count) for one in rereading.lines_of(console, LAST)]
    assert (WeekKind.SILENT, "logsource/bavard", "still_silent", 1) in found
    assert (WeekKind.SILENT, "logsource/pare-feu", "still_silent", 2) in found
    assert [one for one in found if one[0] is WeekKind.TUNED] == [
        (WeekKind.TUNED, "5f0b", "rule_off", 1), (WeekKind.TUNED, "attempts", "situation_off", 1),
        (WeekKind.TUNED, "77aa", "exempt_fields", 1),
        (WeekKind.TUNED, "host/nas", "exempt_transfers", 1), (WeekKind.TUNED, "regles.zip", "rules_taken", 12),
    ]  # fmt: skip
