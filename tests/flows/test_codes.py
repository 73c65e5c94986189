"""Alarm codes: sealed apart from the list, shown to who asks and is named, and written nowhere in clear."""

from pathlib import Path

import pytest
from django.core.management import call_command
from tests.nowhere import nowhere

from negatoscope.flows import codes, credentials, ledgering, listing
from negatoscope.flows.codes import CodeRefused
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.importing import Upload, accept
from negatoscope.flows.opening import lay_out
from negatoscope.flows.replaying import replay
from negatoscope.kit.sealing import Unsealable
from negatoscope.model.evidence import Retraction
from negatoscope.model.keys import AlarmCode
from negatoscope.observe.collector import Login
from negatoscope.store.models import LedgerRow, SealedCodeRow

WHO = "user:amelie"
SECRET = "4711-Éclair-jamais-écrit"
ALARM = AlarmCode("Alarme du rez-de-chaussée")
HEAD = "Alarme;Code changé le;Supprimer\n"


@pytest.fixture
def held(console: Console) -> Console:
    declare(console, Said(WHO), (ALARM,))
    codes.keep(console, WHO, ALARM.ref, f" {SECRET} ")
    return console


def kinds() -> list[str]:
    entered = LedgerRow.objects.order_by("sequence").values_list("kind", flat=True)
    return [kind.removeprefix("alarm_code_") for kind in entered if kind.startswith("alarm_code")]


def standing(console: Console) -> AlarmCode:
    alarm: AlarmCode = listing.declared(console, AlarmCode)[ALARM.ref]
    return alarm


def test_each_showing_of_a_code_is_in_the_ledger(held: Console) -> None:
    assert codes.shown(held, WHO, ALARM.ref) == SECRET
    assert codes.shown(held, WHO, ALARM.ref) == SECRET
    codes.forget(held, WHO, ALARM.ref)
    assert kinds() == ["kept", "shown", "shown", "forgotten"]
    assert codes.kept(held, ALARM.ref) is None


def test_a_showing_that_cannot_be_entered_does_not_happen(held: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_told: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(codes, "enter", broken)
    with pytest.raises(OSError, match="full"):
        codes.shown(held, WHO, ALARM.ref)


def test_a_changed_code_dates_the_alarm_and_the_same_code_did_not_change(held: Console) -> None:
    with pytest.raises(CodeRefused, match="same"):
        codes.change(held, WHO, ALARM.ref, SECRET)
    assert standing(held).changed_on is None
    codes.change(held, WHO, ALARM.ref, "another-9900")
    assert standing(held).changed_on == held.clock().date()
    assert codes.shown(held, WHO, ALARM.ref) == "another-9900"


def test_what_is_no_code_of_a_listed_alarm_is_refused(held: Console) -> None:
    for code, said in {"empty": ("", "  ", "a\nb", "\x00"), "too_long": ("9" * 81,)}.items():
        for one in said:
            with pytest.raises(CodeRefused, match=code):
                codes.keep(held, WHO, ALARM.ref, one)
    declare(held, Said(WHO), (AlarmCode("Autre"),))
    with pytest.raises(CodeRefused, match="unknown"):
        codes.keep(held, WHO, "alarmcode/inconnue", "1")
    for act in (codes.shown, codes.forget):
        with pytest.raises(CodeRefused, match="unknown"):
            act(held, WHO, "alarmcode/Autre")
    assert codes.shown(held, WHO, ALARM.ref) == SECRET


@pytest.mark.parametrize("way", ["page", "row", "complete"])
def test_a_code_goes_with_its_alarm_however_that_leaves_the_list(held: Console, way: str) -> None:
    today = held.clock().date()
    if way == "page":
        declare(held, Said(WHO), (), (Retraction("AlarmCode", ALARM.ref),))
    else:
        rows = f"{ALARM.name};;oui\n" if way == "row" else "Autre;;\n"
        accept(held, Upload("alarm-codes", "a.csv", (HEAD + rows).encode(), today if way == "complete" else None), WHO)
    assert not SealedCodeRow.objects.exists()
    declare(held, Said(WHO), (ALARM,))
    with pytest.raises(CodeRefused, match="unknown"):
        codes.shown(held, WHO, ALARM.ref)


def test_a_sealed_code_moved_or_altered_does_not_open(held: Console) -> None:
    declare(held, Said(WHO), (AlarmCode("Autre"),))
    sealed = bytes(SealedCodeRow.objects.get().sealed)
    SealedCodeRow.objects.update(ref="alarmcode/Autre")
    with pytest.raises(Unsealable):
        codes.shown(held, WHO, "alarmcode/Autre")
    SealedCodeRow.objects.update(ref=ALARM.ref, sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Unsealable):
        codes.shown(held, WHO, ALARM.ref)
    codes.change(held, WHO, ALARM.ref, SECRET)
    assert codes.shown(held, WHO, ALARM.ref) == SECRET


def test_the_key_is_apart_and_a_lost_one_is_said_and_never_replaced(held: Console) -> None:
    file = codes.seals(held).file
    assert (file.name, file.stat().st_mode & 0o777) == ("codes.key", 0o600)
    assert file != credentials.seals(held).file
    file.unlink()
    for act in (lambda: codes.shown(held, WHO, ALARM.ref), lambda: codes.keep(held, WHO, ALARM.ref, "1")):
        with pytest.raises(KeyLost, match=r"codes\.key"):
            act()
    assert not file.exists()
    codes.forget(held, WHO, ALARM.ref)
    codes.keep(held, WHO, ALARM.ref, "2")
    assert codes.shown(held, WHO, ALARM.ref) == "2"


def test_a_rotation_seals_codes_anew(held: Console) -> None:
    before = codes.seals(held).ring()
    assert codes.rotate(held, WHO) == 1
    assert codes.seals(held).ring()[0] not in before
    assert len(codes.seals(held).ring()) == 1
    assert codes.shown(held, WHO, ALARM.ref) == SECRET
    codes.forget(held, WHO, ALARM.ref)
    assert codes.rotate(held, WHO) == 0


def test_a_code_is_in_no_file_table_or_export_and_a_replay_does_not_bring_it_back(
    held: Console, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    codes.shown(held, WHO, ALARM.ref)
    codes.change(held, WHO, ALARM.ref, "another-9900")
    exported = tmp_path / "ledger.json"
    exported.write_bytes(ledgering.export(held, WHO))
    for secret in (SECRET, "another-9900"):
        nowhere(secret, tmp_path)
        assert secret not in caplog.text
    changed_on = standing(held).changed_on
    call_command("flush", interactive=False, verbosity=0)
    again = lay_out(held.config, held.clock)
    replay(again, WHO)
    assert standing(again).changed_on == changed_on
    assert codes.kept(again, ALARM.ref) is None


def test_log_ins_and_codes_have_keys_of_their_own(held: Console) -> None:
    credentials.add(held, WHO, "annuaire", Login("lecture", "mot"))
    row = SealedCodeRow.objects.get()
    with pytest.raises(Unsealable):
        credentials.seals(held).unseal(bytes(row.sealed), b"")
