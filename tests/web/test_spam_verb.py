"""Signal Spam from the terminal: looked at, sent under a name, or why not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from negatoscope.flows import signalling
from negatoscope.flows.console import Console
from tests.flows.spamming import ACCOUNT, ANNA, BAIT, Service, serving, told


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as one:
        yield one


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("spam", *words)
        assert ended.value.code == code
    else:
        call_command("spam", *words)
    told: Any = capsys.readouterr()
    return str(told.out + told.err)


def test_a_mail_is_looked_at_and_sent_from_the_terminal(
    fresh: Console, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = told(fresh, BAIT + b"\r\n> bonjour")
    where = ("tip", str(mail.tip), "2")
    assert "Aucun compte" in said(capsys, "try", code=1)
    signalling.set_account(fresh, service.url, ACCOUNT, ANNA, active=True)
    assert "connaît ce compte" in said(capsys, "try")
    seen = json.loads(said(capsys, "show", *where, "--json"))
    assert (seen["sha256"], seen["asked"], seen["refused"]) == (mail.digest, ["answer"], "")
    assert "nom d’un patient" in said(capsys, "show", *where)
    assert "Cochez" in said(capsys, "send", *where, "--by", "Anne Petit", code=1)
    assert service.taken == []
    assert "HTTP 202" in said(capsys, "send", *where, "--by", "Anne Petit", "--looked", "answer")
    assert service.taken == [BAIT + b"\r\n> bonjour"]
    assert "déjà pris" in said(capsys, "show", *where)
    assert "Aucun fichier" in said(capsys, "show", "incident", "9", "1", code=2)
    for kept in fresh.config.vault.rglob("*.zst"):
        kept.write_bytes(b"autre chose")
    assert "n’est plus celui" in said(capsys, "show", *where, code=1)
