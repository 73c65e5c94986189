"""CUPS as a print server: one queue that holds each job for its person, TLS alone, an administrator's page."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.plan import Server
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

QUEUE = "comptoir"
CONF = """ServerName {host}
ServerAlias *
SSLListen *:{port}
SSLOptions MinTLS1.2
LogLevel warn
Browsing Off
WebInterface Yes
DefaultAuthType Basic
DefaultEncryption Required
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
AuthType Default
Require user @SYSTEM
Order allow,deny
Allow {console}
</Location>
"""
FILES = """ServerRoot {root}
CacheDir {root}/cache
StateDir {root}/state
RequestRoot {root}/spool
TempDir {root}/temp
ServerKeychain {root}/ssl
CreateSelfSignedCerts no
AccessLog {root}/access
ErrorLog {root}/error
PageLog {root}/page
SystemGroup root
FileDevice Yes
"""
PRINTER = """<Printer {name}>
Info {name}
DeviceURI file:/dev/null
State Idle
Accepting Yes
Shared Yes
JobSheets none none
Option job-hold-until {hold}
OpPolicy default
ErrorPolicy retry-job
</Printer>
"""


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Write its settings and its certificate, and start it."""
    program = needs_program("cupsd", "cups-daemon")
    for name in ("cache", "state", "spool", "temp", "ppd", "ssl"):
        (folder / name).mkdir()
    for file, kind in zip(lab.certified(server), ("crt", "key"), strict=True):
        (folder / "ssl" / f"{server.host}.{kind}").write_bytes(file.read_bytes())
    console = lab.plan.lab.administration.console
    (folder / "cupsd.conf").write_text(CONF.format(host=server.host, port=server.port, console=console))
    (folder / "cups-files.conf").write_text(FILES.format(root=folder))
    hold = "no-hold" if server.hasty else "indefinite"
    (folder / "printers.conf").write_text(PRINTER.format(name=QUEUE, hold=hold))
    lab.start(server.host, f"LC_ALL=C exec {program} -f -c {folder}/cupsd.conf -s {folder}/cups-files.conf")
