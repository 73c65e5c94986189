"""Letters without their accents: machines cannot bear them in their names, lists write them all the same."""

from unicodedata import combining, normalize


def without_accents(text: str) -> str:
    """The same letters, bare: ``Élysée`` becomes ``Elysee``."""
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
