"""Devices as they are delivered: real servers, each with the log-in that its maker published."""

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.flaws_factory import AS_SOLD, Sold
from tests.lab.plan import Server
from tests.needs import needs_program
from tests.observe.lab import sh

if TYPE_CHECKING:
    from tests.lab.build import Lab

NUMBER = 4400
"""User id of the account that a device has."""
SSHD = "Port {port}\nHostKey {folder}/host_key\nPidFile none\nUsePAM no\nPasswordAuthentication yes\n"
VSFTPD = (
    "listen=YES\nlisten_port={port}\nbackground=NO\nanonymous_enable=NO\nlocal_enable=YES\nssl_enable=NO\n"
    "secure_chroot_dir={folder}/empty\npam_service_name=vsftpd\n"
)
NGINX = """daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{ worker_connections 64; }}
http {{ access_log off; server_tokens off; {places}
server {{ listen {port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;
auth_basic "{realm}"; auth_basic_user_file {folder}/users; root {folder}/pages;
location / {{ try_files /switch =404; }} }} }}
"""


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Start one of ``AS_SOLD``."""
    name = server.program.removeprefix("sold-")
    sold = AS_SOLD[name]
    script = {"ssh": _ssh, "telnet": _telnet, "ftp": _ftp, "https": _https, "orthanc": _orthanc}[name]
    lab.start(server.host, script(lab, server, folder, sold))


def _hashed(sold: Sold, way: str) -> str:
    words = ("openssl", "passwd", way, sold.password)
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=10).stdout.strip()


def _account(folder: Path, sold: Sold) -> str:
    """Have the host know the maker's account, in files of its own; the commands that put them in place."""
    lines = {
        "passwd": f"{sold.account}:x:{NUMBER}:{NUMBER}::/:/bin/sh\n",
        "shadow": f"{sold.account}:{_hashed(sold, '-6')}:20700:0:99999:7:::\n",
    }
    for name, line in lines.items():
        (folder / name).write_text(Path("/etc", name).read_text() + line)
    return "; ".join(f"mount --bind {folder}/{name} /etc/{name}" for name in lines)


def _ssh(_lab: "Lab", server: Server, folder: Path, sold: Sold) -> str:
    sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key"))
    (folder / "sshd_config").write_text(SSHD.format(port=server.port, folder=folder))
    sshd = needs_program("sshd", "openssh-server")
    return f"{_account(folder, sold)}; mkdir -p /run/sshd; exec {sshd} -D -e -f {folder}/sshd_config"


def _telnet(_lab: "Lab", server: Server, folder: Path, sold: Sold) -> str:
    needs_program("inetutils-inetd", "inetutils-inetd inetutils-telnetd")
    (folder / "inetd.conf").write_text(f"{server.port} stream tcp4 nowait root /usr/sbin/telnetd telnetd\n")
    return f"{_account(folder, sold)}; exec inetutils-inetd -d {folder}/inetd.conf"


def _ftp(_lab: "Lab", server: Server, folder: Path, sold: Sold) -> str:
    needs_program("vsftpd")
    (folder / "empty").mkdir()
    (folder / "vsftpd.conf").write_text(VSFTPD.format(port=server.port, folder=folder))
    return f"{_account(folder, sold)}; exec vsftpd {folder}/vsftpd.conf"


def _https(lab: "Lab", server: Server, folder: Path, sold: Sold) -> str:
    needs_program("nginx", "nginx-light")
    certificate, key = lab.authority.certified(server.host, lab.addresses[server.host], expired=False)
    (folder / "users").write_text(f"{sold.account}:{_hashed(sold, '-apr1')}\n")
    (folder / "pages").mkdir()
    (folder / "pages" / "switch").write_text("switch\n")  # a file: "return" would answer before any log-in
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{name}_temp_path {folder}/{name};" for name in names)
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, places=places, port=server.port, certificate=certificate, key=key, realm=sold.model)
    )
    return f"exec nginx -c {folder}/nginx.conf -p {folder}"


def _orthanc(_lab: "Lab", server: Server, folder: Path, sold: Sold) -> str:
    config = {
        "StorageDirectory": f"{folder}/db", "IndexDirectory": f"{folder}/db", "DicomServerEnabled": False,
        "HttpPort": server.port, "RemoteAccessAllowed": True, "AuthenticationEnabled": True, "Plugins": [],
        "RegisteredUsers": {sold.account: sold.password},
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(config))
    return f"exec {needs_program('Orthanc', 'orthanc')} {folder}/orthanc.json"
