"""R17: mobile devices obey a policy at least as strict as fixed ones."""

from collections.abc import Iterator
from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import SessionPolicy
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hardening import STARTERS, Firewall, RemovableMedia, Volume
from negatoscope.model.hosts import COMPUTERS, PORTABLE, Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.software import Updates

RULE = Rule("R17", fresh=timedelta(days=7))
LOCK_SECONDS = 900
Checks = dict[str, dict[Ref, bool | None]]
"""By check, whether each host passes it; ``None``: not read."""


@RULE.measured("R17.1", on=COMPUTERS, among=PORTABLE)
def laptops_pass_what_fixed_computers_pass(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    hosts: Seen[Host],
    firewalls: Seen[Firewall],
    updates: Seen[Updates],
    media: Seen[RemovableMedia],
    sessions: Seen[SessionPolicy],
    volumes: Seen[Volume],
) -> Said:
    """Ask of each laptop every check that at least one fixed computer passes: the sets of checks passed are nested."""
    checks: Checks = {
        "firewall": {one.host: _filters(one) for one in firewalls.facts},
        "automatic": {one.host: one.automatic for one in updates.facts},
        "blocked": {one.host: one.blocked for one in media.facts},
        "autorun": {one.host: _not(one.autorun) for one in media.facts},
        "autologin": {one.host: _not(one.autologin) for one in sessions.facts},
        "lock_seconds": {one.host: _locks(one) for one in sessions.facts},
        "encrypted": dict(_encrypted(volumes)),
    }
    portable = [host.ref for host in hosts.facts if host.host_class in PORTABLE]
    fixed = [host.ref for host in hosts.facts if host.host_class in COMPUTERS - PORTABLE]
    yield from (Doubt(host.ref, "class_unknown") for host in hosts.facts if host.host_class is None)
    for what, passed in checks.items():
        yield from _nested(what, passed, portable, fixed)


def _nested(what: str, passed: dict[Ref, bool | None], portable: list[Ref], fixed: list[Ref]) -> Said:
    demanded = any(passed.get(host) for host in fixed)
    yield from (unread(host, what) for host in fixed if not demanded and passed.get(host) is None and portable)
    for host in portable:
        if passed.get(host) is None:
            yield unread(host, what)
        elif demanded and not passed[host]:
            yield Finding(host, "laxer", {"what": what})


def _filters(one: Firewall) -> bool | None:
    if one.active is False or one.default_deny is False:
        return False
    return None if one.active is None or one.default_deny is None else True


def _not(value: bool | None) -> bool | None:  # noqa: FBT001 -- three-valued
    return None if value is None else not value


def _locks(one: SessionPolicy) -> bool | None:
    if one.graphical is False:
        return True
    return None if one.lock_seconds is None or one.graphical is None else 0 < one.lock_seconds <= LOCK_SECONDS


def _encrypted(volumes: Seen[Volume]) -> Iterator[tuple[Ref, bool | None]]:
    held: dict[Ref, list[bool | None]] = {}
    for volume in volumes.facts:
        if volume.mount not in STARTERS and volume.removable is not True:
            held.setdefault(volume.host, []).append(volume.encrypted)
    for host, states in held.items():
        yield host, False if False in states else None if None in states else True


RULE.awaiting("R17.2", "phones")
