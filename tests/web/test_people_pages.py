"""What people do on the pages of people: a departure in two clicks, signatures, reviews, attestations by several."""

from typing import Any

import pytest
from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.model.campaigns import Campaign, CampaignLine, Decision
from negatoscope.model.cases import Case, CaseKind, CaseTask, RoleTemplate
from negatoscope.model.papers import Paper, PaperKind, PolicyReview, Signature
from negatoscope.model.people import Attestation, Person
from negatoscope.store.queries.register import declared

LEAVE = "/personnes/jpetit/declarer/depart/"
CASE = "/mouvements/jpetit/depart/"


def post(client: Client, where: str, **told: Any) -> str:  # noqa: ANN401 -- fields of a form
    return client.post(where, told, follow=True).content.decode()


def case(console: Console) -> Case:
    return next(one for one in declared(console.practice, Case) if one.person == "person/jpetit")


def test_a_departure_is_declared_in_two_clicks_from_the_person_s_page(full: Console, marie: Client) -> None:
    assert LEAVE in marie.get("/personnes/jpetit/").content.decode()
    form = marie.get(LEAVE).content.decode()
    assert 'name="on" value="2' in form
    page = post(marie, LEAVE, on="2026-11-20", owner="Anne Lebrun")
    assert "Ce qui manque pour clore" in page
    assert case(full).kind is CaseKind.DEPARTURE
    assert next(one for one in declared(full.practice, Person) if one.ident == "jpetit").left_on is not None


def test_a_case_is_signed_undone_refused_and_withdrawn_on_its_page(full: Console, marie: Client) -> None:
    post(marie, LEAVE, on="2026-11-20", owner="Anne Lebrun")
    tasks = [one for one in declared(full.practice, CaseTask) if one.case == case(full).ref]
    for task in tasks:
        post(marie, CASE, act="sign", task=task.ref, statement="rendu")
    assert all(one.signed for one in declared(full.practice, CaseTask) if one.case == case(full).ref)
    assert "Dites en quelques mots" in post(marie, CASE, act="sign", task=tasks[0].ref, statement=" ")
    post(marie, CASE, act="undo", task=tasks[0].ref)
    post(marie, CASE, act="add", statement="tablier plombé")
    assert "ne peut pas être clos" in post(marie, CASE, act="close")
    assert case(full).closed_at is None
    post(marie, CASE, act="reopen", statement="pour voir")
    post(marie, CASE, act="withdraw")
    assert [one for one in declared(full.practice, Case) if one.person == "person/jpetit"] == []


@pytest.mark.parametrize("where", ["/mouvements/jpetit/ailleurs/", "/mouvements/personne/depart/", "/personnes/nul/"])
def test_what_does_not_exist_has_no_page(full: Console, marie: Client, where: str) -> None:
    assert marie.get(where).status_code == 404


def test_an_opening_without_a_day_is_refused(full: Console, marie: Client) -> None:
    assert marie.post(LEAVE, {"on": "", "owner": ""}).status_code == 422


def test_a_template_is_written_changed_and_removed(full: Console, marie: Client) -> None:
    post(marie, "/mouvements/modeles/", role="secrétaire", accesses="RIS\nRIS\n\nPACS", things="badge")
    held = {one.role: one for one in declared(full.practice, RoleTemplate)}
    assert held["secrétaire"].accesses == ("RIS", "PACS")
    assert "RIS" in marie.get("/mouvements/modeles/?fonction=secrétaire").content.decode()
    post(marie, "/mouvements/modeles/", act="remove", role="secrétaire")
    assert "secrétaire" not in {one.role for one in declared(full.practice, RoleTemplate)}
    assert marie.post("/mouvements/modeles/", {"role": ""}).status_code == 422


def test_the_policy_is_signed_read_and_reviewed(full: Console, marie: Client) -> None:
    draft = marie.get("/textes/policy/projet/")
    assert draft.content.startswith(b"%PDF")
    assert marie.get("/textes/training/projet/").status_code == 404
    assert "La version 1 est signée" in post(marie, "/textes/policy/signer/")
    paper = next(one for one in declared(full.practice, Paper) if one.kind is PaperKind.POLICY)
    assert marie.get(f"/preuves/{paper.document_digest}/").content.startswith(b"%PDF")
    page = post(marie, "/textes/", act="record", kind="policy", on="2026-11-20", person=["person/jpetit"])
    assert "C’est noté pour 1 personne" in page
    assert any(one.kind is PaperKind.POLICY for one in declared(full.practice, Signature))
    post(marie, "/textes/", act="withdraw", kind="policy", on="2026-11-20", person=["person/jpetit"])
    assert not any(one.kind is PaperKind.POLICY for one in declared(full.practice, Signature))
    assert "Rien n’est noté" in post(marie, "/textes/", act="record", kind="policy", on="2026-11-20")
    assert marie.post("/textes/", {"on": "2099-01-01"}).status_code == 422
    post(marie, "/politique/", on="2026-11-20", concluded="tout va bien")
    assert [one.concluded for one in declared(full.practice, PolicyReview)] == ["tout va bien"]
    assert marie.post("/politique/", {"on": "2099-01-01", "concluded": ""}).status_code == 422


def test_a_review_is_started_answered_reminded_and_closed(full: Console, marie: Client) -> None:
    (going,) = declared(full.practice, Campaign)
    where = f"/revues/{going.ident}/"
    assert "Il manque encore" in post(marie, where, act="close")
    lines = declared(full.practice, CampaignLine)
    assert "Cochez des lignes" in post(marie, where, act="assign", reviewer="person/mdurand")
    assert "Cochez des lignes" in post(marie, where, act="assign", reviewer="person/nul", **{"line-1": "on"})
    assert "1 ligne est confiée" in post(marie, where, act="assign", reviewer="person/mdurand", **{"line-1": "on"})
    assert next(one for one in declared(full.practice, CampaignLine) if one.number == 1).reviewer == "person/mdurand"
    answers = {f"decision-{line.number}": "keep" for line in lines} | {"note-1": "vu"}
    post(marie, where, act="answer", **answers)
    assert {line.decision for line in declared(full.practice, CampaignLine)} == {Decision.KEEP}
    post(marie, where, act="remind")
    assert "vaut attestation" in post(marie, where, act="close")
    assert any(one.control == "R2.4" for one in declared(full.practice, Attestation))
    assert marie.post("/revues/", {"control": "R2.4", "due_on": "2020-01-01"}).status_code == 422
    post(marie, "/revues/", control="R2.4", due_on="2099-01-01")
    assert len(declared(full.practice, Campaign)) == 2
    assert marie.get("/revues/rien/").status_code == 404


def test_one_document_is_signed_for_several_controls(full: Console, marie: Client) -> None:
    told = {"holds": "yes", "statement": "procédures relues", "expires_on": "2027-01-15"}
    assert marie.post("/attestations/signer/", told).status_code == 422
    page = post(marie, "/attestations/signer/", control=["R3.1", "R3.2"], **told)
    assert "2 contrôles sont attestés" in page
    said = {one.control: one.statement for one in declared(full.practice, Attestation)}
    assert said["R3.1"] == said["R3.2"] == "procédures relues"


def test_an_attestation_is_read_on_its_observation_s_page(full: Console, marie: Client) -> None:
    pages = [marie.get(f"/observations/{number}/").content.decode() for number in range(1, 30)]
    assert any("feuille d’émargement" in page for page in pages)
