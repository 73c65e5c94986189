"""Who talks with whom: hosts by their names, octets in sizes that people read, bare figures in exports."""

import csv
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.hosts import Host

TABLE = b"""ts,te,sa,da,sp,dp,pr,ipkt,ibyt
2026-11-02 07:15:12,2026-11-02 07:15:13,10.77.0.5,10.77.0.9,51000,443,TCP,9000,12345678
2026-11-02 07:15:12,2026-11-02 07:15:13,10.77.0.8,10.77.0.7,51001,443,TCP,9,1
"""


def test_ends_bear_names_and_octets_a_size(fresh: Console, marie: Client) -> None:
    box, desk = Host("host/box", "box"), Host("host/accueil", "accueil", addresses=("10.77.0.5",))
    bare = Host("host/10.77.0.8", addresses=("10.77.0.8",))
    named = Host("host/10.77.0.7", "salle-2", addresses=("10.77.0.7",))
    twins = (Host("host/a", "a", addresses=("10.77.0.9",)), Host("host/b", "b", addresses=("10.77.0.9",)))
    declare(fresh, Said("user:mdurand"), (box, desk, bare, named, *twins))
    sent = marie.post("/imports/", {"file": SimpleUploadedFile("flux.csv", TABLE), "device": "box"})
    assert sent.status_code == 302
    page = marie.get("/flux/").content.decode()
    assert '<a href="/equipements/accueil/">accueil · 10.77.0.5</a>' in page
    assert '<a href="/equipements/?q=10.77.0.9">10.77.0.9</a>' in page
    assert "11,8\N{NO-BREAK SPACE}Mio" in page
    assert '<a href="/equipements/10.77.0.8/">10.77.0.8</a>' in page
    assert ">salle-2 · 10.77.0.7</a>" in page
    told, _ = csv.DictReader(StringIO(marie.get("/flux/?format=csv").content.decode("utf-8-sig")), delimiter=";")
    assert (told["Qui commence"], told["Octets"]) == ("accueil · 10.77.0.5", "12345678")
