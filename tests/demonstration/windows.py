"""What the agents of the practice's Windows computers post: written after the agents' public format, not recorded."""

import random
from collections.abc import Iterator
from typing import Any

from negatoscope.intake import jobs, keeping
from negatoscope.intake.message import parse
from negatoscope.kit.canonical import canonical
from tests.demonstration.bible import WINDOWS, Host, digest, hosts

EVERYWHERE = (
    ("Microsoft Edge", "142.0.3595.65", "Microsoft Corporation"),
    ("Microsoft Edge WebView2 Runtime", "142.0.3595.65", "Microsoft Corporation"),
    ("Microsoft Visual C++ 2015-2022 Redistributable (x64)", "14.44.35211.0", "Microsoft Corporation"),
    ("Microsoft .NET Runtime - 8.0.21 (x64)", "8.0.21.35325", "Microsoft Corporation"),
    ("Mozilla Firefox ESR (x64 fr)", "140.5.0", "Mozilla"),
    ("7-Zip 25.01 (x64)", "25.01", "Igor Pavlov"),
    ("Intel(R) Graphics Driver", "32.0.101.6987", "Intel Corporation"),
    ("Realtek Audio Driver", "6.0.9856.1", "Realtek Semiconductor Corp."),
    ("GLPI Agent 1.15", "1.15", "Teclib'"),
    ("Cryptolib CPS (x64)", "5.2.3", "Agence du Numérique en Santé"),
    ("LibreOffice 25.8.2.2", "25.8.2.2", "The Document Foundation"),
    ("Windows PC Health Check", "4.0.2410.23001", "Microsoft Corporation"),
)
SOMETIMES = (
    ("Google Chrome", "142.0.7444.60", "Google LLC"),
    ("Notepad++ (64-bit x64)", "8.8.7", "Notepad++ Team"),
    ("KeePassXC", "2.7.10", "KeePassXC Team"),
    ("PDFCreator", "6.1.1", "Avanquest pdfforge GmbH"),
    ("VLC media player", "3.0.21", "VideoLAN"),
    ("Java 8 Update 461 (64-bit)", "8.0.4610.11", "Oracle Corporation"),
    ("HP Universal Print Driver", "7.9.0", "HP"),
    ("GALSS", "3.44.01", "GIE SESAM-Vitale"),
    ("Adobe Acrobat (64-bit)", "25.001.20756", "Adobe"),
    ("Dell Command | Update", "5.5.0", "Dell Inc."),
)
BY_WORK = {
    "accueil": (("Client RIS Exemple", "7.4.0", "Editeur Exemple"), ("Lecteur Vitale", "1.2.0", "Fabricant Exemple")),
    "secretariat": (("Client RIS Exemple", "7.4.0", "Editeur Exemple"), ("Dictée Exemple", "4.1", "Editeur Exemple")),
    "lecture": (("Visionneuse DICOM Exemple", "3.2.1", "Editeur Exemple"),),
    "console": (("Visionneuse DICOM Exemple", "3.2.1", "Editeur Exemple"),),
    "comptabilite": (("Comptabilité Exemple", "12.0", "Editeur Exemple"),),
}
REMOTE = {
    "teamviewer": ("TeamViewer", "15.71.4", "TeamViewer"),
    "anydesk": ("AnyDesk", "ad 9.6.4", "AnyDesk Software GmbH"),
}
OLD, NEW, SERVER = ("10", "22H2", "19045"), ("11", "24H2", "26100"), ("Server 2022 Standard", "21H2", "20348")
CASES = {"windows": "Desktop", "laptop": "Notebook", "fileserver": "Rack Mount Chassis"}


def computers() -> list[Host]:
    return hosts(*sorted(WINDOWS))


def device(host: Host) -> str:
    """What the agent calls itself for life."""
    day = 1 + int(digest(host.name)[:4], 16) % 27
    return f"{host.name}-2026-02-{day:02}-09-12-31"


def _system(host: Host) -> tuple[str, str, str]:
    if host.kind == "fileserver":
        return SERVER
    return OLD if "old" in host.flaws else NEW


def _software(host: Host) -> Iterator[dict[str, str]]:
    picked = random.Random(host.name).sample(SOMETIMES, 5)
    work = next((some for start, some in BY_WORK.items() if start in host.name), ())
    remote = [one for flaw, one in REMOTE.items() if flaw in host.flaws]
    for name, version, publisher in sorted({*EVERYWHERE, *picked, *work, *remote}):
        yield {"name": name, "version": version, "publisher": publisher, "arch": "x86_64", "from": "registry"}


