"""The practice's mail server (Postfix): mail in TLS alone, relayed for nobody; the same ``/etc`` that sshd shows."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab import places
from tests.lab.plan import MODERN, Server
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

DOMAIN = "cabinet.lan"
MAIN = f"""compatibility_level = 3.6
myhostname = {{host}}.{DOMAIN}
mydomain = {DOMAIN}
mydestination = $mydomain, $myhostname, localhost
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
disable_vrfy_command = yes
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
virtual_alias_maps = hash:/etc/postfix/virtual
home_mailbox = Maildir/
queue_directory = {{spool}}
data_directory = {{state}}
smtpd_tls_cert_file = {{certificate}}
smtpd_tls_key_file = {{key}}
smtpd_tls_security_level = encrypt
smtpd_tls_mandatory_protocols = >={{least}}
smtpd_tls_mandatory_exclude_ciphers = aNULL
"""
OLD = "smtpd_tls_mandatory_ciphers = medium\ntls_medium_cipherlist = ALL:@SECLEVEL=0\n"
MASTER = """{port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Write its settings into the host's ``/etc``, and start it."""
    needs_program("postfix")
    etc = lab.etc(server.host)
    certificate, key = lab.certified(server)
    settings = {"host": server.host, "spool": folder / "spool", "state": folder / "state"}
    pair = {"certificate": certificate, "key": key, "least": server.tls[0]}
    said = MAIN.format(**settings, **pair) + ("" if server.tls == MODERN else OLD)
    (etc / "postfix" / "main.cf").write_text(said)
    (etc / "postfix" / "master.cf").write_text(MASTER.format(port=server.port))
    for name in ("aliases", "postfix/virtual"):
        (etc / name).touch()
    for name in (*QUEUES, "pid"):
        (folder / "spool" / name).mkdir(parents=True)
    (folder / "state").mkdir()
    queues = " ".join(f"{folder}/spool/{name}" for name in QUEUES)
    drop, public = f"{folder}/spool/maildrop", f"{folder}/spool/public"
    run = (
        f"mount --bind {etc} /etc; {places.view(lab, server.host)}; mkdir {drop} {public}; "
        f"chown postfix {queues} {folder}/state; chown postfix:postdrop {drop} {public}; "
        f"chmod 1730 {drop}; chmod 2710 {public}; postalias /etc/aliases; "
        f"postmap /etc/postfix/virtual; exec /usr/lib/postfix/sbin/master -d -c /etc/postfix"
    )
    lab.start(server.host, run)
