"""What entries of the ledger about Signal Spam are called on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
ACTS: Mapping[str, Text] = {
    "spam_service": _("réglage de Signal Spam"),
    "spam_tried": _("essai du compte Signal Spam"),
    "spam_leaving": _("courriel en partance vers Signal Spam"),
    "spam_taken": _("courriel pris par Signal Spam"),
    "spam_refused": _("courriel non pris par Signal Spam"),
    "spam_unsure": _("courriel peut-être pris par Signal Spam"),
}
