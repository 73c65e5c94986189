"""R32: robust access control of the premises."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, day_ahead, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.premises import Door, DoorControl, Room

RULE = Rule("R32", fresh=timedelta(days=7))
QUARTER = timedelta(days=92)


@RULE.measured("R32.1", fresh=QUARTER)
def private_rooms_stay_shut(doors: Seen[Door], rooms: Seen[Room], now: datetime) -> Said:
    """Hold each door of a room that is not public, and try it each quarter."""
    today = now.astimezone(PARIS).date()
    known = {room.ref: room for room in rooms.facts}
    for door in doors.facts:
        yield from _door(door, known, today)
    leading = {door.room for door in doors.facts}
    yield from (
        Doubt(ref, "room_without_door") for ref, room in known.items() if not room.public and ref not in leading
    )


def _door(door: Door, rooms: Mapping[Ref, Room], today: date) -> Said:
    room = rooms.get(door.room or "")
    if room is None or room.public is None:
        yield Doubt(door.ref, "room_unknown")
    elif room.public:
        return
    elif door.control is None:
        yield unread(door.ref, "door_control")
    elif door.control is DoorControl.FREE:
        yield Finding(door.ref, "door_free")
    elif door.tested_on is None or door.held is None:
        yield Doubt(door.ref, "door_untried")
    else:
        yield from day_ahead(door.ref, "tested_on", door.tested_on, today)
        if not door.held:
            yield Finding(door.ref, "door_gave_way", {"on": f"{door.tested_on:%Y-%m-%d}"})
        elif today - door.tested_on > QUARTER:
            yield Finding(door.ref, "tried_long_ago", {"on": f"{door.tested_on:%Y-%m-%d}"})


RULE.attested("R32.2")
RULE.attested("R32.3")
RULE.attested("R32.4", lasts=timedelta(days=100))
RULE.awaiting("R32.5", "access_control")
