"""A file server (Samba): folders for one account, SMB 3, signed and encrypted; nobody without a name."""

from pathlib import Path
from typing import TYPE_CHECKING

from negatoscope.observe.collector import Login
from tests.lab import places
from tests.lab.plan import Server
from tests.lab.services import Smb
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

READER = Login("lecteur", "phrase-de-passe-du-lecteur")
"""The one account that may read and write; Samba knows it by a name of its own."""
UNIX = "nobody"
GLOBAL = """[global]
 workgroup = CABINET
 netbios name = {name}
 server role = standalone server
 interfaces = lo lan
 bind interfaces only = yes
 smb ports = {port}
 disable netbios = yes
 server min protocol = SMB3_00
 server signing = mandatory
 server smb encrypt = required
 restrict anonymous = 2
 map to guest = never
 username map = {root}/names
 passdb backend = tdbsam:{root}/passdb.tdb
 private dir = {root}/private
 lock directory = {root}/lock
 state directory = {root}/state
 cache directory = {root}/cache
 pid directory = {root}/run
 ncalrpc dir = {root}/rpc
 log file = {root}/log
 load printers = no
 disable spoolss = yes
 printcap name = /dev/null
"""
SHARE = """[{name}]
 path = /srv/shares/{name}
 read only = no
 guest ok = no
 valid users = {account}
 create mask = 0600
 directory mask = 0700
"""
NOTE = "Compte rendu type : rien de particulier.\n"


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Make its folders and its account, and start it."""
    needs_program("smbd", "samba")
    for name in ("private", "lock", "state", "cache", "run", "rpc"):
        (folder / name).mkdir(mode=0o755)
    shares = next(one for one in lab.plan.lab.host(server.host).services if isinstance(one, Smb)).shares
    for name in shares:
        there = places.of(lab, server.host) / "srv" / "shares" / name
        there.mkdir(parents=True)
        (there / "modele.txt").write_text(NOTE)
    (folder / "names").write_text(f"{UNIX} = {READER.username}\n")
    settings = GLOBAL.format(name=server.host.upper()[:15], port=server.port, root=folder)
    conf = folder / "smb.conf"
    conf.write_text(settings + "".join(SHARE.format(name=name, account=UNIX) for name in shares))
    (folder / "word").write_text(f"{READER.password}\n" * 2)
    (folder / "word").chmod(0o600)
    run = (
        f"{places.view(lab, server.host)}; chown -R {UNIX} /srv/shares; "
        f"smbpasswd -c {conf} -L -a -s {UNIX} <{folder}/word && exec smbd -F --no-process-group -s {conf}"
    )
    lab.start(server.host, run)