def _content(host: Host, realm: str) -> dict[str, Any]:
    number, release, build = _system(host)
    wall = "off" if "firewall" in host.flaws else "on"
    locked = "No" if "clear" in host.flaws or host.kind == "windows" else "Yes"
    return {
        "accesslog": {"logdate": "2026-11-22 07:12:44"},
        "bios": {"smanufacturer": f"{host.vendor} Inc.", "smodel": host.product, "ssn": host.serial},
        "hardware": {"name": host.name, "chassis_type": CASES[host.kind], "workgroup": realm},
        "operatingsystem": {
            "name": "Windows", "full_name": f"Microsoft Windows {number}" + (" Professionnel" if number < "S" else ""),
            "version": release, "kernel_name": "MSWin32", "kernel_version": f"10.0.{build}",
            "fqdn": f"{host.name}.{realm}", "dns_domain": realm, "arch": "64 bits",
        },
        "networks": [{
            "description": "Intel(R) Ethernet Connection (17) I219-LM", "ipaddress": host.address,
            "ipmask": "255.255.255.0", "mac": host.mac, "status": "up", "type": "ethernet", "virtualdev": False,
        }],
        "softwares": [*_software(host)],
        "drives": [{
            "letter": "C:", "type": "Local Disk", "filesystem": "NTFS", "total": 487_000, "free": 231_000,
            "systemdrive": True, "encrypt_name": "BitLocker", "encrypt_status": locked,
        }],
        "antivirus": [] if "antivirus" in host.flaws else [{
            "name": "Windows Defender", "company": "Microsoft Corporation", "version": "4.18.25100",
            "enabled": True, "uptodate": True,
        }],
        "firewalls": [
            {"profile": "DomainProfile", "status": "on"}, {"profile": "StandardProfile", "status": "on"},
            {"profile": "PublicProfile", "status": wall},
        ],
        "local_users": [
            {"name": "Administrateur", "id": f"{_sid(host)}-500"}, {"name": "adm-local", "id": f"{_sid(host)}-1001"},
        ],
        "local_groups": [{"name": "Administrateurs", "id": "S-1-5-32-544"}],
        "remote_mgmt": [{"type": flaw, "id": "0"} for flaw in sorted(REMOTE) if flaw in host.flaws],
    }  # fmt: skip


def _sid(host: Host) -> str:
    found = digest(f"sid {host.name}")
    return "S-1-5-21-" + "-".join(str(int(found[at : at + 7], 16)) for at in (0, 7, 14))


def inventory(host: Host, realm: str) -> bytes:
    """One inventory as the console keeps it: posted, understood, and less what is not kept."""
    post = {"action": "inventory", "deviceid": device(host), "itemtype": "Computer", "content": _content(host, realm)}
    return keeping.capture(parse(canonical(post)))[0]


def clone(realm: str) -> bytes:
    """A loan computer made from the disk image of another one: it still bears the agent's name of the first."""
    model = next(host for host in computers() if host.name == "secretariat-5")
    loan = model._replace(name="pret-1", address="10.20.1.71", mac="54:e1:ad:7e:20:71", model="Lenovo ThinkCentre M70")
    content = _content(loan, realm)
    post = {"action": "inventory", "deviceid": device(model), "itemtype": "Computer", "content": content}
    return keeping.capture(parse(canonical(post)))[0]


def registry(host: Host, realm: str) -> bytes:
    """Answers to the *Collect* task's questions."""
    told = _registry(host)
    answers: dict[str, list[dict[str, str]]] = {
        job: [{path.rpartition("/")[2]: told[job]}] if job in told else [] for job, path in jobs.REGISTRY.items()
    }
    answers["users"], answers["members"] = _users(host), _members(host, realm)
    return canonical({"format": jobs.FORMAT, "agent": device(host), "answers": answers})


def _registry(host: Host) -> dict[str, str]:
    """Job and value; a job that is missing found nothing."""
    flaws, laptop = host.flaws, host.kind == "laptop"
    told = {
        "build": _system(host)[2],
        "autologon": "1" if "autologon" in flaws else "0",
        "uac": _hex(1),
        "autorun": _hex(0xFF),
        "usbstor": _hex(3 if "usb" in flaws else 4),
        "rdp": _hex(0 if "rdp" in flaws else 1),
        "updates_how": _hex(4),
        "updates_service": _hex(3),
        "lsa_protected": _hex(1),
        "escrow": _hex(1),
        "laps": _hex(2),
        "time_type": "NT5DS",
        "time_service": _hex(2),
    }
    if "lock" not in flaws:
        told["inactivity"] = _hex(300 if laptop else 600)
    if "smb1" in flaws:
        told["smb1"] = _hex(1)
    for profile in ("domain", "private", "public"):
        told[f"firewall_{profile}_on"] = _hex(0 if "firewall" in flaws and profile == "public" else 1)
        told[f"firewall_{profile}_in"] = _hex(1)
    return told


def _hex(value: int) -> str:
    return f"0x{value:08x}"


def _users(host: Host) -> list[dict[str, str]]:
    def user(name: str, number: int, *, disabled: bool) -> dict[str, str]:
        return {
            "Name": name, "Domain": host.name.upper(), "SID": f"{_sid(host)}-{number}", "LocalAccount": "1",
            "Disabled": "1" if disabled else "0", "PasswordRequired": "1",
        }  # fmt: skip

    users = [
        user("Administrateur", 500, disabled=True),
        user("Invité", 501, disabled=True),
        user("DefaultAccount", 503, disabled=True),
        user("WDAGUtilityAccount", 504, disabled=True),
        user("adm-local", 1001, disabled=False),
    ]
    return [*users, user("manip", 1002, disabled=False)] if "autologon" in host.flaws else users


def _members(host: Host, realm: str) -> list[dict[str, str]]:
    own, domain = host.name.upper(), realm.partition(".")[0].upper()
    members = [("UserAccount", own, "Administrateur"), ("UserAccount", own, "adm-local")]
    members += [("Group", domain, "Domain Admins")]
    if "admin" in host.flaws:
        members.append(("UserAccount", domain, "gvidal" if "compta" in host.name else "kdiallo"))
    place = f"\\\\{own}\\root\\cimv2:Win32_"
    return [
        {
            "GroupComponent": f'{place}Group.Domain="{own}",Name="Administrateurs"',
            "PartComponent": f'{place}{kind}.Domain="{where}",Name="{name}"',
        }
        for kind, where, name in members
    ]
