"""A capture costs the same in a large register: no question that it asks walks through a whole table."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.receiving import Sender, receive
from negatoscope.model.accounts import Account
from negatoscope.model.hardening import Firewall, LogPolicy, TimeSync, Volume
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.networks import Service
from negatoscope.model.software import Updates
from negatoscope.observe.declared import declaration
from negatoscope.store import marks

CAPTURES = Path(__file__).parents[1] / "captures"
WHO = "user:test"
WALKS = ("SCAN", "(practice_id=?)", "(kind=?)")
"""How SQLite says that it reads every row of a table, or of the practice."""
SHORT = tuple(
    f'FROM "store_{name}row"' for name in ("practice", "site", "ledger", "observation", "judgement", "sealedcode")
)
"""Tables and looks at their end whose walk is one row long."""


def asked(console: Console, name: str, data: bytes) -> list[tuple[str, Any]]:
    """Every question that one capture, or one post of an agent, asks the database."""
    questions: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:  # noqa: ANN401 -- Django's
        questions.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        if name == "agent":
            receive(console, Sender(console.practice, "essai"), data, native=True)
        else:
            deliver(console, Delivery(name, "", WHO, "observation", data))
    return [(sql, params) for sql, params in questions if sql.startswith(("SELECT", "DELETE", "UPDATE"))]


def test_no_question_of_a_capture_walks_through_a_whole_table(console: Console) -> None:
    local = (CAPTURES / "local" / "server-as-root.jsonl").read_bytes()
    host = "host/pc"
    many: list[Any] = [Host(host, "pc"), Updates(host), Firewall(host), TimeSync(host), LogPolicy(host)]
    many += [Service(host, "tcp", port) for port in range(40)]
    many += [made(host, f"x{number}") for made in (Account, Interface, Volume) for number in range(20)]
    told = declaration(many, (), ())
    post = (CAPTURES / "agent" / "pc-accueil-1.inventory.json").read_bytes()
    captures = (("local", local), ("declared", told), ("agent", post)) * 2
    questions = [one for name, data in captures for one in asked(console, name, data)]
    assert len(questions) > 40
    if connection.vendor != "sqlite":
        return  # another database chooses by what it holds, and cannot be asked beforehand
    walks = set()
    for sql, params in questions:
        if any(name in sql for name in SHORT):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = [row[3] for row in cursor.fetchall()]
        if any(walk in step for step in plan for walk in WALKS):
            walks.add((sql[:60], sql[sql.find(" WHERE") :][:200], tuple(plan)))
    assert not walks


def test_a_name_that_many_hosts_bear_goes_on_from_the_first_free_number(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "CHUNK", 3)
    twins = [Host(f"host/{number}", "pc", serial=f"SERIE{number}") for number in range(1, 7)]
    declare(console, Said(WHO), twins)
    known = marks.KnownHosts(console.practice, {})
    assert known.taken("host/pc") == {"host/pc", *(f"host/pc~{number}" for number in range(2, 7))}
    assert known.taken("host/autre") == set()
