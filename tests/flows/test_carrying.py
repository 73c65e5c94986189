"""The map taken off the network: only registered keys open it, the ledger knows, and rule 1 counts its age."""

import re
import subprocess
from base64 import b64decode
from pathlib import Path

import msgspec
import pyrage
import pytest
from pyrage import x25519
from tests.needs import needs_program

from negatoscope.config import Config
from negatoscope.flows import carrying
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.drawing import lay
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit import age
from negatoscope.kit.canonical import sha256
from negatoscope.kit.clock import utc_now
from negatoscope.model.atlas import Standing
from negatoscope.model.carrying import ConsoleSeat, Recipient, SealedCopy
from negatoscope.model.continuity import Contact
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.zones import Zone
from negatoscope.store import layouts, ledger
from negatoscope.store.queries import changes

CAPTURES = Path(__file__).parents[1] / "captures"


@pytest.fixture
def console(db: None, tmp_path: Path) -> Console:
    made = open_console(Config(data=tmp_path), utc_now)
    plan = (Network("10.77.0.0/24", "Accueil"), Zone("Postes", networks=("10.77.0.0/24",)))
    declare(made, Said("user:mdurand", "configuration"), plan)
    data = (CAPTURES / "local/healthy.jsonl").read_bytes()
    deliver(made, Delivery("local", "", "user:mdurand", "observation", data))
    return made


def test_the_look_at_the_console_says_where_it_stands(console: Console) -> None:
    (seat,) = StoredRegister(console.practice).seen(ConsoleSeat).facts
    assert "10.77.0.5/24" in (seat.addresses or ())
    (stands,) = [one for one in StoredRegister(console.practice).seen(Standing).facts if one.host == seat.host]
    assert stands.networks == ("network/10.77.0.0/24",)
    assert stands.zones == ("zone/Postes",)


def test_an_address_that_people_alone_give_places_no_host(console: Console) -> None:
    declare(console, Said("user:mdurand"), (Host("host/imprimante", "imprimante", addresses=("10.77.0.60",)),))
    stands = {one.host: one for one in StoredRegister(console.practice).seen(Standing).facts}
    assert stands["host/imprimante"].networks is None
    assert stands["host/imprimante"].addresses == ("10.77.0.60",)
    declared = [one for one in lay(console).drawing.links if one.source == "host/imprimante"]
    assert [one.measured for one in declared] == [False]


def test_a_sealed_copy_opens_with_each_registered_key_and_no_other(console: Console) -> None:
    with pytest.raises(carrying.NoRecipient):
        carrying.sealed(console, "user:mdurand", "fr")
    keys = [x25519.Identity.generate() for _ in range(3)]
    for number, key in enumerate(keys[:2]):
        carrying.entrust(console, "user:mdurand", f"Coffre {number}", f" {key.to_public()}\n")
    before = ledger.last()
    data, copy = carrying.sealed(console, "user:mdurand", "fr")
    assert ledger.last() != before
    for key in keys[:2]:
        page = pyrage.decrypt(data, [key]).decode()
        held = dict(re.findall(r'download="([^"]+)" href="data:[a-z/.+-]+;base64,([^"]*)"', page))
        assert {"carte.pdf", "carte.xlsx", "registre.pdf", "carte.json", "dossier-cnil.pdf"} < held.keys()
        assert b"network/10.77.0.0/24" in b64decode(held["carte.json"])
        assert b64decode(held["ransomware.pdf"]).startswith(b"%PDF")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [keys[2]])
    assert b"10.77.0.0" not in data
    assert carrying.copies(console) == [copy]
    assert copy.digest == sha256(data)
    assert copy.ref == StoredRegister(console.practice).seen(SealedCopy).facts[0].ref
    carrying.withdraw(console, "user:mdurand", Recipient("Coffre 0", "").ref)
    assert [one.name for one in carrying.recipients(console)] == ["Coffre 1"]


