"""The page that contains an incident: what is touched calls for measures; each is decided, done, undone."""

from html import unescape
from typing import Any

from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.containing import Turn
from negatoscope.model.hosts import Host, HostClass
from negatoscope.respond import containment
from tests.web.test_incidents import opened, send, standing, text

WHO = Said("console", "register")


def known(console: Console, name: str, what: HostClass | None = None) -> str:
    addresses, macs = ("192.0.2.7", "2001:db8::7"), ("00:11:22:aa:bb:cc",)
    declare(console, WHO, [Host(f"host/{name}", name, host_class=what, addresses=addresses, macs=macs)])
    return f"host/{name}"


def test_a_measure_is_decided_done_and_undone(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    page = address + "contenir/"
    assert "les mesures qui les concernent viendront ici" in text(jean, page)
    host = known(fresh, "accueil-3")
    send(jean, address + "touche/", "touch", what="host", name=host, hit="compromised")
    shown = text(jean, page)
    for said in (
        "banned-ip add src4 192.0.2.7 0 admin",
        "banned-ip add src6 2001:db8::7",
        "0011.22aa.bbcc",
        "--dry-run",
    ):
        assert said in shown
    told: dict[str, Any] = {"measure": "block", "target": host}
    assert "obligatoire" in send(jean, page, "approve", 422, **told, by="")
    assert "doit d’abord décider" in send(jean, page, "turn", 422, **told, turn="done")
    send(jean, page, "approve", **told, by="Dr Colin")
    assert "Décidé par" in text(jean, page)
    send(jean, page, "turn", **told, turn="done")
    assert containment.standing(standing(fresh, address), "block", host) is Turn.DONE
    assert "Pour revenir en arrière" in text(jean, page)
    send(jean, page, "turn", **told, turn="undone")
    assert "Dites-le en quelques mots" in send(jean, page, "turn", 422, measure="internet", target="", turn="dropped")
    send(jean, page, "turn", measure="internet", target="", turn="dropped", text="le RIS est hébergé")
    assert "le RIS est hébergé" in text(jean, page)
    log = text(jean, address)
    assert "Bloquer l’équipement au pare-feu" in log
    assert "décidé par Dr Colin" in log


def test_a_modality_is_not_cut_off_before_care_was_asked(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    host = known(fresh, "scanner", HostClass.MODALITY)
    send(jean, address + "touche/", "touch", what="host", name=host, hit="suspected")
    page = address + "contenir/"
    assert "Concerne une modalité" in text(jean, page)
    told: dict[str, Any] = {"measure": "unplug", "target": host, "by": "Dr Colin"}
    assert "demandez d’abord, et dites à qui" in send(jean, page, "approve", 422, **told)
    send(jean, page, "approve", **told, care="Mme Roy")
    assert "accord des soins" in text(jean, page)


def test_names_of_accounts_do_not_leave_their_quotes(fresh: Console, jean: Client) -> None:
    address = opened(jean)
    send(jean, address + "touche/", "touch", what="account", name="account/cabinet.lan/o'neil; reboot", hit="suspected")
    shown = unescape(text(jean, address + "contenir/"))
    assert "Disable-ADAccount -Identity 'o''neil; reboot'" in shown
    assert "samba-tool user disable 'o'\"'\"'neil; reboot'" in shown
    assert standing(fresh, address).touched
