"""Small numbers in words, for headlines."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

_WORDS = gettext_lazy(
    "aucun|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix-sept|"
    "dix-huit|dix-neuf|vingt|vingt et un|vingt-deux|vingt-trois|vingt-quatre|vingt-cinq|vingt-six|vingt-sept|"
    "vingt-huit|vingt-neuf|trente|trente et un|trente-deux|trente-trois|trente-quatre|trente-cinq|trente-six|"
    "trente-sept|trente-huit|trente-neuf|quarante"
)


def counted(number: int) -> str:
    """A number from 0 to 40 in words; beyond, in figures."""
    words = str(_WORDS).split("|")
    return words[number] if number < len(words) else str(number)


def counted_first(number: int) -> str:
    """The same at the head of a sentence."""
    return str(capfirst(counted(number)))
