"""The programs that listen, one way to start each."""

import json
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from tests.lab import backups, database, desktop, domain, linux, mailing, printing, sharing, sold, switch
from tests.lab.flaws_factory import AS_SOLD
from tests.lab.plan import MODERN, Server
from tests.lab.services import Backups
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

PATIENCE = 2.0
"""Seconds that a node waits for whoever called and does not speak DICOM."""
RECENT_ALONE = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
"""As GnuTLS says it: slapd would take TLS 1.0 if nobody told it not to."""
OLD_CIPHERS = "ALL:@SECLEVEL=0"


def start_all(lab: "Lab") -> None:
    """Start everything; the slowest first."""
    for server in sorted(lab.plan.servers, key=lambda one: ("domain", "ssh", one.program).index(one.program)):
        folder = lab.folder / f"{server.host}-{server.port}"
        folder.mkdir(mode=0o755)
        PROGRAMS[server.program](lab, server, folder)
    for host in lab.plan.lab.hosts:
        for service in host.services:
            if isinstance(service, Backups):
                backups.start(lab, host.name, service)


def _nginx(lab: "Lab", server: Server, folder: Path) -> None:
    needs_program("nginx", "nginx-light")
    secure = ""
    if server.tls:
        certificate, key = lab.certified(server)
        protocols = " ".join(server.tls)
        ciphers = "" if server.tls == MODERN else f"ssl_ciphers {OLD_CIPHERS};"
        secure = f"ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols {protocols}; {ciphers}"
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{ worker_connections 64; }}\n"
        f"http {{ access_log off; server_tokens off; {_temporary(folder)}\n"
        f"server {{ listen {server.port}{' ssl' if secure else ''}; {secure}\n"
        f'location / {{ return 200 "RIS\\n"; }} }} }}\n'
    )
    lab.start(server.host, f"exec nginx -c {folder}/nginx.conf -p {folder}")


def _temporary(folder: Path) -> str:
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{name}_temp_path {folder}/{name};" for name in names)


def _vsftpd(lab: "Lab", server: Server, folder: Path) -> None:
    needs_program("vsftpd")
    (folder / "empty").mkdir()
    said = (
        f"listen=YES\nlisten_port={server.port}\nbackground=NO\nanonymous_enable=NO\nlocal_enable=YES\n"
        f"ssl_enable=NO\nsecure_chroot_dir={folder}/empty\n"
    )
    (folder / "vsftpd.conf").write_text(said)
    lab.start(server.host, f"exec vsftpd {folder}/vsftpd.conf")


def _telnetd(lab: "Lab", server: Server, folder: Path) -> None:
    needs_program("inetutils-inetd", "inetutils-inetd inetutils-telnetd")
    (folder / "inetd.conf").write_text(f"{server.port} stream tcp4 nowait root /usr/sbin/telnetd telnetd\n")
    lab.start(server.host, f"exec inetutils-inetd -d {folder}/inetd.conf")


def _dovecot(lab: "Lab", server: Server, folder: Path) -> None:
    needs_program("dovecot", "dovecot-imapd dovecot-pop3d")
    protocol = "pop3" if server.program.startswith("pop3") else "imap"
    secure = "ssl = no\ndisable_plaintext_auth = no\n"
    if server.tls:
        certificate, key = lab.certified(server)
        least = f"ssl_min_protocol = {server.tls[0]}\n"
        ciphers = "" if server.tls == MODERN else f"ssl_cipher_list = {OLD_CIPHERS}\n"
        secure = f"ssl = required\nssl_cert = <{certificate}\nssl_key = <{key}\n{least}{ciphers}"
    plain, wrapped = (0, server.port) if server.tls else (server.port, 0)
    (folder / "dovecot.conf").write_text(
        f"protocols = {protocol}\nbase_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = /dev/stderr\n{secure}"
        f"mail_location = maildir:{folder}/mail\npassdb {{\n driver = static\n args = nopassword=y\n}}\n"
        f"userdb {{\n driver = static\n args = uid=65534 gid=65534 home={folder}/home\n}}\n"
        f"service {protocol}-login {{\n"
        f" inet_listener {protocol} {{\n port = {plain}\n }}\n"
        f" inet_listener {protocol}s {{\n port = {wrapped}\n }}\n}}\n"
    )
    lab.start(server.host, f"exec dovecot -F -c {folder}/dovecot.conf")


