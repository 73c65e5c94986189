"""The hand-over pack: all of an incident in one archive whose digests hold, nothing a spreadsheet would compute."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from xml.dom.minidom import parseString

import pytest
from pyrage import decrypt, x25519

from negatoscope.flows import carrying, exercising, packing, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.carrying import NoRecipient
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.responding import Beginning, Document, Line
from negatoscope.model.custody import Collected, Piece
from negatoscope.model.hosts import Host
from negatoscope.model.incident import Clue, Dated, Hit, Marked, Moment, Noted, Struck, Touched, What
from negatoscope.model.networks import Network
from negatoscope.respond.incident import Refused
from negatoscope.store.models import LedgerRow

DIGEST = "ab" * 32
ANNA = Handler("user:anna", "Anna Petit (anna)")


def begun(console: Console) -> int:
    hosts = (Host("srv-ris", "srv-ris", addresses=("10.1.0.5",)), Host("poste-7", "poste-7", addresses=("10.1.0.7",)))
    declare(console, Said("user:anna"), (Network("10.1.0.0/24"), Network("10.9.0.0/24"), *hosts))
    number = responding.open_incident(console, Beginning("rançon <b>", "écran rouge"), ANNA)
    for word, text in (
        (Touched(What.HOST, "host/srv-ris", Hit.COMPROMISED), ""),
        (Touched(What.HOST, "poste inconnu", Hit.SUSPECTED), ""),
        (Marked(Clue.ADDRESS, "203.0.113.9"), ""),
        (Noted(), "=HYPERLINK(1)"),
        (Collected(Piece.MEMORY, "host/srv-ris", "ram.lime", "Anna, coffre", digest=DIGEST, size=9), ""),
        (Collected(Piece.DEVICE, "host/srv-ris", "poste saisi", "Gendarmerie"), ""),
    ):
        responding.say(console, number, Line(word, text), ANNA)
    place = responding.say(console, number, Line(Noted(), "une erreur"), ANNA)
    responding.say(console, number, Line(Struck(place), "mauvais poste"), ANNA)
    responding.attach(console, number, Document("note.txt", io.BytesIO(b"rancon")), ANNA)
    return number


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_the_pack_holds_all_of_an_incident_and_its_digests(console: Console) -> None:
    number = begun(console)
    files = opened(packing.packed(console, "user:anna", number, "fr"))
    lines = files.pop("EMPREINTES.sha256").decode().splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    log = rows(files["main-courante.csv"])
    texts = {line[6]: line for line in log}
    assert "'=HYPERLINK(1)" in texts
    assert texts["une erreur"][4] == "oui"
    assert texts["mauvais poste"][3] == "struck"
    assert rows(files["indicateurs.csv"])[1][:2] == ["address", "203.0.113.9"]
    pieces = rows(files["pieces.csv"])
    assert pieces[1][:5] == ["memory", "ram.lime", DIGEST, "9", "Anna, coffre"]
    assert pieces[2][:4] == ["device", "poste saisi", "", ""]
    assert pieces[3][:4] == ["document", "note.txt", hashlib.sha256(b"rancon").hexdigest(), "6"]
    assert files["chaine-de-conservation.pdf"].startswith(b"%PDF")
    assert LedgerRow.objects.filter(kind="export").count() == 1


def test_the_map_is_an_extract_and_the_questions_say_their_blind_spots(console: Console) -> None:
    files = opened(packing.packed(console, "user:anna", begun(console), "fr"))
    drawn = files["carte-extrait.svg"].decode()
    assert parseString(drawn).documentElement.tagName == "svg"  # type: ignore[union-attr]
    assert "srv-ris" in drawn
    assert "10.9.0.0" not in drawn
    (name,) = [name for name in files if name.startswith("questions/")]
    answers = json.loads(files[name])
    assert answers["host"] == "host/srv-ris"
    assert answers["talk"]["blind"]
    assert {"entry", "spread", "talk", "reach", "twins", "window"} < set(answers)
    index = files["LISEZ-MOI.html"].decode()
    assert "rançon &lt;b&gt;" in index
    assert "poste inconnu – sans réponse" in index
    assert all(name in index for name in files if name not in {"LISEZ-MOI.html", "EMPREINTES.sha256"})


def test_a_sealed_pack_opens_with_a_key_of_the_crisis_copy_alone(console: Console) -> None:
    number = begun(console)
    with pytest.raises(NoRecipient):
        packing.sealed(console, "user:anna", number, "fr")
    mine = x25519.Identity.generate()
    carrying.entrust(console, "user:anna", "coffre", str(mine.to_public()))
    data = packing.sealed(console, "user:anna", number, "fr")
    assert b"LISEZ-MOI" not in data
    assert "LISEZ-MOI.html" in opened(decrypt(data, [mine]))


def test_an_exercise_says_so_and_an_unknown_incident_is_refused(console: Console) -> None:
    number = exercising.begin(console, "mailbox", 1, ANNA)
    index = opened(packing.packed(console, "user:anna", number, "en"))["LISEZ-MOI.html"].decode()
    assert "EXERCISE" in index
    assert "no equipment is said to be touched" in index
    with pytest.raises(Refused):
        packing.packed(console, "user:anna", 99, "fr")


def test_at_most_ten_pieces_of_equipment_and_a_window_of_a_year(console: Console, tmp_path: Path) -> None:
    assert tmp_path.exists()
    number = begun(console)
    for n in range(10):
        responding.say(console, number, Line(Touched(What.HOST, f"host/absent-{n}", Hit.SUSPECTED)), ANNA)
    long_ago = console.clock() - timedelta(days=900)
    responding.say(console, number, Line(Dated(Moment.OCCURRED, long_ago), "d’après les journaux"), ANNA)
    index = opened(packing.packed(console, "user:anna", number, "fr"))["LISEZ-MOI.html"].decode()
    assert "dix équipements au plus" in index
