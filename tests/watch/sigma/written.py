"""Rules written in tests, read as files are."""

from typing import Any

import yaml

from negatoscope.watch.sigma.reading import read_rules
from negatoscope.watch.sigma.sources import runs
from negatoscope.watch.sigma.tree import Rule, Ruleset

PROCESS = {"product": "windows", "category": "process_creation"}
EVENT = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1}


def rule(detection: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"title": "A rule", "logsource": PROCESS, "detection": detection, **more}


def ruleset(*documents: dict[str, Any]) -> Ruleset:
    """What is read of these documents, a file each."""
    return read_rules(
        ((f"{number}.yml", yaml.safe_dump(one, allow_unicode=True).encode()) for number, one in enumerate(documents)),
        runs,
    )


def one(detection: dict[str, Any]) -> Rule:
    found = ruleset(rule(detection))
    assert not found.refused, found.refused
    return found.rules[0]
