"""Tables, a file a family."""

from negatoscope.store.models.access import CredentialRow, ScheduleRow, SealedCodeRow, TokenRow
from negatoscope.store.models.alerts import AlertPartRow, AlertRow, AlertStepRow
from negatoscope.store.models.channels import ChannelRow, DeliveryRow, DeliveryState
from negatoscope.store.models.evidence import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow
from negatoscope.store.models.files import FollowedFileRow, LogFileRow, LogFolderRow
from negatoscope.store.models.incidents import IncidentEntryRow, IncidentRow
from negatoscope.store.models.jobs import JobRow, JobState
from negatoscope.store.models.judgements import JudgementRow, RuleResultRow
from negatoscope.store.models.launches import LaunchRow, RingRow
from negatoscope.store.models.layouts import LayoutRow
from negatoscope.store.models.ledger import CheckpointRow, KeyChangeRow, LedgerRow
from negatoscope.store.models.mail import MailRow
from negatoscope.store.models.notices import NoticeRow, NoticeState
from negatoscope.store.models.practice import PracticeRow, SiteRow
from negatoscope.store.models.probes import LendingRow, ParcelRow, ProbeRow
from negatoscope.store.models.sources import SourceHourRow
from negatoscope.store.models.spam import SpamSendingRow, SpamServiceRow
from negatoscope.store.models.subjects import ChangeRow, MarkRow, RevisionRow, SubjectRow
from negatoscope.store.models.tips import TipDoorRow, TipRow, TipWordRow
from negatoscope.store.models.users import FirstLink, GrantRow, Role, User

__all__ = [
    "AlertPartRow",
    "AlertRow",
    "AlertStepRow",
    "ChangeRow",
    "ChannelRow",
    "CheckpointRow",
    "CredentialRow",
    "DeliveryRow",
    "DeliveryState",
    "FactRow",
    "FirstLink",
    "FollowedFileRow",
    "GapRow",
    "GrantRow",
    "IncidentEntryRow",
    "IncidentRow",
    "JobRow",
    "JobState",
    "JudgementRow",
    "KeyChangeRow",
    "LaunchRow",
    "LayoutRow",
    "LedgerRow",
    "LendingRow",
    "LogFileRow",
    "LogFolderRow",
    "MailRow",
    "MarkRow",
    "NoticeRow",
    "NoticeState",
    "ObservationRow",
    "ParcelRow",
    "PracticeRow",
    "ProbeRow",
    "RevisionRow",
    "RingRow",
    "Role",
    "RuleResultRow",
    "ScheduleRow",
    "SealedCodeRow",
    "SiteRow",
    "SoftwareRow",
    "SourceHourRow",
    "SpamSendingRow",
    "SpamServiceRow",
    "SubjectRow",
    "SweepRow",
    "TipDoorRow",
    "TipRow",
    "TipWordRow",
    "TokenRow",
    "User",
]
