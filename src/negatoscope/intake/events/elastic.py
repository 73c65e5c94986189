"""What Beats, Logstash, Vector, Fluent Bit, rsyslog and the official clients ask of an Elasticsearch before they send.

Only what makes them go on: who is there, under which licence, that templates and policies are in place.
"""

import re
from collections.abc import Mapping
from typing import Any

from negatoscope.intake.events.http import Answer, answer

VERSION = "8.17.0"
"""Whose shapes are spoken."""
PRODUCT = ("X-Elastic-Product", "Elasticsearch")
_ABOUT: dict[str, Any] = {
    "name": "negatoscope",
    "cluster_name": "negatoscope",
    "cluster_uuid": "negatoscope-events-001",
    "version": {
        "number": VERSION,
        "build_flavor": "default",
        "build_type": "docker",
        "build_hash": "0" * 40,
        "build_date": "2024-12-11T00:00:00.000000000Z",
        "build_snapshot": False,
        "lucene_version": "9.12.0",
        "minimum_wire_compatibility_version": "7.17.0",
        "minimum_index_compatibility_version": "7.0.0",
    },
    "tagline": "You Know, for Search",
}
_LICENCE = {"license": {"status": "active", "uid": "negatoscope", "type": "basic", "mode": "basic"}}
_FEATURES = {
    "build": {"hash": "0" * 40, "date": "2024-12-11T00:00:00.000Z"},
    "license": {"uid": "negatoscope", "type": "basic", "mode": "basic", "status": "active"},
    "features": {name: {"available": True, "enabled": name == "ilm"} for name in ("ilm", "security", "monitoring")},
}
_HEALTH = {"cluster_name": "negatoscope", "status": "green", "timed_out": False, "number_of_nodes": 1}
_FIXED: Mapping[str, object] = {
    "/": _ABOUT,
    "/_license": _LICENCE,
    "/_xpack": _FEATURES,
    "/_cluster/health": _HEALTH,
    "/_nodes/http": {"cluster_name": "negatoscope", "nodes": {}},
    "/_cat/templates": [],
    "/_cat/health": [_HEALTH],
}
_SETTLED = re.compile(
    r"/(?:_index_template|_component_template|_template|_ilm/policy|_ingest/pipeline|_data_stream|_alias)/[^/]+"
    r"|/[^/_][^/]*(?:/_(?:alias|mapping|settings)(?:/[^/]+)?)?"
)
"""What is said to be there already, and may be laid out again: templates, policies, aliases, the index itself."""
BULK = re.compile(r"/(?:([^/_][^/]*)/)?(?:_doc/)?_bulk")


def preamble(method: str, path: str) -> Answer | None:
    """Answer what is asked before or between deliveries; ``None``: nothing of the kind."""
    place = path.rstrip("/") or "/"
    if method in {"GET", "HEAD"} and place in _FIXED:
        return answer(200, _FIXED[place])
    if _SETTLED.fullmatch(place):
        if method in {"GET", "HEAD"}:
            return answer(200, {})
        if method in {"PUT", "POST"}:
            return answer(200, {"acknowledged": True})
    return None


def error(status: int, kind: str, reason: str) -> Answer:
    """A refusal in the shape that clients read."""
    cause = {"type": kind, "reason": reason}
    return answer(status, {"error": {"root_cause": [cause], **cause}, "status": status})
