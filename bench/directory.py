"""Twenty thousand accounts in nested groups on a real slapd: seconds of our look and reading, beside ``ldapsearch``'s.

``ldapsearch`` prints the same tree, paged, over the same TLS, and understands nothing of it: a floor in C, not a rival.
``ldapdomaindump`` knows Active Directory only: ``directory_ad.py`` stands us beside it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from socket import create_connection, create_server

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.observe.directory.domain import certificates
from tests.observe.directory.look import looked
from tests.observe.directory.test_openldap import BASE, CONF, PASSWORD, READER, TREE

from negatoscope.model.directory import DirectoryAccount
from negatoscope.observe.collector import Login
from negatoscope.observe.directory.read import read

ACCOUNTS, GROUPS = 20_000, 500


def tree() -> str:
    """Accounts, and groups each in the next one."""
    parts = [TREE.format(base=BASE, password=PASSWORD, policy="pwdMinLength: 12", login="chef")]
    parts += [
        f"dn: uid=u{n},{BASE}\nobjectClass: inetOrgPerson\nuid: u{n}\n"
        f"cn: Compte {n}\nsn: {n}\nmail: u{n}@cabinet.example\n"
        for n in range(ACCOUNTS)
    ]
    for group in range(GROUPS):
        members = "".join(f"member: uid=u{n},{BASE}\n" for n in range(group, ACCOUNTS, GROUPS))
        inside = f"member: cn=g{group + 1},{BASE}\n" if group % 10 != 9 and group + 1 < GROUPS else ""
        parts.append(f"dn: cn=g{group},{BASE}\nobjectClass: groupOfNames\ncn: g{group}\n{members}{inside}")
    return "\n".join(parts)


def main() -> None:
    """Load, look, read, print."""
    if shutil.which("slapd") is None:
        print("nothing measured: slapd is not installed here (apt-get install slapd)")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "db").mkdir()
        certificates(folder, "ldap.cabinet.lan")
        conf = CONF.format(folder=folder, base=BASE, reader=READER, rules="maxsize 1073741824\nlimits * size=unlimited")
        (folder / "conf").write_text(conf)
        (folder / "tree").write_text(tree())
        start = time.perf_counter()
        subprocess.run(("slapadd", "-q", "-f", folder / "conf", "-b", BASE, "-l", folder / "tree"), check=True)
        print(f"loaded {ACCOUNTS} accounts, {GROUPS} nested groups: {time.perf_counter() - start:.1f} s")
        with create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        server = subprocess.Popen(("slapd", "-f", folder / "conf", "-h", f"ldaps://127.0.0.1:{port}", "-d", "0"))
        try:
            for _ in range(200):
                with suppress(OSError), create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            measure(folder, port)
        finally:
            server.terminate()
            server.wait()


def measure(folder: Path, port: int) -> None:
    """Our capture and reading."""
    said = {
        "servers": ["127.0.0.1"], "credential": "x", "kind": "openldap", "port": port, "privileged_groups": ["g0"],
        "ca": (folder / "ca.pem").read_text(), "declared": ["127.0.0.0/8"],
    }  # fmt: skip
    start = time.perf_counter()
    brought = looked(said, Login(READER, PASSWORD))
    captured = time.perf_counter() - start
    found = sum(isinstance(item, DirectoryAccount) for item in read(BytesIO(brought.data)))
    ours = time.perf_counter() - start
    print(
        f"ours: capture {captured:.1f} s, with reading {ours:.1f} s, {found} accounts, {len(brought.data) / 1e6:.1f} MB"
    )
    if shutil.which("ldapsearch") is None:
        print("ldapsearch is not installed here: no peer measured (apt-get install ldap-utils)")
        return
    theirs = printed(folder, port)
    print(f"ldapsearch: {theirs:.1f} s; ours / theirs: {ours / theirs:.1f}")


def printed(folder: Path, port: int) -> float:
    """Seconds of ``ldapsearch`` for everything, operational attributes included, in pages as ours."""
    command = [
        "ldapsearch", "-LLL", "-x", "-H", f"ldaps://127.0.0.1:{port}", "-D", READER, "-w", PASSWORD, "-b", BASE,
        "-E", "pr=500/noprompt", "(objectClass=*)", "*", "+",
    ]  # fmt: skip
    start = time.perf_counter()
    trust = {"LDAPTLS_CACERT": str(folder / "ca.pem"), "LDAPTLS_REQCERT": "allow"}
    done = subprocess.run(command, check=True, capture_output=True, env=os.environ | trust)
    taken = time.perf_counter() - start
    assert done.stdout.count(b"dn: uid=u") >= ACCOUNTS
    return taken


if __name__ == "__main__":
    main()
