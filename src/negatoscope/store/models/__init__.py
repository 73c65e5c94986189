"""Tables, a file a family."""

from negatoscope.store.models.access import CredentialRow, ScheduleRow, SealedCodeRow, TokenRow
from negatoscope.store.models.evidence import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow
from negatoscope.store.models.jobs import JobRow, JobState
from negatoscope.store.models.judgements import JudgementRow, RuleResultRow
from negatoscope.store.models.ledger import CheckpointRow, KeyChangeRow, LedgerRow
from negatoscope.store.models.mail import MailRow
from negatoscope.store.models.notices import NoticeRow, NoticeState
from negatoscope.store.models.practice import PracticeRow, SiteRow
from negatoscope.store.models.subjects import ChangeRow, MarkRow, RevisionRow, SubjectRow
from negatoscope.store.models.users import FirstLink, GrantRow, Role, User

__all__ = [
    "ChangeRow",
    "CheckpointRow",
    "CredentialRow",
    "FactRow",
    "FirstLink",
    "GapRow",
    "GrantRow",
    "JobRow",
    "JobState",
    "JudgementRow",
    "KeyChangeRow",
    "LedgerRow",
    "MailRow",
    "MarkRow",
    "NoticeRow",
    "NoticeState",
    "ObservationRow",
    "PracticeRow",
    "RevisionRow",
    "Role",
    "RuleResultRow",
    "ScheduleRow",
    "SealedCodeRow",
    "SiteRow",
    "SoftwareRow",
    "SubjectRow",
    "SweepRow",
    "TokenRow",
    "User",
]
