"""What was taken is held against the rules in force, told once in the log, and stays what it was."""

import gzip
import json
from pathlib import Path

import pytest

from negatoscope.flows import evidencing, responding, ruling, triaging
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.evidencing import Found, Other
from negatoscope.flows.responding import Beginning, Line
from negatoscope.flows.triaging import Aim
from negatoscope.model.custody import Piece
from negatoscope.model.incident import Attached, Hit, Touched, What
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents as held

ANNA = Handler("user:anna", "Anna Petit (anna)")
RULE = b"""title: Root log-in over SSH
id: 11111111-2222-3333-4444-555555555555
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Accepted password for root']
  condition: keywords
level: high
"""
AUTH = (
    b"Nov 20 03:12:01 srv-1 sshd[812]: Accepted password for root from 203.0.113.9 port 50122 ssh2\n"
    b"Nov 20 03:13:01 srv-1 sshd[815]: Failed password for anna from 203.0.113.9 port 50124 ssh2\n"
)


@pytest.fixture
def number(console: Console) -> int:
    number = responding.open_incident(console, Beginning("intrus"), ANNA)
    responding.say(console, number, Line(Touched(What.HOST, "host/srv-1", Hit.COMPROMISED)), ANNA)
    return number


def run(console: Console, aim: Aim) -> tuple[triaging.Found, int]:
    return triaging.triage(console, aim, ANNA, lambda found: f"{len(found.matches)} vus", lambda _name, _number: None)


def test_a_piece_is_held_against_the_rules_and_told_in_the_log(console: Console, number: int, tmp_path: Path) -> None:
    file = tmp_path / "auth.log.1.gz"
    file.write_bytes(gzip.compress(AUTH))
    with pytest.raises(Refused) as told:
        run(console, Aim(number, file))
    assert told.value.code == "no_rules"
    ruling.take(console, "user:anna", "rules.yml", RULE)
    place = evidencing.collect(console, number, Found(file, Piece.LOGS, "host/srv-1", "Luc, coffre"), ANNA)
    found, line = run(console, Aim(number, file, place))
    assert [(match.file, match.record) for match in found.matches] == [("auth.log.1.gz", 1)]
    entry = next(one for one in held.entries(console.practice, number) if one.place == line)
    assert isinstance(entry.word, Attached)
    assert entry.text == "1 vus"
    with console.vault.open(entry.word.digest) as stream:
        head, match = map(json.loads, stream.read().splitlines())
    assert (head["piece"], head["counts"]["records"], match["title"]) == (place, 2, "Root log-in over SSH")
    assert len(head["sha256"]) == 64


def test_a_folder_that_is_no_piece_is_read_and_a_rule_that_is_off_says_nothing(
    console: Console, number: int, tmp_path: Path
) -> None:
    ruling.take(console, "user:anna", "rules.yml", RULE)
    taken = tmp_path / "taken"
    (taken / "var").mkdir(parents=True)
    (taken / "var" / "auth.log").write_bytes(AUTH)
    (taken / "photo.jpg").write_bytes(b"\xff\xd8\xff\x00")
    found, _line = run(console, Aim(number, taken))
    assert ([match.file for match in found.matches], found.counts["no_log"]) == (["var/auth.log"], 1)
    ruling.turn_off(console, "user:anna", found.matches[0].rule.id, "bruit")
    with pytest.raises(Refused) as told:
        run(console, Aim(number, taken))
    assert told.value.code == "no_rules"


def test_a_piece_that_changed_is_not_searched(console: Console, number: int, tmp_path: Path) -> None:
    ruling.take(console, "user:anna", "rules.yml", RULE)
    file = tmp_path / "auth.log"
    file.write_bytes(AUTH)
    place = evidencing.collect(console, number, Found(file, Piece.LOGS, "host/srv-1", "Luc, coffre"), ANNA)
    file.write_bytes(AUTH + AUTH)
    before = len(held.entries(console.practice, number))
    with pytest.raises(Other):
        run(console, Aim(number, file, place))
    with pytest.raises(Refused) as told:
        run(console, Aim(number, file, 99))
    assert told.value.code == "no_piece"
    assert len(held.entries(console.practice, number)) == before
    with pytest.raises(FileNotFoundError):
        run(console, Aim(number, tmp_path / "absent"))


def test_what_is_beyond_the_document_is_counted(
    console: Console, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triaging, "MOST_BYTES", 1000)
    ruling.take(console, "user:anna", "rules.yml", RULE)
    (tmp_path / "auth.log").write_bytes(AUTH * 50)
    found, _line = run(console, Aim(number, tmp_path / "auth.log"))
    assert len(found.matches) + found.counts["untold"] == 50
    assert found.counts["untold"] > 0
