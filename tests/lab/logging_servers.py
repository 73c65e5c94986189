"""Servers that write their logs to a real rsyslog, which sends them to the console, as a practice sets them up."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import ldap3

from tests.lab import linux
from tests.lab.build import Lab
from tests.needs import needs_program
from tests.observe.directory import domain as recipe
from tests.observe.directory import practice
from tests.observe.lab import sh

DOOR = 5514
WORD = "Phrase-de-passe-2026"
"""Of whoever may come in."""
PATIENCE = 30.0
DISABLED, DISABLED_FLAGS = "jules.royer", "514"
LOGGING = ("fw-1", "files", "mail", "proxy", "pacs")
ADMINISTRATOR, USER = "adm.moreau", "bruno.moreau"
LET_THROUGH = """    ip saddr 10.61.2.0/27 ip daddr 10.61.4.0/28 tcp dport { 23, 8080 } log accept
    ip saddr 10.61.6.0/28 ip daddr 10.61.4.0/28 tcp dport 8080 log accept
    ip saddr 10.61.4.0/28 oifname "if-admin" tcp dport 5514 accept
    udp dport 67 accept"""
"""What somebody added to the router and told nobody; then the way of logs, and of those who ask for an address."""
RSYSLOG = """module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{socket}" CreatePath="on")
global(workDirectory="{folder}")
action(type="omfwd" target="{console}" port="{port}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format"
       action.resumeRetryCount="-1" action.resumeInterval="1")
"""
SSHD = """Port 22
HostKey /etc/ssh/host_key
PidFile none
UsePAM yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
"""
SMBD = """[global]
 workgroup = CABINET
 server role = standalone server
 interfaces = lo lan
 bind interfaces only = yes
 disable netbios = yes
 map to guest = never
 logging = syslog
 log level = 1 auth_json_audit:3
 passdb backend = tdbsam:{folder}/passdb.tdb
 private dir = {folder}
 lock directory = {folder}
 state directory = {folder}
 cache directory = {folder}
 pid directory = {folder}
 ncalrpc dir = {folder}/rpc
 load printers = no
 disable spoolss = yes
[echange]
 path = {folder}/echange
