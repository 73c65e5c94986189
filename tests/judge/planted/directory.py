"""Flaws of a directory, planted in the recorded capture of a real one and read by the real reader.

The recorded domain is a Samba; what Samba cannot be (a domain of today's level, its administrator with a card) is
edited in for the healthy twin, so that every control has one.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Sweep
from negatoscope.observe.directory.read import read
from tests.judge.memory import SEEN_AT, World, of
from tests.judge.planted.plant import Plant
from tests.observe.directory.practice import SERVICES, listed

FOLDER = Path(__file__).parents[2] / "captures" / "directory"
HEALTHY = [json.loads(line) for line in (FOLDER / "healthy.jsonl").read_text("utf-8").splitlines()]
BASE = "DC=cabinet,DC=lan"
Edits = Mapping[tuple[str, str], Mapping[str, object]]
"""Question and how the entry's name begins; attributes and their new values: text, base64 as bytes, or none."""

NORMAL, CARD, NOT_DELEGATED = 0x200, 0x40000, 0x100000
OLD = "132000000000000000"
"""A FILETIME of 2019."""
TODAY: Edits = {
    ("domain", BASE): {"msDS-Behavior-Version": "7"},
    ("users", "CN=Administrator,"): {"userAccountControl": str(NORMAL | CARD | NOT_DELEGATED)},
}
PERSON = ("users", "CN=bruno.moreau,")
CHIEF = ("users", "CN=adm.moreau,")
HOST = ("computers", "CN=SRV-IMAGES,")
WINDOWS = {"operatingSystem": "Windows 7 Professionnel"}
SCARED = str(NORMAL | CARD)


def flags(more: int) -> Mapping[str, object]:
    return {"userAccountControl": str(NORMAL | CARD | more)}


def edited(edits: Edits) -> BytesIO:
    """The recorded capture with these entries changed."""
    lines = [dict(line) for line in HEALTHY]
    for (of_question, begins), values in edits.items():
        found = [line for line in lines if line.get("of") == of_question and str(line.get("dn", "")).startswith(begins)]
        if not found:
            raise AssertionError(f"{of_question} has no {begins}")
        for line in found:
            line["has"] = {**line["has"], **{name: _values(value) for name, value in values.items()}}
    return BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def _values(value: object) -> list[object]:
    return [{"b64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value]


def world(edits: Edits, age: timedelta = timedelta(0)) -> World:
    """What the register holds after this look, the staff list, and a word on each service account."""
    items = [spoken_for(item) for item in read(edited({**TODAY, **edits}))]
    return of([*items, *listed(), Sweep("Person"), Sweep("Directory")], SEEN_AT - age)


def spoken_for(item: object) -> object:
    if isinstance(item, DirectoryAccount) and item.name in SERVICES:
        return replace(item, kind=AccountKind.SERVICE, purpose=SERVICES[item.name])
    return item


def planted(edits: Edits) -> Plant:
    return Plant(partial(world, {}), partial(world, edits))


def with_trust(attributes: str) -> World:
    """A trust cannot be made with one server: the entry is written as [MS-ADTS] 6.1.6.7 has it."""
    entry = {
        "trustPartner": ["groupe.example"],
        "trustDirection": ["2"],
        "trustType": ["2"],
        "trustAttributes": [attributes],
    }
    lines = [json.loads(line) for line in edited(TODAY).read().splitlines()]
    at = next(n for n, line in enumerate(lines) if line.get("of") == "trusts" and "status" in line)
    lines[at]["entries"] = 1
    lines.insert(at, {"of": "trusts", "dn": f"CN=groupe.example,CN=System,{BASE}", "has": entry})
    items = read(BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    return of([*map(spoken_for, items), *listed(), Sweep("Person"), Sweep("Directory")])


def domain_sid(relative: int) -> bytes:
    said = next(line["has"]["objectSid"][0] for line in HEALTHY if line.get("of") == "domain" and "has" in line)
    sid = bytearray(base64.b64decode(said["b64"]))
    sid[1] += 1
    return bytes(sid) + relative.to_bytes(4, "little")


def recorded(name: str) -> World:
    """A capture of the sick domain, as it came."""
    items = read(BytesIO((FOLDER / f"{name}.jsonl").read_bytes()))
    return of([*map(spoken_for, items), *listed(), Sweep("Person"), Sweep("Directory")])


SICK: Callable[[], World] = partial(recorded, "flawed")
FOUND_IN_SICK = ("R2.2", "R9.5", "R10.11", "R20.2")
"""Planted by real configuration; the others are planted in the healthy capture, one at a time."""

PLANTS: dict[str, Plant] = {
    **{control: Plant(partial(world, {}), SICK) for control in FOUND_IN_SICK},
    "R8.5": planted({PERSON: {"sAMAccountName": "manip1"}}),
    "R8.8": Plant(partial(world, {}), lambda: _left("bruno.moreau")),
    "R10.8": planted({PERSON: {"pwdLastSet": OLD}}),
    "R10.12": planted({PERSON: flags(0x20)}),
    "R13.1": planted({PERSON: {"userAccountControl": str(NORMAL)}}),
    "R13.4": planted({CHIEF: {"userAccountControl": str(NORMAL | NOT_DELEGATED)}}),
    "R20.1": Plant(partial(world, {}), partial(world, {}, timedelta(days=60))),
    "R20.4": planted({PERSON: flags(0x80000)}),
    "R20.5": planted({CHIEF: {"servicePrincipalName": "MSSQLSvc/ris.cabinet.lan:1433"}}),
    "R20.6": planted({PERSON: flags(0x400000)}),
    "R20.7": planted({("users", "CN=krbtgt,"): {"pwdLastSet": OLD}}),
    "R20.8": planted({("domain", BASE): {"ms-DS-MachineAccountQuota": "10", "msDS-Behavior-Version": "7"}}),
    "R20.9": planted({HOST: WINDOWS}),
    "R20.10": planted({HOST: WINDOWS}),
    "R20.11": Plant(partial(with_trust, "8"), partial(with_trust, "72")),
    "R20.12": planted({PERSON: {"lastLogonTimestamp": OLD}}),
    "R20.13": planted({PERSON: {"adminCount": "1"}}),
    "R20.14": planted({("heuristics", "CN=Directory Service"): {"dSHeuristics": "0000002"}}),
    "R20.15": planted({("domain", BASE): {"msDS-Behavior-Version": "4"}}),
    "R20.16": planted({PERSON: flags(0x80)}),
    "R20.17": planted({CHIEF: {"userAccountControl": SCARED}}),
    "R20.18": planted({PERSON: {"sIDHistory": domain_sid(512)}}),
}


def _left(login: str) -> World:
    """Somebody's account is declared theirs, and they are no longer in the list."""
    told = world({})
    account = next(fact for fact in told.facts if isinstance(fact, DirectoryAccount) and fact.name == login)
    return told.with_(replace(account, holder="person/parti"))
