"""An Active Directory (Samba) with many accounts: seconds of our look and reading, beside ldapdomaindump's.

Accounts are loaded offline for about ``--load`` seconds; the number reached is printed. Both then look at the same
server. ``--peer PYTHON``: the interpreter of a throw-away environment that has ``ldapdomaindump``; by default this one,
and without the peer a line says so. Root is needed, and Samba.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.observe.directory.domain import BASE, NETBIOS, PASSWORD, Domain, domain
from tests.observe.directory.look import look_at

from negatoscope.model.directory import DirectoryAccount
from negatoscope.observe.directory.read import read

IN_A_GROUP = 50


LOADER = """
import sys, time
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
conf, base, each, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
lp = LoadParm(conf)
db = SamDB(url=lp.private_path("sam.ldb"), session_info=system_session(), lp=lp)
ou, made, until = "OU=Charge," + base, 0, time.monotonic() + seconds
db.transaction_start()
db.add({"dn": ou, "objectClass": "organizationalUnit"})
while time.monotonic() < until:
    group, names = made // each, ["u%d" % (made + n) for n in range(each)]
    for name in names:
        db.add({"dn": "CN=%s,%s" % (name, ou), "objectClass": "user", "sAMAccountName": name, "displayName": name,
                "mail": name + "@cabinet.example", "userAccountControl": "546"})
    members = ["CN=%s,%s" % (name, ou) for name in names]
    members += ["CN=g%d,%s" % (group - 1, ou)] if group % 10 else []
    db.add({"dn": "CN=g%d,%s" % (group, ou), "objectClass": "group", "sAMAccountName": "g%d" % group,
            "member": members})
    made += each
db.transaction_commit()
print(made)
"""
"""For the Python that Samba brings: accounts in one transaction, and for every so many a group in the group before."""


def fill(server: Domain, seconds: float) -> int:
    """Load accounts while the server is stopped; returns how many there are."""
    server.stop()
    words = ("/usr/bin/python3", "-c", LOADER, f"{server.folder}/etc/smb.conf", BASE, str(IN_A_GROUP), str(seconds))
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    server.start()
    return int(done.stdout.split()[-1])


def ours(server: Domain) -> float:
    """Our capture and reading."""
    start = time.perf_counter()
    brought = look_at(server)
    captured = time.perf_counter() - start
    found = sum(isinstance(item, DirectoryAccount) for item in read(BytesIO(brought.data)))
    took = time.perf_counter() - start
    print(
        f"ours: capture {captured:.1f} s, with reading {took:.1f} s, {found} accounts, {len(brought.data) / 1e6:.1f} MB"
    )
    return took


def theirs(server: Domain, peer: str, folder: Path) -> float:
    """The peer's dump of users, groups, computers, policy and trusts, in the controller's network."""
    login = ("-at", "SIMPLE", "-u", f"{NETBIOS}\\administrator", "-p", PASSWORD)
    words = (peer, "-m", "ldapdomaindump", *login, "ldaps://127.0.0.1", "-o", str(folder))
    start = time.perf_counter()
    done = subprocess.run(
        ("ip", "netns", "exec", server.namespace, *words), check=False, capture_output=True, text=True
    )
    took = time.perf_counter() - start
    dumped = sum(file.stat().st_size for file in folder.glob("*.json"))
    users = folder / "domain_users.grep"
    many = len(users.read_text().splitlines()) - 1 if users.exists() else 0
    if done.returncode:
        raise SystemExit(done.stdout[-400:] + done.stderr[-400:])
    print(f"ldapdomaindump: {took:.1f} s, {many} accounts, {dumped / 1e6:.1f} MB of JSON")
    return took


def main() -> None:
    """Load, look, read, compare."""
    parser = argparse.ArgumentParser()
    here = sys.executable if importlib.util.find_spec("ldapdomaindump") else None
    parser.add_argument("--peer", default=here, help="Python that has ldapdomaindump")
    parser.add_argument("--load", type=float, default=60, help="seconds of loading")
    said = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("samba") is None:
        print("nothing measured: root and Samba's domain controller are needed (apt-get install samba-ad-dc)")
        return
    if said.peer is None:
        print("ldapdomaindump is not installed here: no peer measured (pip install ldapdomaindump, or --peer PYTHON)")
    with tempfile.TemporaryDirectory() as name, domain(Path(name)) as server:
        start = time.perf_counter()
        made = fill(server, said.load)
        print(
            f"loaded {made} accounts and {made // IN_A_GROUP} groups, ten deep, in {time.perf_counter() - start:.0f} s"
        )
        for turn in range(2):
            print(f"turn {turn + 1}")
            mine = ours(server)
            if said.peer:
                folder = Path(name) / f"peer{turn}"
                folder.mkdir()
                print(f"ratio ours / ldapdomaindump: {mine / theirs(server, said.peer, folder):.2f}")


if __name__ == "__main__":
    main()
