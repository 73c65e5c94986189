"""Dossiers: the portal's fields, filled from what is known; doubt stays marked, and what people said stands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from negatoscope.kit.clock import PARIS
from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Dated,
    Decided,
    Filled,
    Followed,
    Gesture,
    Hit,
    How,
    Moment,
    Moved,
    Noted,
    Part,
    Sent,
    Stage,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond import facts
from negatoscope.respond.dossier import Dossier, Field, Given, Held, Unfit, Values, fits, forms, lists
from negatoscope.respond.duty import duties
from negatoscope.respond.facts import Facts
from negatoscope.respond.filling import fill
from negatoscope.respond.incident import Refused, check
from negatoscope.respond.reflex import PHASES, name_of, sheets
from negatoscope.respond.wall import clocks
from tests.respond.incidents import START, Log, aware

CNIL, ANS = forms()["CNIL"], forms()["ANS"]
FIELDS = [pytest.param(duty, field, id=f"{duty}-{field.id}") for duty, form in forms().items() for field in form.fields]
HOUR = timedelta(hours=1)


def told(log: Log, duty: str = "CNIL", **more: Any) -> Dossier:  # noqa: ANN401 -- what Facts takes
    return fill(forms()[duty], Facts(log.one, log.entries, more.pop("now", log.now), **more))


def held(dossier: Dossier, ident: str) -> Held:
    return next(one for one in dossier.every if one.field.id == ident)


def given(log: Log, ident: str, duty: str = "CNIL", **more: Any) -> Given:  # noqa: ANN401 -- what Facts takes
    return held(told(log, duty, **more), ident).given


def refusal(log: Log, word: Word, text: str = "") -> str:
    with pytest.raises(Refused) as refused:
        log.say(word, text)
    return refused.value.code


@pytest.mark.parametrize(("duty", "field"), FIELDS)
def test_a_field_is_of_a_known_list_and_filled_from_a_known_source(duty: str, field: Field) -> None:
    assert field.filled_from in {"", *facts.SOURCES, *facts.REGISTER}
    assert bool(field.options) is (field.kind in {"one", "many"})
    if field.when is not None:
        other = forms()[duty].named(field.when.field)
        assert other is not None
        assert {*field.when.holds} <= {option.code for option in other.options}
    assert field.fit(()) == ()


def test_every_form_belongs_to_a_duty_and_names_each_field_once() -> None:
    assert {duty for duty, form in forms().items() if not form.kept} <= {duty.id for duty in duties()}
    for form in forms().values():
        names = [field.id for field in form.fields]
        assert len(set(names)) == len(names)
    assert forms()["CNIL"].named("weather") is None


def test_every_list_is_dated_and_used() -> None:
    used = {field.list for form in forms().values() for field in form.fields}
    assert set(lists()) == used - {""}
    for options in lists().values():
        codes = [option.code for option in options.options]
        assert len(set(codes)) == len(codes)
        assert options.source


def test_the_lists_of_the_cnil_are_whole() -> None:
    counts = {"nature": 3, "origin": 12, "cause": 6, "people": 11, "harm": 10, "gravity": 4, "informed": 4, "band": 5}
    assert {name: len(lists()[f"cnil_{name}"].options) for name in counts} == counts
    assert [option.code for option in lists()["ans_kinds"].options] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("ident", "value", "fitted"),
    [
        ("siren", ("123 456 789",), ("123 456 789",)),
        ("people_count", ("1 200",), ("1200",)),
        ("nature", ("availability", "confidentiality"), ("confidentiality", "availability")),
        ("detected_at", ("2026-10-25T12:00",), ("2026-10-25T12:00+01:00",)),
        ("description", (" a\r\nb ",), ("a\nb",)),
        ("description", ("  ",), ()),
    ],
)
def test_what_is_given_takes_its_one_form(ident: str, value: tuple[str, ...], fitted: tuple[str, ...]) -> None:
    field = CNIL.named(ident)
    assert field is not None
    assert field.fit(value) == fitted
    assert field.fit(fitted) == fitted


@pytest.mark.parametrize(
    ("ident", "value", "why"),
    [
        ("siren", ("12",), "pattern"),
        ("people_count", ("beaucoup",), "number"),
        ("people_count", ("٣",), "number"),
        ("people_count", ("9" * 12,), "number"),
        ("nature", ("weather",), "choice"),
        ("origin", ("hacking", "other"), "choice"),
        ("detected_at", ("2026-10-25T02:30",), "instant"),
        ("detected_at", ("hier",), "instant"),
        ("org_name", ("x" * 301,), "long"),
        ("description", ("x" * 8001,), "long"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(ident: str, value: tuple[str, ...], why: str) -> None:
    field = CNIL.named(ident)
    assert field is not None
    with pytest.raises(Unfit) as unfit:
        field.fit(value)
    assert unfit.value.code == why
    assert not fits(Filled("CNIL", {ident: value}))


def test_a_line_of_the_log_holds_known_fields_alone() -> None:
    log = aware()
    for word in (
        Filled("CNIL", {}), Filled("WEATHER", {"siren": ()}), Filled("CNIL", {"weather": ()}),
        Filled("CNIL", {"people_count": ("1 200",)}),
    ):  # fmt: skip
        assert refusal(log, word) == "field"
    log.say(Filled("CNIL", {"people_count": ("1200",)}))


def test_of_nothing_nothing_is_invented() -> None:
    dossier = told(Log())
    said = {one.field.id: one.values for one in dossier.every if one.values}
    assert set(said) == {"sector", "surety", "description"}
    assert {one.field.id for one in dossier.doubtful} == set(said)
    assert len(dossier.missing) == dossier.required - len(said)
    assert dossier.changed == ()
    assert not dossier.late


def test_dates_answers_and_touched_things_fill_the_form() -> None:
    log = aware()
    log.say(Dated(Moment.OCCURRED, START - 5 * HOUR), "")
    log.say(Answered("ongoing", "yes"))
    log.say(Answered("malicious", "yes"))
    log.say(Answered("service_or_health_data", "yes"))
    log.say(Answered("high_risk", "unknown"))
    log.say(Touched(What.HOST, "host/poste-3", Hit.COMPROMISED))
    log.say(Touched(What.HOST, "host/poste-4", Hit.CLEARED))
    log.say(Followed("ransomware.contain.isolate", Gesture.DONE))
    log.say(Followed("ransomware.contain.backups", Gesture.DONE))
    log.say(Followed("ransomware.contain.backups", Gesture.LEFT), "pas possible")
    log.say(Decided("couper Internet"), "par prudence")
    log.say(Asked("Luc"), "restaurer le RIS")
    log.say(Asked("Luc", lesson=True), "interdire les macros")
    log.say(Attached("note.txt", "a" * 64, 3))
    began = f"{(START - 5 * HOUR).astimezone(PARIS):%Y-%m-%dT%H:%M}+01:00"
    assert given(log, "began_at") == Given((began,), "incident")
    assert given(log, "ongoing") == Given(("yes",), "answers")
    assert given(log, "cause") == Given(("external_malicious",), "answers", doubt=True)
    assert given(log, "nature").values == ("availability",)
    assert given(log, "origin").values == ("hacking",)
    assert given(log, "data_sensitive") == Given(("health",), "answers", doubt=True)
    assert given(log, "informed").values == ("unknown",)
    assert given(log, "systems", called=lambda ref: ref.upper()) == Given(("HOST/POSTE-3 (touché)",), "touched")
    done = given(log, "measures_now").values[0]
    assert done.startswith("Fait")
    assert done.endswith("couper Internet")
    assert done.count("\n") == 1
    assert given(log, "measures_soon").values == ("restaurer le RIS",)
    assert given(log, "measures_later").values == ("interdire les macros",)
    assert "note.txt" in given(log, "attachments").values[0]
    assert given(log, "malicious", "ANS") == Given(("yes",), "answers", doubt=True)
    assert given(log, "kinds", "ANS").values == ("b", "c")
    assert given(log, "handling", "ANS").values == ("ongoing",)
    assert given(log, "others_told", "ANS") == Given(("none",), "sent_others")


def test_what_is_not_sure_is_marked_and_a_statement_settles_it() -> None:
    log = aware()
    log.say(Touched(What.HOST, "host/a", Hit.SUSPECTED))
    log.say(Touched(What.DATA, "agenda", Hit.COMPROMISED))
    log.say(Stated(Part.DATA, How.SAID), "agenda de la semaine")
    log.say(Stated(Part.ENTRY, How.UNKNOWN), "journaux effacés")
    log.say(Answered("patient_risk", "unknown"))
    log.say(Answered("service_or_health_data", "no"))
    log.say(Answered("malicious", "unknown"))
    log.say(Answered("high_risk", "no"))
    assert given(log, "systems").doubt
    assert given(log, "data_said") == Given(("agenda (touché)\nagenda de la semaine",), "touched")
    assert given(log, "cause_said", "ANS").doubt
    assert given(log, "patients", "ANS") == Given(("potential",), "answers", doubt=True)
    assert given(log, "kinds", "ANS").values == ("a",)
    assert given(log, "malicious", "ANS").values == ("suspected",)
    assert given(log, "cause").values == ("unknown",)
    assert given(log, "data_sensitive").values == ()
    assert given(log, "informed").values == ("never",)
    log.say(Stated(Part.ENTRY, How.SAID), "pièce jointe")
    assert given(log, "cause_said", "ANS") == Given(("pièce jointe",), "incident")
    assert held(told(log), "informed_not").missing
    assert not held(told(log), "informed_how").asked


@pytest.mark.parametrize(
    ("sheet", "nature", "origin", "systems"),
    [
        ("lost.contain", ("confidentiality",), "lost_device", ()),
        ("mailbox.contain", ("confidentiality",), "hacking", ("mail",)),
        ("host.contain", (), "hacking", ()),
    ],
)
def test_the_sheet_that_is_followed_suggests(sheet: str, nature: Values, origin: str, systems: Values) -> None:
    log = aware()
    name = next(name for name in steps() if name.startswith(sheet))
    log.say(Followed(name, Gesture.DONE))
    assert given(log, "nature").values == nature
    assert given(log, "origin") == Given((origin,), "reflex", doubt=True)
    assert given(log, "systems_kinds", "ANS").values == systems


def steps() -> list[str]:
    return [name_of(sheet, phase, step) for sheet in sheets() for phase in PHASES for step in sheet.steps(phase)]


def test_an_insider_is_a_cause_and_states_show_how_far_it_is() -> None:
    log = aware()
    log.say(Followed(next(name for name in steps() if name.startswith("insider.contain")), Gesture.DONE))
    assert given(log, "cause") == Given(("internal_malicious",), "reflex", doubt=True)
    log.say(Moved(State.CONTAINED))
    assert given(log, "surety") == Given(("established",), "incident")
    assert given(log, "handling", "ANS").values == ("contained",)
    log.say(Moved(State.RECOVERED))
    assert given(log, "handling", "ANS").values == ("resolved",)


def test_a_step_that_is_no_more_in_the_book_is_passed_over() -> None:
    log = aware()
    log.entries.append(log.entry(Followed("ransomware.contain.ancient", Gesture.DONE)))
    log.say(Noted(), "rien")
    assert given(log, "measures_now").values == ()


def test_what_somebody_says_stands_over_the_facts_which_are_still_told() -> None:
    log = aware()
    log.say(Answered("ongoing", "yes"))
    place = log.say(Filled("CNIL", {"ongoing": ("no",), "ended_at": ("2026-11-02T10:00+01:00",)}))
    one = held(told(log), "ongoing")
    assert (one.given, one.facts) == (Given(("no",), "said"), Given(("yes",), "answers"))
    assert one.entry is log.entries[place - 1]
    assert held(told(log), "ended_at").asked
    log.say(Filled("CNIL", {"ongoing": ()}))
    assert held(told(log), "ongoing").missing
    log.say(Struck(place), "faux")
    log.say(Struck(place + 1), "faux")
    assert given(log, "ongoing") == Given(("yes",), "answers")


def test_what_is_said_once_serves_the_other_dossier_and_the_next_incident() -> None:
    log = aware()
    log.say(Filled("CNIL", {"siren": ("123456789",), "nature": ("integrity",)}))
    log.entries.append(log.entry(Filled("WEATHER", {"siren": ("1",)})))
    assert given(log, "siren", "ANS") == Given(("123456789",), "dossier")
    later = aware()
    earlier: dict[str, Any] = {"lasting": {"siren": ("987654321",), "description": ("vieux",)}}
    assert given(later, "siren", **earlier) == Given(("987654321",), "earlier")
    assert given(later, "description", **earlier).values != ("vieux",)
    assert given(later, "org_name", register={"practice": Given(("Parc",), "register")}).values == ("Parc",)


@pytest.mark.parametrize(
    ("count", "band"), [("0", "5"), ("6", "50"), ("300", "300"), ("301", "5000"), ("5001", "more")]
)
def test_the_band_follows_from_the_number(count: str, band: str) -> None:
    log = aware()
    assert given(log, "people_band").values == ()
    log.say(Filled("CNIL", {"people_count": (count,)}))
    assert given(log, "people_band") == Given((band,), "reckoned")


def test_what_left_is_carried_over_and_differences_are_told() -> None:
    log = aware()
    log.say(Answered("ongoing", "unknown"))
    log.say(Filled("CNIL", {"people_count": ("10",)}))
    log.say(Sent("CNIL", log.now, "", Stage.INITIAL, told=told(log).told))
    assert told(log).changed == ()
    assert given(log, "ongoing") == Given(("unknown",), "sent", doubt=True)
    log.say(Filled("CNIL", {"people_count": ("20",), "gravity": ("limited",)}))
    log.say(Answered("ongoing", "no"))
    changed = {one.field.id: (one.before, one.values) for one in told(log).changed}
    assert changed["people_count"] == (("10",), ("20",))
    assert changed["gravity"] == ((), ("limited",))
    assert "ongoing" not in changed
    ongoing = held(told(log), "ongoing")
    assert (ongoing.given, ongoing.facts) == (Given(("unknown",), "sent"), Given(("no",), "answers"))
    log.say(Sent("CNIL", log.now, "", Stage.COMPLEMENT, told=told(log).told))
    assert told(log).changed == ()
    assert len(told(log).sent) == 2


def test_told_persons_are_known_to_the_cnil_form() -> None:
    log = aware()
    at = log.now
    log.say(Sent("ART34", at))
    log.say(Sent("PLAINTE", at))
    assert given(log, "informed") == Given(("yes",), "sent_others")
    assert given(log, "informed_at").values == (f"{at.astimezone(PARIS):%Y-%m-%dT%H:%M}+01:00",)
    assert given(log, "others_told", "ANS").values == ("PLAINTE",)


def test_values_are_said_in_the_portals_words() -> None:
    nature, at, text = (CNIL.named(name) for name in ("nature", "began_at", "description"))
    assert nature is not None
    assert at is not None
    assert text is not None
    assert nature.said(("integrity", "ancient"), "fr") == "Perte de l’intégrité\nancient"
    assert nature.said(("integrity",), "en") == "Loss of integrity"
    assert at.said(("2026-10-25T12:00+01:00",), "fr") == "25/10/2026 12:00"
    assert at.said(("2026-10-25T12:00+01:00",), "en") == "2026-10-25 12:00"
    assert (at.said((), "fr"), text.said((), "fr"), text.said(("a",), "fr")) == ("", "", "a")


def allowed(word: Sent, text: str = "") -> None:
    """Say it 90 hours after awareness."""
    log = aware()
    check(log.one, log.entries, replace(log.entry(word, text), at=START + 90 * HOUR))


def test_late_takes_a_reason_where_the_law_asks_why() -> None:
    at = START + 73 * HOUR
    with pytest.raises(Refused, match="late"):
        allowed(Sent("CNIL", at))
    allowed(Sent("CNIL", at, reasons="injoignable"))
    allowed(Sent("CNIL", at), "portail injoignable")
    allowed(Sent("CNIL", START + 72 * HOUR))
    allowed(Sent("PLAINTE", at))
    assert not told(aware(), now=START + 72 * HOUR).late
    assert held(told(aware(), now=at), "late_reasons").missing


def test_a_complement_follows_a_first_one_and_is_awaited_after_an_initial_one() -> None:
    log = aware()
    assert refusal(log, Sent("CNIL", log.now, stage=Stage.COMPLEMENT)) == "no_first"
    log.say(Sent("CNIL", log.now, stage=Stage.INITIAL))
    at = log.entries[-1].at
    clock = next(clock for clock in clocks(log.one) if clock.duty.id == "CNIL")
    assert (clock.sent, clock.awaited) == (at, at + 72 * HOUR)
    log.say(Sent("CNIL", log.now, stage=Stage.COMPLEMENT))
    assert next(clock for clock in clocks(log.one) if clock.duty.id == "CNIL").awaited is None
    other = aware()
    other.say(Sent("CNIL", other.now, stage=Stage.COMPLETE))
    other.say(Sent("ANS", other.now, stage=Stage.INITIAL))
    assert {clock.awaited for clock in clocks(other.one)} == {None}
