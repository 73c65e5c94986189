"""A text in French and English, as the data files of every room hold them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Lang = Literal["fr", "en"]
Text = Annotated[str, Meta(min_length=1)]


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    fr: Text
    en: Text

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


def counted(text: str, many: object, lang: Lang) -> str:
    """A text whose words that end in ``(s)`` agree with a number; French counts zero as one."""
    one = str(many) in ({"0", "1"} if lang == "fr" else {"1"})
    return text.replace("(s)", "" if one else "s")
