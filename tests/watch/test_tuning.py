"""What people change of the five situations: within bounds, said when it is too loose, and for a site alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from negatoscope.model.tuning import AlertExemption, Setting, Tuning
from negatoscope.watch import tuning
from negatoscope.watch.behaviours import five
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.sparing import LONGEST, Spared, sparable, too_long
from negatoscope.watch.texts import texts

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tuned(behaviour: str, site: str | None = None, *, on: bool = True, **changed: Setting) -> Tuning:
    return Tuning(behaviour, "quiet", "Marie", AT, site, on, changed)


def test_every_setting_has_its_words_and_its_bounds_and_none_is_loose_by_itself() -> None:
    told = {code: set(one.settings) for code, one in tuning.situations().items()}
    assert told == {code: set(type(getattr(five.Settings(), code)).__struct_fields__) for code in five.CODES}
    for code, names in told.items():
        usual = {name: tuning.default(code, name) for name in names}
        assert all(tuning.fits(code, name, value) for name, value in usual.items())
        assert tuning.loosened(code, usual) == ()


@pytest.mark.parametrize(
    ("code", "name", "value", "fits", "loose"),
    [
        ("attempts", "fast", 30, True, False), ("attempts", "fast", 31, True, True),
        ("attempts", "fast", 1, False, False),
        ("attempts", "fast", 10.5, False, False), ("attempts", "fast", True, False, False),
        ("attempts", "fast", ("10",), False, False), ("attempts", "no such", 3, False, False),
        ("attempts", "fast_minutes", 4, True, True), ("attempts", "fast_minutes", 60, True, False),
        ("unusual_hours", "share", 0.04, True, True), ("unusual_hours", "share", 1, True, False),
        ("unusual_hours", "ignored", ("imap",), True, False), ("unusual_hours", "ignored", ("ssh",), True, True),
        ("unusual_hours", "ignored", ("",), False, False), ("unusual_hours", "ignored", 3, False, False),
        ("bypass", "clear", ("telnet",), True, True), ("bypass", "random_devices", True, True, False),
        ("bypass", "random_devices", 1, False, False), ("transfers", "expected", ("x",) * 21, True, True),
        ("transfers", "expected", ("x",) * 61, False, False),
    ],
)  # fmt: skip
def test_what_a_setting_takes_and_from_where_on_it_is_too_loose(
    code: str, name: str, value: Setting, *, fits: bool, loose: bool
) -> None:
    assert tuning.fits(code, name, value) is fits
    assert tuning.loosened(code, {name: value}) == ((name,) if loose else ())


def test_a_site_s_own_tuning_holds_there_and_the_practice_s_elsewhere() -> None:
    held = tuning.made([
        tuned("attempts", fast=20, unheard_of=3, slow=2),
        tuned("attempts", "Annecy", on=False, fast=3),
        tuned("transfers", expected=("9.9.9.7", "Sauvegarde.hds.example.fr", "host/nas")),
        tuned("no such behaviour"),
    ])  # fmt: skip
    assert (held.attempts.fast, held.attempts.slow, set(held.off)) == (20, 20, set())
    site = held.sites["annecy"]
    assert (site.attempts.fast, set(site.off)) == (3, {"attempts"})
    assert site.transfers == held.transfers
    assert {"9.9.9.0/24", "example.fr", "host/nas"} <= held.transfers.expected
    again = tuning.made([tuned("attempts", on=False), tuned("attempts", "Annecy")])
    assert (set(again.off), set(again.sites["annecy"].off)) == ({"attempts"}, set())


def found(code: str, reason: str, subject: str) -> Detection:
    return Detection(Kind.BEHAVIOUR, code, subject, AT, AT, (), Level.LOW, f"{code}/{subject}", reason)


def test_an_exemption_spares_one_situation_of_one_subject_until_its_last_day() -> None:
    one = found("transfers", "own_past", "host/nas")
    told = AlertExemption("transfers", "own_past", "host/nas", "the backup", "Marie", AT, date(2026, 11, 22))
    others = [found("transfers", "leak", "host/nas"), found("transfers", "own_past", "host/pacs")]
    assert list(Spared((told,)).rest([one, *others])) == others
    over = replace(told, until=date(2026, 11, 21))
    assert list(Spared((over,)).rest([one])) == [one]
    later = replace(told, until=AT.date())
    assert list(Spared((later,)).rest([one], AT)) == []
    assert list(Spared((later,)).rest([one], AT + timedelta(days=1))) == [one]  # it goes on


@pytest.mark.parametrize(
    ("code", "reason", "subject"),
    [
        ("inactive", "left", "account/x"), ("attempts", "success_after", "address/x"),
        ("bypass", "log_cleared", "host/x"),
        ("unusual_hours", "outside_habit", "person/chief"),
    ],
)  # fmt: skip
def test_what_is_always_told_cannot_be_spared(code: str, reason: str, subject: str) -> None:
    key = frozenset({"person/chief"})
    told = AlertExemption(code, reason, subject, "hush", "Marie", AT, date(2027, 1, 1))
    assert not sparable(code, reason, subject, key)
    assert list(Spared((told,), key).rest([found(code, reason, subject)]))
    assert sparable("attempts", "slow", subject, key)


def test_an_exemption_ends_within_half_a_year() -> None:
    today = AT.date()
    assert not too_long(today, today + LONGEST)
    assert too_long(today, today.replace(day=21))
    assert too_long(today, date(2027, 11, 22))


def test_situations_that_can_never_be_spared_exist() -> None:
    assert {"success_after", "log_cleared"} <= set(texts().reasons)
