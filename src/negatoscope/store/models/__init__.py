"""Tables, a file a family."""

from negatoscope.store.models.evidence import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow
from negatoscope.store.models.jobs import JobRow, JobState
from negatoscope.store.models.judgements import JudgementRow, RuleResultRow
from negatoscope.store.models.ledger import CheckpointRow, KeyChangeRow, LedgerRow
from negatoscope.store.models.practice import PracticeRow, SiteRow
from negatoscope.store.models.users import FirstLink, User

__all__ = [
    "CheckpointRow",
    "FactRow",
    "FirstLink",
    "GapRow",
    "JobRow",
    "JobState",
    "JudgementRow",
    "KeyChangeRow",
    "LedgerRow",
    "ObservationRow",
    "PracticeRow",
    "RuleResultRow",
    "SiteRow",
    "SoftwareRow",
    "SweepRow",
    "User",
]