def _slapd(lab: "Lab", server: Server, folder: Path) -> None:
    needs_program("slapd")
    secure = ""
    if server.tls:
        certificate, key = lab.certified(server)
        secure = f"TLSCertificateFile {certificate}\nTLSCertificateKeyFile {key}\nTLSCipherSuite {RECENT_ALONE}\n"
    (folder / "slapd.conf").write_text(
        f"include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile {folder}/pid\n"
        f'{secure}database mdb\nsuffix "dc=cabinet,dc=lan"\ndirectory {folder}\nmaxsize 10485760\n'
    )
    scheme = "ldaps" if server.tls else "ldap"
    lab.start(server.host, f"exec slapd -d 0 -f {folder}/slapd.conf -h {scheme}://0.0.0.0:{server.port}/")


def _smtp(lab: "Lab", server: Server, _folder: Path) -> None:
    """A real mail server in Python (aiosmtpd), without TLS."""
    python = linux.python()
    lab.start(server.host, f"exec {python} -m aiosmtpd -n -l 0.0.0.0:{server.port} -c aiosmtpd.handlers.Sink")


def _dicom(lab: "Lab", server: Server, folder: Path) -> None:
    (_orthanc if server.orthanc else _node)(lab, server, folder)


def _node(lab: "Lab", server: Server, _folder: Path) -> None:
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
    entity = AE(server.title)
    entity.acse_timeout = entity.network_timeout = entity.dimse_timeout = PATIENCE
    entity.add_supported_context(Verification)
    if not server.anyone:
        entity.require_calling_aet, entity.require_called_aet = ["NEGATOSCOPE"], True
    context = _tls(lab, server) if server.tls else None
    where = (lab.addresses[server.host], server.port)
    if lab.inside(server.host, lambda: entity.start_server(where, block=False, ssl_context=context)) is None:
        raise AssertionError(server)


def _tls(lab: "Lab", server: Server) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*lab.certified(server))
    if server.tls != MODERN:
        context.set_ciphers(OLD_CIPHERS)
    named = {"TLSv1.1": ssl.TLSVersion.TLSv1_1, "TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
    context.minimum_version, context.maximum_version = named[server.tls[0]], named[server.tls[-1]]
    return context


def _orthanc(lab: "Lab", server: Server, folder: Path) -> None:
    certificate, key = lab.certified(server)
    config = {
        "StorageDirectory": f"{folder}/db", "IndexDirectory": f"{folder}/db", "HttpServerEnabled": False, "Plugins": [],
        "DicomPort": server.port, "DicomAet": server.title, "DicomCheckCalledAet": True, "DicomServerEnabled": True,
        "DicomTlsEnabled": bool(server.tls), "DicomTlsCertificate": str(certificate), "DicomTlsPrivateKey": str(key),
        "DicomTlsTrustedCertificates": f"{lab.folder}/ca.pem", "DicomTlsRemoteCertificateRequired": False,
        "DicomAlwaysAllowEcho": server.anyone, "DicomAlwaysAllowStore": False, "DicomCheckModalityHost": True,
        "DicomModalities": {"console": ["NEGATOSCOPE", lab.plan.lab.administration.console, 104]},
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(config))
    lab.start(server.host, f"exec {needs_program('Orthanc', 'orthanc')} {folder}/orthanc.json")


PROGRAMS: "dict[str, Callable[[Lab, Server, Path], None]]" = {
    "https": _nginx, "http": _nginx, "ftp": _vsftpd, "telnet": _telnetd, "imap": _dovecot, "pop3": _dovecot,
    "imaps": _dovecot, "ldap": _slapd, "ldaps": _slapd, "smtp": _smtp, "dicom": _dicom,
    "vnc": desktop.vnc, "rdp": desktop.rdp, "ipps": printing.start, "sql": database.start, "smtps": mailing.start,
    "ssh": linux.start, "switch": switch.start, "snmp": switch.start, "domain": domain.start, "smb": sharing.start,
    **{f"sold-{name}": sold.start for name in AS_SOLD},
}  # fmt: skip
