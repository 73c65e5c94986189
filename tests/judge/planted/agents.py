"""Flaws of Windows computers, planted in recorded posts and collections, through the real receiver and readers."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from negatoscope.intake import keeping
from negatoscope.intake.message import parse
from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import Directory, DirectoryAccount
from negatoscope.model.evidence import Gap, Retraction, Sweep
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.read import REGISTRY_TELLS
from negatoscope.observe.inventory.read import read as read_post
from negatoscope.observe.inventory.registry import read as read_registry
from negatoscope.register.merge import combine
from tests.judge.memory import World, of
from tests.judge.planted.plant import Plant

AGENT = Path(__file__).parents[2] / "captures" / "agent"
Edit = Callable[[Any], object]
JEAN = DirectoryAccount(
    "directory/cabinet.lan", "jpetit", kind=AccountKind.PERSON, enabled=True, privileged=False, groups=()
)
BOSS = replace(JEAN, name="admin-dupont", privileged=True, groups=("Admins du domaine",))


def nothing(_said: Any) -> None:  # noqa: ANN401 -- decoded JSON
    """Change nothing."""


def posted(name: str, edit: Edit = nothing) -> list[Item]:
    """What an agent's recorded post tells, edited before it is sent."""
    said = json.loads((AGENT / f"{name}.inventory.json").read_bytes())
    edit(said["content"])
    kept, _dropped = keeping.capture(parse(json.dumps(said).encode()))
    return list(read_post(BytesIO(kept)))


def collected(name: str, edit: Edit = nothing) -> list[Item]:
    """What its Collect task tells."""
    said = json.loads((AGENT / f"{name}.collect.json").read_bytes())
    edit(said["answers"])
    return list(read_registry(BytesIO(json.dumps(said).encode())))


def computer(name: str, post: Edit = nothing, collect: Edit = nothing) -> list[Item]:
    """Both together, as the register joins them: what one leaves dark the other fills."""
    facts: dict[Any, Any] = {}
    others: list[Item] = []
    told_later = {*REGISTRY_TELLS, "Privilege", "Firewall"}
    said = [item for item in posted(name, post) if not (isinstance(item, Gap) and item.what in told_later)]
    for item in (*said, *collected(name, collect)):
        if isinstance(item, Sweep | Gap | Retraction):
            others.append(item)
        else:
            key = (type(item), item.ref)
            facts[key] = combine([facts[key], item]) if key in facts else item
    here = f"host/{name}"
    everything = [*facts.values(), *others]
    return [replace(one, ref=here) if isinstance(one, Host) else replace(one, host=here) for one in everything]


def practice(*computers: list[Item]) -> World:
    """Computers, the directory they belong to, and lists declared complete."""
    people = (Directory("cabinet.lan"), JEAN, BOSS)
    looked = (Sweep("Host"), Sweep("Directory"), Sweep("DirectoryAccount", "directory/cabinet.lan"))
    return of([*(item for one in computers for item in one), *people, *looked])


def desk(post: Edit = nothing, collect: Edit = nothing) -> list[Item]:
    return computer("pc-accueil-1", post, collect)


def laptop(collect: Edit = nothing) -> list[Item]:
    return computer("portable-astreinte", nothing, collect)


def old(content: Any) -> None:  # noqa: ANN401 -- decoded JSON
    content["antivirus"][0]["uptodate"] = False


def escrow(answers: Any) -> None:  # noqa: ANN401 -- decoded JSON
    answers["escrow"] = []


def sticks(answers: Any) -> None:  # noqa: ANN401 -- decoded JSON
    answers["usbstor"] = [{"Start": "0x00000003"}]


def jean(answers: Any) -> None:  # noqa: ANN401 -- decoded JSON
    member = answers["members"][0]
    part = 'x:Win32_UserAccount.Domain="CABINET",Name="jpetit"'
    answers["members"].append({**member, "PartComponent": part})


def unmanaged() -> World:
    """A computer that a scan saw, and that no agent speaks from."""
    seen = [replace(item, ref="host/vu") for item in desk() if isinstance(item, Host)]
    return practice(desk(), [*seen, Sweep("AgentContact", "host/vu")])


PLANTS: dict[str, Plant] = {
    "R14.6": Plant(lambda: practice(desk()), lambda: practice(desk(old))),
    "R2.6": Plant(lambda: practice(desk(), laptop()), unmanaged),
    "R16.3": Plant(lambda: practice(desk(), laptop()), unmanaged),
    "R17.1": Plant(lambda: practice(desk(), laptop()), lambda: practice(desk(), laptop(sticks))),
    "R19.6": Plant(lambda: practice(desk()), lambda: practice(desk(nothing, escrow))),
    "R30.3": Plant(lambda: practice(desk()), lambda: practice(desk(nothing, jean))),
}
