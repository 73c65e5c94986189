"""A dropped mail on the pages of reports: never from a verified sender; what could not be taken is said."""

from django.test import Client

from negatoscope.flows import dropping
from negatoscope.flows.console import Console
from negatoscope.flows.dropping import Dropped
from negatoscope.store.queries import tips
from negatoscope.store.queries.paging import Ask
from tests.web.test_incidents import text


def test_a_dropped_mail_is_shown_as_of_nobody_sure_and_one_put_aside_is_told(fresh: Console, marie: Client) -> None:
    place = dropping.folder(fresh)
    place.mkdir(parents=True)
    hostile = b"From: <script>alert(1)</script>\r\nTo: b\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\nBonjour\r\n"
    (place / "un.eml").write_bytes(hostile)
    (place / "deux.eml").write_bytes(b"MZ")
    dropped = Dropped()
    for _round in range(2):
        dropped.looked = None
        dropped.round(fresh)
    page = text(marie, "/signalements/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (non vérifié)" in page
    assert "1 courriel déposé n’a pas pu être pris" in page
    assert str(dropping.aside(fresh)) in page
    (one,) = tips.page(fresh.practice, Ask()).rows
    page = text(marie, f"/signalements/{one.number}/")
    assert "son expéditeur n’est pas vérifié" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
