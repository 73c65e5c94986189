"""A watch that hears every server and gateway, looks without a break, and is answered in time."""

from datetime import date, timedelta

from negatoscope.model.alert import AlertOutcome
from negatoscope.model.tip import TipOutcome
from negatoscope.model.watching import (
    AMOUNT,
    BY_WHOM,
    AlertHandled,
    DetectorRun,
    IncidentHandled,
    LogsKept,
    SourceHealth,
    TipHandled,
)
from negatoscope.model.weekly import WeekReview
from tests.judge.cases.healthy.touched import NAS
from tests.judge.memory import AT

HOUR = timedelta(hours=1)
BEHAVIOURS = ("unusual_hours", "transfers", "attempts", "inactive", "bypass")
SERVER = SourceHealth("10.78.0.8", ("logon", "process"), (NAS,), AT - HOUR, silent=False, lost=0)
GATEWAY = SourceHealth("10.77.0.1", ("connection", AMOUNT, BY_WHOM), ("host/fw-1",), AT - HOUR, silent=False, lost=0)
MAILS = SourceHealth("courriel", ("mailbox_opened",), (), AT - HOUR, silent=False, lost=0)
HANDLED = AlertHandled(1, "attempts", NAS, AT + 2 * HOUR, AT - 3 * HOUR, AlertOutcome.FALSE, ())
REVIEW = WeekReview(
    date(2026, 11, 9), AT - 100 * HOUR, "Anna Petit (apetit)", 0, "3" * 64, AT - 90 * HOUR, "Anna Petit"
)
RULES = DetectorRun("sigma", AT - 90 * HOUR, AT - HOUR, missing=())
RUNS = (
    *(DetectorRun(name, AT - 90 * HOUR, AT - HOUR, off=False, off_at=(), loosened=(), admins=2) for name in BEHAVIOURS),
    RULES,
)
TIP = TipHandled(4, AT - 22 * HOUR, AT + 2 * HOUR, AT - 3 * HOUR, TipOutcome.HARMLESS)
INCIDENT = IncidentHandled(2, AT - 900 * HOUR, closed=True, hosts=1, declared=("CNIL/met",))
LOGS = LogsKept(date(2026, 9, 1), (), 0, ())
FACTS = (SERVER, GATEWAY, MAILS, HANDLED, *RUNS, REVIEW, LOGS, TIP, INCIDENT)
