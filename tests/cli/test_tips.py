"""Reports of the staff from the terminal."""

import json
from pathlib import Path

from tests.journeys.conftest import Run


def test_something_is_reported_and_listed_from_the_terminal(negatoscope: Run, tmp_path: Path) -> None:
    mail = tmp_path / "etrange.eml"
    mail.write_bytes(b"From: a@b.example\r\nTo: c@d.example\r\nSubject: facture\r\n\r\nCliquez.\r\n")
    sent = negatoscope("tip", "send", "mail", "une facture [bold]inconnue", "--where", "accueil", "--file", str(mail))
    assert sent.returncode == 0, sent.stderr
    assert "reçu" in sent.stdout
    assert "Ne supprimez rien" in sent.stdout
    hostile = tmp_path / "photo.jpg"
    hostile.write_bytes(b"<script>")
    refused = negatoscope("tip", "send", "mail", "--file", str(hostile))
    assert refused.returncode == 2
    assert "ni une photo ni un courriel" in refused.stderr
    listed = [json.loads(line) for line in negatoscope("tip", "list", "--open", "--json").stdout.splitlines()]
    assert [(one["number"], one["look"], one["where"]) for one in listed] == [(1, "mail", "accueil")]
    assert "accueil" in negatoscope("tip", "list").stdout
