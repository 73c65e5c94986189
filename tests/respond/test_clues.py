"""Indicators are typed, and brought to one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.incident import Clue
from negatoscope.respond.clues import Unlikely, clue


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        (Clue.ADDRESS, " 192[.]0[.]2[.]7 ", "192.0.2.7"),
        (Clue.ADDRESS, "2001:DB8:0:0::1", "2001:db8::1"),
        (Clue.DOMAIN, "hxxps://Mauvais[.]Example/porte?x=1", "mauvais.example"),
        (Clue.DOMAIN, "http://qui@mauvais.example:8080/", "mauvais.example"),
        (Clue.DOMAIN, "médecin.example.", "xn--mdecin-bva.example"),
        (Clue.HASH, "D41D8CD98F00B204 E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"),
        (Clue.FILE, r"C:\Users\Public\  a.exe", r"C:\Users\Public\ a.exe"),
        (Clue.ACCOUNT, "CABINET\\svc-pacs", "CABINET\\svc-pacs"),
    ],
)
def test_an_indicator_has_one_form(kind: Clue, said: str, kept: str) -> None:
    assert clue(kind, said) == kept
    assert clue(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Clue.ADDRESS, "192.0.2.777"),
        (Clue.ADDRESS, "poste-3"),
        (Clue.DOMAIN, "192.0.2.7"),
        (Clue.DOMAIN, "sans point"),
        (Clue.DOMAIN, "é" * 80 + ".example"),
        (Clue.HASH, "d41d8"),
        (Clue.HASH, "z" * 32),
        (Clue.FILE, ""),
        (Clue.FILE, "x" * 261),
        (Clue.ACCOUNT, "nom\x00caché"),
    ],
)
def test_what_is_none_of_its_kind_is_refused(kind: Clue, said: str) -> None:
    with pytest.raises(Unlikely, match=kind):
        clue(kind, said)


@given(st.sampled_from(Clue), st.text(max_size=300))
def test_whatever_is_typed_is_kept_in_one_form_or_refused(kind: Clue, said: str) -> None:
    try:
        kept = clue(kind, said)
    except Unlikely:
        return
    assert clue(kind, kept) == kept
