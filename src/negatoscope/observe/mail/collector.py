"""The collector ``mail``: what mail systems send on, handed over."""

from msgspec import Struct

from negatoscope.observe.collector import Collector
from negatoscope.observe.handed import reader
from negatoscope.observe.mail.exchange import INBOX_RULES, MAILBOXES


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: files are handed over."""


SORTS = (MAILBOXES, INBOX_RULES)
MAIL = Collector("mail", NoSettings, None, reader(SORTS), gives=("MailSystem", "MailForward"), sorts=SORTS)
