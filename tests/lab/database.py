"""The RIS's database (PostgreSQL): TLS alone, one account from one segment, by SCRAM."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.plan import Server
from tests.postgresql import programs

if TYPE_CHECKING:
    from tests.lab.build import Lab

ACCOUNT = "postgres"
"""Whom Debian's package runs it as."""
HBA = """local all postgres peer
hostssl ris ris {cidr} scram-sha-256
"""


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Make its cluster and start it; it refuses to run as root, and a key that others may read."""
    cluster = programs()
    home = folder / "home"
    home.mkdir()
    for file, name in zip(lab.certified(server), ("server.crt", "server.key"), strict=True):
        (home / name).write_bytes(file.read_bytes())
        (home / name).chmod(0o600)
    segment = lab.plan.lab.segment(lab.plan.lab.host(server.host).segment)
    (home / "pg_ident.conf").touch()
    (home / "pg_hba.conf").write_text(HBA.format(cidr=segment.cidr))
    (home / "postgresql.conf").write_text(
        f"listen_addresses = '*'\nport = {server.port}\nunix_socket_directories = '{home}'\nssl = on\n"
        f"ssl_cert_file = '{home}/server.crt'\nssl_key_file = '{home}/server.key'\n"
        f"ssl_min_protocol_version = 'TLSv1.2'\npassword_encryption = 'scram-sha-256'\n"
        f"hba_file = '{home}/pg_hba.conf'\nident_file = '{home}/pg_ident.conf'\n"
        f"data_directory = '{home}/data'\nshared_buffers = 16MB\nfsync = off\n"
    )
    for one in (home, *home.iterdir()):
        shutil.chown(one, ACCOUNT, ACCOUNT)
    made = f"{cluster}/initdb -D {home}/data --no-locale -E UTF8 -N -A peer >/dev/null"
    run = f"{made} && exec {cluster}/postgres -c config_file={home}/postgresql.conf"
    lab.start(server.host, f"exec setpriv --reuid={ACCOUNT} --regid={ACCOUNT} --init-groups sh -c '{run}'")