"""
DOVECOT = """protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
passdb {{
 driver = passwd-file
 args = scheme=PLAIN {folder}/words
}}
userdb {{
 driver = static
 args = uid=65534 gid=65534 home={folder}/home/%u
}}
service anvil {{
 unix_listener anvil-auth-penalty {{
  mode = 0
 }}
}}
service imap-login {{
 inet_listener imap {{
  port = 0
 }}
}}
"""
SQUID = """http_port 3128
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/words
acl known proxy_auth REQUIRED
http_access allow known
access_log syslog:local4.info squid
cache_log {folder}/cache.log
pid_filename none
coredump_dir {folder}
cache deny all
"""
ULOGD = """[global]
logfile="{folder}/ulogd.log"
stack=log:NFLOG,base:BASE,ifi:IFINDEX,ip2str:IP2STR,print:PRINTPKT,sys:SYSLOG
[log]
group=1
[sys]
facility=LOG_LOCAL0
"""


class Logging:
    """The servers of one lab, and where each host's rsyslog listens."""

    def __init__(self, lab: Lab) -> None:
        """Give the lab a ``/dev`` of its own, on which a socket for logs can be laid."""
        self.lab = lab
        above = lab.folder / "dev"
        above.mkdir()
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            (above / name).touch()
            sh("mount", "--bind", f"/dev/{name}", str(above / name))
        for name, to in {"fd": "/proc/self/fd", "stderr": "/proc/self/fd/2", "stdout": "/proc/self/fd/1"}.items():
            (above / name).symlink_to(to)
        (above / "shm").mkdir()
        (above / "shm").chmod(0o1777)
        (above / "log").touch()
        sh("mount", "--rbind", str(above), "/dev")

    def place(self, host: str, name: str) -> Path:
        """An empty folder of one of its servers."""
        folder = self.lab.folder / f"{host}-{name}"
        folder.mkdir(mode=0o755)
        return folder

    def log(self, host: str) -> None:
        """Start its rsyslog; what starts on it from now on writes there."""
        folder = self.place(host, "rsyslog")
        console = self.lab.plan.lab.administration.console
        said = {"socket": folder / "socket", "folder": folder, "console": console, "port": DOOR}
        (folder / "conf").write_text(RSYSLOG.format(**said))
        self.lab.start(host, f"exec {needs_program('rsyslogd', 'rsyslog')} -n -f {folder}/conf -i {folder}/pid")
        until((folder / "socket").exists, f"rsyslog of {host}")

    def start(self, host: str, script: str) -> None:
        """Start something that speaks to this host's rsyslog."""
        self.lab.start(host, f"mount --bind {self.lab.folder}/{host}-rsyslog/socket /dev/log; {script}")

    def ssh(self, host: str, accounts: tuple[str, ...]) -> None:
        """OpenSSH with PAM, as Debian has it, but for the two seconds that a wrong password costs."""
        folder = self.place(host, "ssh")
        etc = linux.etc_of(self.lab, host, folder)
        common = etc / "pam.d/common-auth"
        common.write_text(common.read_text().replace("pam_unix.so", "pam_unix.so nodelay"))
        word = subprocess.run(("openssl", "passwd", "-6", WORD), capture_output=True, text=True, check=True).stdout
        with (etc / "passwd").open("a") as passwd, (etc / "shadow").open("a") as shadow:
            for number, name in enumerate(accounts, 2000):
                passwd.write(f"{name}:x:{number}:{number}::/:/bin/sh\n")
                shadow.write(f"{name}:{word.strip()}:20700:0:99999:7:::\n")
        sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(etc / "ssh/host_key"))
        (etc / "ssh/sshd_config").write_text(SSHD)
        view = f"mount --bind {etc} /etc; mkdir -p /run/sshd"
        self.start(host, f"{view}; exec {needs_program('sshd', 'openssh-server')} -D")

    def smb(self, host: str, accounts: tuple[str, ...]) -> None:
        """Samba, with its audit in JSON; its people are those of the same host's OpenSSH."""
        needs_program("smbd", "samba")
        folder = self.place(host, "smb")
        for name in ("rpc", "echange"):
            (folder / name).mkdir()
        (folder / "conf").write_text(SMBD.format(folder=folder))
        (folder / "word").write_text(f"{WORD}\n{WORD}\n")
        people = "; ".join(f"smbpasswd -c {folder}/conf -L -a -s {name} <{folder}/word" for name in accounts)
        view = f"mount --bind {self.lab.folder}/{host}-ssh/etc /etc"
        self.start(host, f"{view}; {people}; exec smbd -F --no-process-group -s {folder}/conf")

    def imap(self, host: str, accounts: tuple[str, ...]) -> None:
        """Dovecot, in TLS."""
        needs_program("dovecot", "dovecot-imapd")
        folder = self.place(host, "imap")
        certificate, key = self.lab.authority.certified(host, self.lab.addresses[host], expired=False)
        (folder / "words").write_text("".join(f"{name}:{{PLAIN}}{WORD}::::::\n" for name in accounts))
        for name in ("mail", "home"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        (folder / "conf").write_text(DOVECOT.format(folder=folder, certificate=certificate, key=key))
        self.start(host, f"exec dovecot -F -c {folder}/conf")

    def proxy(self, host: str, accounts: tuple[str, ...]) -> None:
        """Squid, which asks who wants to go out."""
        folder = self.place(host, "proxy")
        told = subprocess.run(("openssl", "passwd", "-apr1", WORD), capture_output=True, text=True, check=True).stdout
        (folder / "words").write_text("".join(f"{name}:{told.strip()}\n" for name in accounts))
        (folder / "conf").write_text(SQUID.format(folder=folder))
        self.start(host, f"chown proxy {folder}; exec {needs_program('squid')} -N -f {folder}/conf")

    def pacs(self, host: str) -> None:
        """Orthanc, which takes images from whoever knows its name; its words go to ``logger``."""
        folder = self.place(host, "pacs")
        config = {
            "StorageDirectory": f"{folder}/db", "IndexDirectory": f"{folder}/db", "HttpServerEnabled": False,
            "Plugins": [], "DicomPort": 4242, "DicomAet": "PACS", "DicomAlwaysAllowEcho": True,
        }  # fmt: skip
        (folder / "orthanc.json").write_text(json.dumps(config))
        orthanc = needs_program("Orthanc", "orthanc")
        self.start(host, f"{orthanc} --verbose {folder}/orthanc.json 2>&1 | logger -t Orthanc")

    def directory(self, host: str) -> recipe.Domain:
        """Samba as an Active Directory controller, with its audit in JSON."""
        needs_program("samba", "samba-ad-dc")
        made = recipe.Domain(self.place(host, "directory") / "dc", host)
        recipe._copied(made)  # noqa: SLF001 -- the same recipe, in this lab's own network
        conf = made.folder / "etc" / "smb.conf"
        said = conf.read_text().replace("interfaces = lo\n", "interfaces = lo lan\n", 1)
        audit = "\tlogging = syslog\n\tlog level = 1 auth_json_audit:3\n"
        conf.write_text(said.replace("\tlogging = file\n", audit, 1))
        self.start(host, f"hostname dc1; {recipe.TMPFS}; exec samba -F --no-process-group -M single -s {conf}")
        return made

    def router(self, extra: str) -> None:
        """Have nftables' lines reach ulogd, since the kernel's own log tells of the machine's network alone.

        ``extra``: what somebody lets through besides, in the words of ``nft``.
        """
        host = self.lab.plan.lab.router.name
        folder = self.place(host, "ulogd")
        (folder / "conf").write_text(ULOGD.format(folder=folder))
        needs_program("ulogd", "ulogd2")
        rules = self.lab.plan.rules.text().replace("    log prefix", f"{extra}\n    log prefix")
        rules = rules.replace('log prefix "refused "', 'log prefix "refused " group 1')
        (folder / "rules").write_text(rules.replace(" log accept", ' log prefix "accepted " group 1 accept'))
        sh("ip", "netns", "exec", host, "nft", "-f", str(folder / "rules"))
        self.start(host, f"exec ulogd -c {folder}/conf")

    def leases(self, segment: str) -> None:
        """dnsmasq on the router, which lends the upper addresses of a segment."""
        host, one = self.lab.plan.lab.router.name, self.lab.plan.lab.segment(segment)
        words = f"--interface=if-{segment} --dhcp-range={one.network[20]},{one.network[24]},{one.network.netmask},12h"
        held = f"--dhcp-leasefile={self.place(host, 'leases')}/file --pid-file= --dhcp-authoritative --no-ping"
        common = "--conf-file=/dev/null --keep-in-foreground --port=0 --user=root --bind-dynamic"
        self.start(host, f"exec {needs_program('dnsmasq', 'dnsmasq-base')} {common} {held} {words}")

    def answers(self, host: str, port: int) -> None:
        """Wait until a host listens."""
        words = ("ip", "netns", "exec", host, "bash", "-c", f"exec 3<>/dev/tcp/{self.lab.addresses[host]}/{port}")
        try:
            until(lambda: subprocess.run(words, capture_output=True, check=False).returncode == 0, f"port {port}")
        except AssertionError as error:
            raise AssertionError((self.lab.folder / f"{host}.log").read_text(errors="replace")[-1500:]) from error


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something, for a while."""
    ends = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > ends:
            raise AssertionError(f"{what} does not come")
        time.sleep(0.05)


def served(servers: Logging, people: tuple[str, ...]) -> None:
    """Start every server but the directory."""
    for host in LOGGING:
        servers.log(host)
    servers.router(LET_THROUGH)
    servers.ssh("files", people)
    servers.smb("files", people)
    servers.imap("mail", people)
    servers.proxy("proxy", (ADMINISTRATOR, USER))
    servers.pacs("pacs")
    servers.leases("users")
    servers.lab.start("web-out", "exec python3 -m http.server 80")
    for host, port in (("files", 22), ("files", 445), ("mail", 993), ("proxy", 3128), ("pacs", 4242)):
        servers.answers(host, port)


def directed(servers: Logging, people: tuple[str, ...]) -> recipe.Domain:
    """Start the directory too, and fill it."""
    servers.log("dc")
    directory = servers.directory("dc")
    servers.answers("dc", 636)
    directory.connected(practice.fill)
    directory.connected(lambda there: _people(there, people))
    return directory


def _people(there: ldap3.Connection, people: tuple[str, ...]) -> None:
    """Those who log in by password; the others of this directory have cards."""
    for one in people:
        practice.account(there, one, practice.NORMAL, employeeID=one)
    practice.changed(there, practice.user_dn(DISABLED), userAccountControl=DISABLED_FLAGS)
