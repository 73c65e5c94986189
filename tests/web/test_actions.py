"""The action plan on pages: promised from a finding, moved on, closed by a look alone."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from negatoscope.flows import acting
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.kit.clock import utc_now
from negatoscope.model.actions import ActionState
from negatoscope.model.people import Person
from negatoscope.store.models import LedgerRow
from negatoscope.store.queries import judgements


def failing() -> tuple[int, str, list[str]]:
    """A measured control that fails on the furnished data, and its subjects."""
    for film, results in judgements.films(1):
        for one in results:
            if one.findings and one.id != "R10.1":
                return film.number, one.id, list(dict.fromkeys(finding.subject for finding in one.findings))
    raise AssertionError("nothing fails")


def test_repairs_are_planned_for_all_subjects_of_a_control_and_followed(full: Console, jean: Client) -> None:
    number, ident, subjects = failing()
    due = localtime(utc_now()).date() + timedelta(days=10)
    told = {"subjects": subjects, "owner": "Jean Petit", "due_on": due.isoformat(), "cost": "120", "note": "mardi"}
    where = f"/regle/{number}/{ident}/planifier/"
    assert subjects[0] in jean.get(where).content.decode()
    assert jean.post(where, {**told, "subjects": ["host/ailleurs"]}).status_code == 422
    assert jean.post(where, told).status_code == 302
    mine = [one for one in acting.planned(1) if one.control == ident]
    assert {one.subject for one in mine} == set(subjects)
    assert LedgerRow.objects.latest("sequence").kind == "action"
    page = jean.get("/actions/").content.decode()
    assert "en retard" in page
    assert f"{120 * len(subjects) + 450} €" in page
    assert acting.plan(full, "user:jpetit", ident, subjects, acting.Promise("X", due)) == 0

    one = f"/actions/{ident}/{subjects[0]}/"
    step = {"state": "done", "owner": "Jean Petit", "due_on": due.isoformat(), "note": "fait"}
    assert jean.post(one, step).status_code == 302
    judge_now(full, "user:jpetit")
    (after,) = [each for each in acting.planned(1) if (each.control, each.subject) == (ident, subjects[0])]
    assert after.state is ActionState.DONE, "said done, still found: never closed in silence"
    assert "à vérifier" in jean.get(one).content.decode()
    assert jean.post(one, {**step, "state": "closed"}).status_code == 422
    jean.post(f"{one}retirer/")
    assert jean.get(one).status_code == 404


def test_the_plan_is_exported_as_seen_and_filtered(full: Console, jean: Client) -> None:
    listed = jean.get("/actions/?format=csv&retard=late").content.decode()
    assert "Jean Petit" in listed
    assert "Jean Petit" not in jean.get("/actions/?format=csv&retard=in_time").content.decode()


def test_an_action_stands_beside_the_waiver_of_its_subject(full: Console, jean: Client) -> None:
    page = jean.get("/actions/R10.1/host/srv-essai/").content.decode()
    assert "mot de passe de 20 signes" in page
    assert "Un technicien passe mardi." in page


def test_a_repair_about_somebody_bears_their_name(full: Console, marie: Client) -> None:
    declare(full, Said("user:m"), [Person("obrun", "Olivier Brun")])
    acting.plan(full, "user:m", "R33.1", ["person/obrun"], acting.Promise("Jean", date(2026, 12, 1)))
    assert "Olivier Brun" in marie.get(reverse("actions")).content.decode()
    assert "<h1>Olivier Brun</h1>" in marie.get(reverse("action", args=["R33.1", "person/obrun"])).content.decode()
