import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.comparing import Score, table
from tests.lab.description import Wrong, parse, read
from tests.lab.flaws import KINDS, READY, planted
from tests.lab.services import SERVICES
from tests.lab.variants import draw
from tests.needs import needs_program, needs_root

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "lab-format.md"
SMALL = """
[practice]
name = "Petit"
[[segments]]
name = "internet"
kind = "internet"
cidr = "203.0.113.0/28"
[[segments]]
name = "admin"
kind = "administration"
cidr = "10.60.5.0/28"
[[hosts]]
name = "web"
segment = "admin"
class = "server"
services = [{ kind = "https" }]
"""
SEEDS, MANY = (8, 18), range(1, 101)
UNSEEN = sorted((HERE / "unseen").glob("*.toml"))
"""Descriptions by people who only read the guide."""
PERFECT = re.compile(r"^precision=1 recall=1 flaws=\d+ missed=0 invented=0$")


def needs_a_lab() -> None:
    needs_root()
    for program, package in {
        "nmap": "nmap", "ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "nginx": "nginx-light",
        "vsftpd": "vsftpd", "inetutils-inetd": "inetutils-inetd inetutils-telnetd", "slapd": "slapd",
        "dovecot": "dovecot-imapd dovecot-pop3d", "sshd": "openssh-server", "sudo": "sudo",
        "smbd": "samba", "cupsd": "cups-daemon", "postfix": "postfix", "restic": "restic",
        "borg": "borgbackup", "Xtigervnc": "tigervnc-standalone-server", "xrdp": "xrdp", "dnsmasq": "dnsmasq-base",
        "udhcpc": "udhcpc", "pmacctd": "pmacct", "fusioninventory-agent": "fusioninventory-agent", "snmpd": "snmpd",
    }.items():  # fmt: skip
        needs_program(program, package)
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        needs_program("initdb", "postgresql")


def scored(seed: int, folder: Path) -> "subprocess.Popen[str]":
    file = folder / f"{seed}.toml"
    file.write_text(draw(seed))
    return score(file)


def score(file: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        (sys.executable, "-m", "tests.lab.score", str(file)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def settled(seed: int | str, run: "subprocess.Popen[str]") -> None:
    told, _ = run.communicate(timeout=400)
    assert PERFECT.match(told.splitlines()[-1]), f"seed {seed}:\n{told}"
    assert run.returncode == 0


@pytest.mark.root
@pytest.mark.server
def test_practices_drawn_at_random_score_one(tmp_path: Path) -> None:
    needs_a_lab()
    runs = {seed: scored(seed, tmp_path) for seed in SEEDS}
    for seed, run in runs.items():
        settled(seed, run)


@pytest.mark.root
@pytest.mark.server
@pytest.mark.torture
@pytest.mark.parametrize("seed", MANY)
def test_a_hundred_practices_score_one(seed: int, tmp_path: Path) -> None:
    needs_a_lab()
    settled(seed, scored(seed, tmp_path))


@pytest.mark.root
@pytest.mark.server
@pytest.mark.torture
@pytest.mark.parametrize("file", UNSEEN, ids=lambda one: one.stem)
def test_descriptions_by_outsiders_score_one(file: Path) -> None:
    needs_a_lab()
    settled(file.stem, score(file))


def test_descriptions_by_outsiders_can_be_used_and_names_may_hurt() -> None:
    told = {file.stem: planted(read(file)) for file in UNSEEN}
    assert set(told) == {"cabinet", "group", "names"}
    assert all(flaws for _, flaws in told.values())


def test_a_kind_without_an_instance_is_not_counted() -> None:
    told = {line.split()[0]: line.split()[-4:-1] for line in table((), Score(frozenset(), frozenset(), frozenset()))}
    assert all(told[kind] == ["n/a", "n/a", "n/a"] for kind in KINDS)


def test_the_sick_practices_have_every_kind_of_flaw_and_the_healthy_one_none() -> None:
    sick = [flaw for name in ("sick", "open") for flaw in planted(read(HERE / f"{name}.toml"))[1]]
    _, healthy = planted(read(HERE / "healthy.toml"))
    assert {flaw.kind for flaw in sick} == READY
    assert healthy == ()


def test_the_guide_tells_every_kind_and_its_example_is_whole() -> None:
    told = GUIDE.read_text("utf-8")
    for name in (*KINDS, *SERVICES):
        assert f"`{name}`" in told
    example = told.partition("```toml\n")[2].partition("```")[0]
    assert planted(parse(example))[1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[flaws]]\nkind = "open_by_default"\n' * 2, "line 19: flaws[1]: 'open_by_default' is described twice"),
        (
            '[[flaws]]\nkind = "haunted"\nhost = "web"\n',
            "line 17: flaws[0]: unknown kind 'haunted'; known: administrator_of_service, ",
        ),
        ('[[flaws]]\nkind = "clear_protocol"\nhost = "nobody"\nprotocol = "ftp"\n', "no host 'nobody' (web)"),
        ('[[flaws]]\nkind = "clear_protocol"\nhost = "web"\nprotocol = "https"\n', "Invalid enum value 'https'"),
        ('[[flaws]]\nkind = "no_filter"\nhost = "web"\n', "no service of kind 'ssh'"),
        (
            '[[flaws]]\nkind = "clear_images"\nhost = "web"\n[[flaws]]\nkind = "images_old_tls"\nhost = "web"\n',
            "no service of kind 'dicom' in TLS",
        ),
        ('[[flaws]]\nkind = "no_filter"\nhost = "web"\nwhere = "x"\n', "unknown field `where`"),
        ('[[hosts]]\nname = "a"\nsegment = "moon"\nclass = "server"\n', "no segment 'moon' (internet, admin)"),
        ('[[hosts]]\nname = "web"\nsegment = "admin"\nclass = "server"\n', "'web' is described twice"),
        ('[[hosts]]\nname = "a"\nsegment = "admin"\nclass = "server"\naddress = "10.60.5.1"\n', "not a host's address"),
        (
            '[[hosts]]\nname = "a"\nsegment = "admin"\nclass = "server"\nservices = [{kind="telnet"}]\n',
            "service kinds: ",
        ),
        ('[[segments]]\nname = "b"\nkind = "users"\ncidr = "10.60.5.0/24"\n', "overlaps 'admin'"),
        ('[[flows]]\nfrom = "admin"\nto = "moon"\nservice = "tcp/1"\n', "no segment 'moon'"),
    ],
)
def test_a_description_that_cannot_be_used_says_where_and_what_is_known(more: str, said: str) -> None:
    with pytest.raises(Wrong, match=re.escape(said)):
        planted(parse(SMALL + more))


def test_the_same_seed_draws_the_same_practice() -> None:
    assert draw(7) == draw(7)
    assert all(planted(parse(draw(seed))) for seed in range(30))
