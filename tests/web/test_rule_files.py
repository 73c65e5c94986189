"""Files of rules at the page: taken, gone back to, dropped; a rule of one's own, checked, tried, put in force."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows import hunting, rulefiles, rulewriting, ruling
from negatoscope.flows.console import Console
from negatoscope.model.event import Event, Told
from tests.web.furnished import RULE_ID, RULES

FILES, OWN = "/regles-de-detection/fichiers/", "/regles-de-detection/ecrire/"
TEXT = """title: Root sought again
id: 2f4c1a7e-90b4-4a44-8a6e-6a2f4b7b1c01
logsource: {product: linux, service: sshd}
detection:
  one: {User: root}
  condition: one
"""
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))


def archive(**members: str) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, text in members.items():
            file.writestr(f"rules/{name}.yml", text)
    return data.getvalue()


def rule(number: int, word: str = "x") -> str:
    return (
        f"title: Rule {number}\nid: 00000000-0000-4000-8000-{number:012}\nlogsource: {{product: linux}}\n"
        f"detection:\n  a: [{word}]\n  condition: a\n"
    )


def send(client: Client, data: bytes, name: str = "public.zip") -> str:
    answer = client.post(FILES, {"act": "take", "file": SimpleUploadedFile(name, data)}, follow=True)
    return answer.content.decode().replace("\xa0", " ")


def test_a_newer_archive_says_what_it_brings_and_one_can_go_back(fresh: Console, marie: Client) -> None:
    page = send(marie, archive(a=rule(1), b=rule(2), c=RULES.decode().partition("---\n")[2]))
    assert "2 règles prises (nouvelles : 2, changées : 0, disparues : 0, impossibles ici : 1)" in page
    assert "ne sait pas encore lire" in page
    page = send(marie, archive(a=rule(1, "y"), d=rule(4)))
    assert "nouvelles : 1, changées : 1, disparues : 1" in page
    now, before = rulefiles.versions(fresh, "public.zip")
    assert (now.rules, before.rules) == (2, 2)
    one = marie.get("/regles-de-detection/00000000-0000-4000-8000-000000000001/").content.decode()
    assert "-  a: [x]" in one
    assert "+  a: [y]" in one
    back = {"act": "back", "name": "public.zip", "digest": before.document_digest}
    page = marie.post(FILES, back, follow=True).content.decode()
    assert [one.id[-1] for one in ruling.in_force(fresh).running] == ["1", "2"]
    assert "a changé entre-temps" in marie.post(FILES, {**back, "digest": "0" * 64}, follow=True).content.decode()
    assert "ne servent plus" in marie.post(FILES, {"act": "drop", "name": "public.zip"}, follow=True).content.decode()
    assert not ruling.in_force(fresh).running


def test_what_is_no_file_of_rules_is_refused_with_its_reason(fresh: Console, marie: Client) -> None:
    assert "Déposez une archive" in send(marie, b"MZ", "a.exe")
    assert "ne peut tourner ici" in send(marie, b"not a zip")
    assert "ne peut tourner ici" in send(marie, b"PK\x03\x04 torn")
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb.yml", b"a: " + b"x" * (200 << 20))
    assert "fichier trop gros" in send(marie, bomb.getvalue())
    assert not rulefiles.files(fresh)


def test_a_rule_of_ones_own_is_told_where_it_is_wrong(fresh: Console, marie: Client) -> None:
    ruling.take(fresh, "user:mdurand", "cabinet.yml", RULES)
    for text, said in (
        ("title: a\n  b: [", "ligne 2"),
        (TEXT.replace("condition: one", "condition: two"), "ligne 6"),
        (TEXT.replace("linux", "okta"), "ligne 3"),
        (TEXT.replace("id: 2f4c1a7e-90b4-4a44-8a6e-6a2f4b7b1c01\n", ""), "ligne 1"),
        (TEXT.replace("2f4c1a7e-90b4-4a44-8a6e-6a2f4b7b1c01", RULE_ID), "autre identifiant"),
        (TEXT.replace("{User: root}", "{User|widest: root}"), "nknown modifier"),
        ("# nothing", "est vide"),
        (LAUGHS, "n’est pas une règle"),
        ("[" * 5_000, "imbriquée"),
        (TEXT.replace("{User: root}", f"{{User|re: '{'a?b?' * 6_000}'}}"), "trop de calcul"),
    ):
        answer = marie.post(OWN, {"act": "take", "name": "essai", "text": text})
        assert answer.status_code == 422, text[:200]
        assert said in answer.content.decode(), text[:200]
    assert [one.name for one in rulefiles.files(fresh)] == ["cabinet.yml"]


def test_a_rule_of_ones_own_is_tried_on_the_past_then_put_in_force(fresh: Console, marie: Client) -> None:
    at = fresh.clock() - timedelta(hours=2)
    users = ["root"] * 6 + ["eve"] * 3
    lines = [Event(at, "linux", "sshd", host=f"pc{n % 2}", fields={"User": name}) for n, name in enumerate(users)]
    other = Event(at, "windows", "security", fields={"User": "root"})
    hunting.store(fresh).keep([Told(f"a:{n}", "a", at, one) for n, one in enumerate([*lines, other])])
    page = marie.post(OWN, {"act": "check", "name": "root", "text": TEXT}).content.decode()
    assert "aurait donné <b>2</b> alertes" in page
    assert "9 événements" in page
    assert not rulefiles.files(fresh)
    page = marie.post(OWN, {"act": "take", "name": "root", "text": TEXT}, follow=True).content.decode()
    assert "Root sought again" in page
    assert "Root sought again" in marie.get(OWN + "?nom=root").content.decode()
    marie.post(OWN, {"act": "take", "name": "root", "text": TEXT.replace("root}", "admin}")})
    assert len(rulefiles.versions(fresh, "root.yml")) == 2


def test_a_trial_that_has_no_time_says_how_far_it_came(fresh: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    at = fresh.clock() - timedelta(hours=2)
    hunting.store(fresh).keep([Told("a:1", "a", at, Event(at, "linux", "sshd", fields={"User": "root"}))])
    checked = rulewriting.check(fresh, "a.yml", TEXT)
    assert rulewriting.rehearse(fresh, checked.ruleset).until is None
    monkeypatch.setattr(rulewriting, "SECONDS", -1.0)
    assert rulewriting.rehearse(fresh, checked.ruleset).until == at
