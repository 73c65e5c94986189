"""The map's pages: drawn without breaking the strict policy, the same as a table, sealed by key."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pyrage import x25519

from negatoscope.flows import carrying
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.drawing import lay
from negatoscope.model.critical import CriticalPoint
from negatoscope.model.drawing import OUTSIDE, Drawing, Node, Sort
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host
from negatoscope.model.zones import AllowedFlow, InternetAccess, Zone
from negatoscope.prove.drawing.places import LOST
from negatoscope.store.queries import changes as history
from negatoscope.store.queries.changes import Change
from negatoscope.web import changing
from negatoscope.web import drawing as screens
from negatoscope.web.drawing import folds, screen

EXIT = "internetaccess/Fibre"


def plan(console: Console) -> None:
    declare(
        console,
        Said("user:mdurand", "configuration"),
        (
            Zone("Examens", networks=("10.77.0.0/24",), gateway="scanner-1"),
            Zone("Accueil", networks=("192.168.50.0/24",)),
            InternetAccess("Fibre", router="scanner-1"),
            CriticalPoint("host/scanner-1", "plus d’images"),
        ),
    )


def test_the_map_names_every_host_in_the_table_too(full: Console, marie: Client) -> None:
    plan(full)
    page = marie.get("/carte/").content.decode()
    assert all(name in page for name in ("scanner-1", "irm-1", "srv-essai", "Examens"))
    told: dict[str, Any] = marie.get("/carte/donnees/").json()
    points = {node["id"]: node for node in told["nodes"]}
    assert {"zone/Examens", "network/10.77.0.0/24", "host/scanner-1", "internetaccess/Fibre"} <= points.keys()
    assert points["host/scanner-1"]["listed"] is True
    assert "Point critique déclaré\N{NO-BREAK SPACE}: plus d’images" in points["host/scanner-1"]["says"]
    assert all({link["source"], link["target"]} <= points.keys() for link in told["links"])
    assert "scanner-1" in marie.get("/carte/?format=csv").content.decode()


def test_above_many_hosts_zones_are_closed_and_open_on_demand(full: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(full)
    monkeypatch.setattr(screens, "LARGE", 1)
    laid = lay(full)
    closed = screen(laid, frozenset())
    assert "host/scanner-1" not in {node["id"] for node in closed["nodes"]}
    told = folds(laid, frozenset())
    assert told.end("host/scanner-1") == "zone/Examens"
    assert folds(laid, frozenset({"zone/Examens"})).end("host/scanner-1") == "network/10.77.0.0/24"
    opened = folds(laid, frozenset({"zone/Examens", "network/10.77.0.0/24"}))
    assert opened.end("host/scanner-1") == "host/scanner-1"
    boxes = {node["id"]: node for node in closed["nodes"]}
    assert boxes["zone/Examens"]["closed"] is True
    assert all({link["source"], link["target"]} <= boxes.keys() for link in closed["links"])


def test_each_form_is_handed_out(full: Console, marie: Client) -> None:
    for form, head in {"svg": b"<svg", "pdf": b"%PDF", "xlsx": b"PK"}.items():
        assert marie.get(f"/carte/fichier/{form}/").content.startswith(head)
    assert marie.get("/carte/fichier/exe/").status_code == 404


def test_an_administrator_adds_keys_and_an_operator_makes_copies(full: Console, marie: Client) -> None:
    key = str(x25519.Identity.generate().to_public())
    assert "Ajoutez d’abord une clé" in marie.post("/carte/copie/", {"act": "seal"}, follow=True).content.decode()
    bad = marie.post("/carte/copie/", {"act": "add", "name": "Coffre", "key": "age1faux"})
    assert "elle commence par age1" in bad.content.decode()
    marie.post("/carte/copie/", {"act": "add", "name": "Coffre", "key": key})
    assert [one.key for one in carrying.recipients(full)] == [key]
    copy = marie.post("/carte/copie/", {"act": "seal"})
    assert copy.content.startswith(b"age-encryption.org/v1")
    assert "Coffre" in marie.get("/carte/copie/").content.decode()
    marie.post("/carte/copie/", {"act": "drop", "ref": "recipient/Coffre"})
    assert list(carrying.recipients(full)) == []


def test_an_operator_may_not_say_who_opens_copies(full: Console, jean: Client) -> None:
    key = str(x25519.Identity.generate().to_public())
    assert jean.post("/carte/copie/", {"act": "add", "name": "x", "key": key}).status_code == 403
    assert list(carrying.recipients(full)) == []


def test_what_changed_is_told_between_two_days(full: Console, marie: Client) -> None:
    told = marie.get("/carte/changements/").content.decode()
    assert "scanner-1" in told
    assert "apparu" in told
    assert "Rien n’a changé" in marie.get("/carte/changements/?depuis=2020-01-01&jusque=2020-02-01").content.decode()
    assert marie.get("/carte/changements/?depuis=hier&jusque=32").status_code == 200


def test_differences_are_drawn_where_things_stand_and_what_went_where_it_stood(full: Console, marie: Client) -> None:
    plan(full)
    told: dict[str, Any] = marie.get("/carte/donnees/").json()
    stood = {node["id"]: node["box"] for node in told["nodes"]}
    declare(full, Said("user:mdurand"), (Host("host/neuf", "neuf", addresses=("10.77.0.77",)), InternetAccess("4G")))
    declare(full, Said("user:mdurand"), (), (Retraction("Host", "host/irm-1"), Retraction("InternetAccess", EXIT)))
    declare(full, Said("user:mdurand"), (AllowedFlow("zone/Examens", "zone/Dehors", "tcp/443"),))
    told = marie.get("/carte/changements/donnees/").json()
    points = {node["id"]: node for node in told["nodes"]}
    assert (points["host/neuf"]["change"], points["host/neuf"]["sign"]) == ("new", "+")
    assert (points["host/irm-1"]["change"], points["host/irm-1"]["box"]) == ("gone", stood["host/irm-1"])
    assert (points[EXIT]["change"], points[LOST]["sort"]) == ("gone", "network")
    assert "disparu" in points["host/irm-1"]["says"][0]
    assert {"host/neuf", "host/irm-1", EXIT} <= {*told["steps"]} <= points.keys()
    assert all({link["source"], link["target"]} <= points.keys() for link in told["links"])
    flow = next(link for link in told["links"] if link["layer"] == "reach")
    assert (flow["source"], flow["target"], flow["change"]) == ("zone/Examens", OUTSIDE, "new")
    old = marie.get("/carte/changements/donnees/?depuis=2020-01-01&jusque=2020-02-01").json()
    assert old["steps"] == []


def test_in_closed_boxes_differences_are_counted(full: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    plan(full)
    lay(full)
    monkeypatch.setattr(screens, "LARGE", 1)
    declare(full, Said("user:mdurand"), (), (Retraction("Host", "host/irm-1"),))
    found = history.between(full.practice, full.clock() - timedelta(days=30), full.clock() + timedelta(days=1))
    told = changing.screen(lay(full), frozenset(), found)
    points = {node["id"]: node for node in told["nodes"]}
    assert "host/irm-1" not in points
    assert points["zone/Examens"]["change"] == "new"
    older = [one for one in found if one.ref == "host/irm-1"]
    points = {node["id"]: node for node in changing.screen(lay(full), frozenset(), older)["nodes"]}
    assert (points["zone/Examens"]["change"], points["zone/Examens"]["inside"]) == ("moved", 1)


def test_flows_between_two_zones_are_one_line_and_many_changes_are_counted() -> None:
    drawing = Drawing((Node("zone/A", Sort.ZONE, "A"), Node("zone/B/C", Sort.ZONE, "B/C")))
    at = datetime(2026, 11, 1, tzinfo=UTC)

    def change(sort: Any, ref: str) -> Change:  # noqa: ANN401 -- one of three words
        return Change(sort, "AllowedFlow", f"allowedflow/{ref}", "", at, {}, {})

    with translation.override("fr"):
        found = changing.flows([change("new", "A/B/C/tcp/104"), change("gone", "A/B/C/any")], drawing)
        assert found.keys() == {("zone/A", "zone/B/C")}
        assert found["zone/A", "zone/B/C"].sort == "moved"
        assert changing.flows([change("new", "A/Ailleurs/any"), change("new", "X/Y/any")], drawing) == {}
        held = [Change("new", "Service", f"service/a/tcp/{n}", "host/a", at, {}, {}) for n in range(30)]
        (mark,) = changing.marks(held).values()
        assert (mark.sort, len(mark.says)) == ("moved", 30)