def test_a_copy_that_could_not_be_written_is_none(console: Console, tmp_path: Path) -> None:
    carrying.entrust(console, "user:mdurand", "Coffre", str(x25519.Identity.generate().to_public()))
    gone = tmp_path / "clé-usb-retirée" / "copie.html.age"
    with pytest.raises(FileNotFoundError):
        carrying.sealed(console, "user:mdurand", "fr", gone.write_bytes)
    assert not carrying.copies(console)


def test_the_debian_tool_opens_it_and_a_browser_needs_nothing_else(console: Console, tmp_path: Path) -> None:
    age_tool, key = needs_program("age"), tmp_path / "cle.txt"
    identity = x25519.Identity.generate()
    key.write_text(f"{identity}\n")
    evil = Contact("Assureur <script>alert(1)</script>", "Sinistre & <b>", "01 23 45 67 89")
    declare(console, Said("user:mdurand"), (evil,))
    carrying.entrust(console, "user:mdurand", "Coffre", str(identity.to_public()))
    sealed = tmp_path / "copie.html.age"
    sealed.write_bytes(carrying.sealed(console, "user:mdurand", "en")[0])
    words = (age_tool, "-d", "-i", str(key), str(sealed))
    page = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    plain = re.sub('base64,[^"]*', "", page)
    assert not re.search(r"<script|https?://(?!www\.w3\.org/2000/svg)|src=|@import|url\(", plain)
    assert "Assureur &lt;script&gt;" in page
    assert '<a href="tel:0123456789">01 23 45 67 89</a>' in page
    for part in ("Whom to call", "Ransomware", "CNIL", "10.77.0.0/24", "Bring the console back"):
        assert part in page


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1QQQ", "ssh-ed25519 AAAA"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(age.NoKey):
        age.checked(text)
    with pytest.raises(ValueError, match="no key"):
        age.seal(b"", [])


def test_fingerprints_are_said_by_fours() -> None:
    assert [len(part) for part in age.fingerprint("age1x").split()] == [4, 4, 4, 4]


def test_each_form_that_is_taken_is_in_the_ledger(console: Console) -> None:
    heads = {"svg": b"<svg", "pdf": b"%PDF", "xlsx": b"PK", "annexes": b"%PDF"}
    for form, head in heads.items():
        before = ledger.last()
        assert carrying.taken(console, "user:mdurand", form, "fr").startswith(head)
        assert ledger.last() != before


def test_places_are_kept_and_the_drawing_is_the_same_at_each_visit(console: Console) -> None:
    first = lay(console)
    kept = layouts.body(console.practice)
    assert lay(console) == first
    assert layouts.body(console.practice) == kept
    assert msgspec.json.decode(kept or "")["slots"]


def test_what_came_moved_and_went_is_told_between_two_dates(console: Console) -> None:
    start = console.clock()
    wider = Zone("Postes", networks=("10.77.0.0/24", "10.78.0.0/24"))
    declare(console, Said("user:mdurand"), (wider, Network("10.78.0.0/24")))
    middle = console.clock()
    declare(console, Said("user:mdurand"), (Zone("Postes", networks=("10.79.0.0/24",)),))
    carrying.withdraw(console, "user:mdurand", "recipient/personne")
    declare(console, Said("user:mdurand"), (), (Retraction("Network", "network/10.77.0.0/24"),))
    told = {(one.sort, one.ref) for one in changes.between(console.practice, start, console.clock())}
    assert {("new", "network/10.78.0.0/24"), ("moved", "zone/Postes"), ("gone", "network/10.77.0.0/24")} <= told
    later = changes.between(console.practice, middle, console.clock())
    (zone,) = [one for one in later if one.ref == "zone/Postes"]
    assert (zone.before["networks"], zone.after["networks"]) == (["10.77.0.0/24", "10.78.0.0/24"], ["10.79.0.0/24"])
    assert changes.between(console.practice, console.clock(), console.clock()) == []
