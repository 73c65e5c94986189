"""Any value as a reader wants it."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def in_words(value: Any) -> str:  # noqa: ANN401 -- whatever a fact or a column holds
    """A value in words; ``None`` was not observed, and says so by a dash."""
    match value:
        case None:
            return "—"
        case True:
            return _("oui")
        case False:
            return _("non")
        case tuple() | list() | set() | frozenset():
            return ", ".join(in_words(one) for one in value) or _("aucun")
        case date():
            return date_format(localtime(value) if isinstance(value, datetime) else value, _("d/m/Y"))
        case _:
            return str(value)
