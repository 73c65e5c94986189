"""What a hostile host calls itself breaks no register, whatever the database."""

import json

import pytest
from tests.flows.test_receiving import hosts, send, text

from negatoscope.flows.console import Console

FIELDS = (
    ("hardware", "name"), ("bios", "ssn"), ("operatingsystem", "full_name"), ("softwares", "name"),
    ("softwares", "version"), ("local_users", "login"), ("drives", "letter"), ("networks", "description"),
    ("antivirus", "name"), ("remote_mgmt", "type"),
)  # fmt: skip


@pytest.mark.parametrize("said", ["a\0b", "x" * 10_000], ids=["nul", "long"])
def test_a_name_that_fits_no_column_is_kept_all_the_same(console: Console, said: str) -> None:
    post = json.loads(text("pc-accueil-1"))
    for section, name in FIELDS:
        rows = post["content"].get(section) or [{}]
        for row in rows if isinstance(rows, list) else [rows]:
            row[name] = said
        post["content"][section] = rows
    send(console, json.dumps(post).encode())
    assert len(hosts(console)) == 1
