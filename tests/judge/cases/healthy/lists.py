"""Lists that people keep: doors, keys and their hand-overs, media, drills, the call list."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.continuity import Call, CallDrill, Contact, CrisisExercise, Outcome, Restored, RestoreDrill
from negatoscope.model.keys import AlarmCode, Handover, HandoverState, Key, KeyKind
from negatoscope.model.media import Medium, MediumState
from negatoscope.model.papers import PaperKind
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.premises import Door, DoorControl, Room
from negatoscope.model.presence import Absence, AbsenceKind
from negatoscope.model.providers import Provider
from tests.judge.cases.healthy.computers import ANNA
from tests.judge.cases.healthy.people import LUC, TODAY, signature

LEA = Person("lea.martin", "Léa Martin", kind=StaffKind.STAFF)
RECORD = "1" * 64


CLEANER = Provider("Nettoyage Claire")
WAITING, TECHNICAL = Room("Salle d’attente", public=True), Room("Local technique", public=False)
ENTRANCE = Door("Entrée", WAITING.ref, DoorControl.FREE)
RACK = Door("Porte du local technique", TECHNICAL.ref, DoorControl.BADGE, None, TODAY - timedelta(days=30), held=True)
BADGE, PASSKEY = Key("Badge 12", KeyKind.BADGE, traced=True), Key("Clé passe 1", KeyKind.KEY, traced=False)
ALARM = AlarmCode("Rez-de-chaussée", TODAY - timedelta(days=50))
LUCS = Handover(
    BADGE.ref, LUC.ref, TODAY - timedelta(days=300), None, HandoverState.RETURNED, TODAY - timedelta(days=60)
)
ANNAS = Handover(PASSKEY.ref, ANNA.ref, TODAY - timedelta(days=900), None, HandoverState.HELD)
LENT = Handover(BADGE.ref, CLEANER.ref, TODAY - timedelta(days=20), TODAY + timedelta(days=10), HandoverState.HELD)
KNOWN = Handover(ALARM.ref, LUC.ref, TODAY - timedelta(days=300), None, HandoverState.RETURNED)
OLD_DISK = Medium(
    "WD-4021", "PACS", TODAY - timedelta(days=90), MediumState.DESTROYED, None, TODAY - timedelta(days=60), "D-118"
)
STUDY, DUMP = (
    RestoreDrill(what, TODAY - timedelta(days=70), Outcome.SUCCESS, 95, ANNA.ref, "essai.pdf", RECORD)
    for what in (Restored.DICOM_STUDY, Restored.RIS_DUMP)
)
FIRST_CALL = Call(ANNA.ref, 1, "06 00 00 00 00", LEA.ref, TODAY - timedelta(days=70), "05 00 00 00 00")
SECOND_CALL = Call(LEA.ref, 2, "06 00 00 00 01", ANNA.ref, TODAY - timedelta(days=70), "05 00 00 00 01")
ANNA_AWAY = Absence(ANNA.ref, TODAY + timedelta(days=3), TODAY + timedelta(days=9), AbsenceKind.LEAVE)
HELP_DESK = Contact("Infogérance", "Panne", "01 00 00 00 00", None, TODAY - timedelta(days=70))
PLAYED = CrisisExercise(TODAY - timedelta(days=70), "Rançongiciel", 17, 15, 0, "exercice.pdf", RECORD)
TRIAL = CallDrill(TODAY - timedelta(days=70), Outcome.SUCCESS, 22, "appel.pdf", RECORD, 2, 2)

FACTS = (
    LEA, *(replace(signature(kind), person=LEA.ref) for kind in (PaperKind.POLICY, PaperKind.CHARTER)),
    replace(signature(PaperKind.TRAINING, None), person=LEA.ref),
    CLEANER, WAITING, TECHNICAL, ENTRANCE, RACK, BADGE, PASSKEY, ALARM, LUCS, ANNAS, LENT, KNOWN, OLD_DISK, STUDY, DUMP,
    FIRST_CALL, SECOND_CALL, ANNA_AWAY, HELP_DESK, TRIAL, PLAYED,
)  # fmt: skip
