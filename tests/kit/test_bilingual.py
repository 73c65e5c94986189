"""Texts in two languages, and how they count."""

from negatoscope.kit.bilingual import counted


def test_words_agree_with_a_number_and_french_counts_zero_as_one() -> None:
    assert [counted(f"{n} ligne(s)", n, "fr") for n in (0, 1, 2)] == ["0 ligne", "1 ligne", "2 lignes"]
    assert [counted(f"{n} line(s)", n, "en") for n in (0, 1, 2)] == ["0 lines", "1 line", "2 lines"]
