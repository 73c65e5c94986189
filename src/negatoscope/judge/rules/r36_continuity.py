"""R36: a current plan to continue and recover, and backups that a drill has restored."""

from datetime import date, datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import Outcome, Restored, RestoreDrill
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding

RULE = Rule("R36", fresh=timedelta(days=7))
YEAR = timedelta(days=366)

RULE.attested("R36.1")
RULE.attested("R36.2")
RULE.awaiting("R36.3", "backup")


@RULE.measured("R36.4", fresh=YEAR)
def backups_were_restored(drills: Seen[RestoreDrill], now: datetime) -> Said:
    """Restore a real DICOM study and a real RIS database within the year, and keep the record."""
    today = now.astimezone(PARIS).date()
    for what in (Restored.DICOM_STUDY, Restored.RIS_DUMP):
        tried = [drill for drill in drills.facts if drill.what is what and drill.on <= today]
        last = max(tried, key=lambda drill: drill.on, default=None)
        if last is not None:
            yield from _drill(last, today)
        elif drills.sweeps:
            yield Finding("practice", "never_restored", {"restored": what.value})


def _drill(drill: RestoreDrill, today: date) -> Said:
    """Weigh the last drill of its sort: an earlier success does not make up for a later failure."""
    on = {"on": f"{drill.on:%Y-%m-%d}"}
    if today - drill.on > YEAR:
        yield Finding(drill.ref, "restored_long_ago", on)
    elif drill.outcome is None:
        yield unread(drill.ref, "outcome")
    elif drill.outcome is not Outcome.SUCCESS:
        yield Finding(drill.ref, "restore_failed", on)
    elif drill.document_digest is None:
        yield Doubt(drill.ref, "record_missing")
