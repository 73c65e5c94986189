"""What we ask the agent's *Collect* task to read on Windows: named registry values and two WMI classes.

Only these are asked, so that no secret travels: Winlogon, for one, may hold a password beside the value asked of it.
"""

from collections.abc import Iterable
from typing import Any

from negatoscope.intake.message import DEVICE
from negatoscope.intake.refusal import Refused

FORMAT = "negatoscope-registry/1"
_MACHINE = "HKEY_LOCAL_MACHINE"
_POLICIES = f"{_MACHINE}/SOFTWARE/Policies/Microsoft"
_CURRENT = f"{_MACHINE}/SOFTWARE/Microsoft/Windows/CurrentVersion"
_NT = f"{_MACHINE}/SOFTWARE/Microsoft/Windows NT/CurrentVersion"
_CONTROL = f"{_MACHINE}/SYSTEM/CurrentControlSet/Control"
_SERVICES = f"{_MACHINE}/SYSTEM/CurrentControlSet/Services"
_WALL = f"{_SERVICES}/SharedAccess/Parameters/FirewallPolicy"

REGISTRY: dict[str, str] = {
    "build": f"{_NT}/CurrentBuildNumber",
    "autologon": f"{_NT}/Winlogon/AutoAdminLogon",
    "inactivity": f"{_CURRENT}/Policies/System/InactivityTimeoutSecs",
    "uac": f"{_CURRENT}/Policies/System/EnableLUA",
    "autorun": f"{_CURRENT}/Policies/Explorer/NoDriveTypeAutoRun",
    "usbstor": f"{_SERVICES}/USBSTOR/Start",
    "media_denied": f"{_POLICIES}/Windows/RemovableStorageDevices/Deny_All",
    "rdp": f"{_CONTROL}/Terminal Server/fDenyTSConnections",
    "rdp_policy": f"{_POLICIES}/Windows NT/Terminal Services/fDenyTSConnections",
    "updates_off": f"{_POLICIES}/Windows/WindowsUpdate/AU/NoAutoUpdate",
    "updates_how": f"{_POLICIES}/Windows/WindowsUpdate/AU/AUOptions",
    "updates_service": f"{_SERVICES}/wuauserv/Start",
    **{
        f"firewall_{name}_{what}": f"{place}/{profile}/{value}"
        for name, profile in (("domain", "DomainProfile"), ("private", "StandardProfile"), ("public", "PublicProfile"))
        for what, place, value in (
            ("on", _WALL, "EnableFirewall"),
            ("in", _WALL, "DefaultInboundAction"),
            ("on_policy", f"{_POLICIES}/WindowsFirewall", "EnableFirewall"),
            ("in_policy", f"{_POLICIES}/WindowsFirewall", "DefaultInboundAction"),
        )
    },
    "lsa_protected": f"{_CONTROL}/Lsa/RunAsPPL",
    "wdigest": f"{_CONTROL}/SecurityProviders/WDigest/UseLogonCredential",
    "smb1": f"{_SERVICES}/LanmanServer/Parameters/SMB1",
    "smb1_driver": f"{_SERVICES}/mrxsmb10/Start",
    "escrow": f"{_POLICIES}/FVE/OSRequireActiveDirectoryBackup",
    "laps": f"{_CURRENT}/Policies/LAPS/BackupDirectory",
    "laps_cloud": f"{_MACHINE}/SOFTWARE/Microsoft/Policies/LAPS/BackupDirectory",
    "laps_legacy": f"{_MACHINE}/SOFTWARE/Policies/Microsoft Services/AdmPwd/AdmPwdEnabled",
    "time_type": f"{_SERVICES}/W32Time/Parameters/Type",
    "time_service": f"{_SERVICES}/W32Time/Start",
}
"""Job, and the one value that it reads. The first is on every Windows: without its answer nothing was read at all."""
WMI: dict[str, tuple[str, tuple[str, ...]]] = {
    "users": ("Win32_UserAccount", ("Name", "Domain", "SID", "Disabled", "PasswordRequired", "LocalAccount")),
    "members": ("Win32_GroupUser", ("GroupComponent", "PartComponent")),
}
JOBS = frozenset({*REGISTRY, *WMI})
FIGURES = 9


def schedule(address: str) -> dict[str, Any]:
    """Answer ``getConfig``: there is something to collect, at this address."""
    return {"schedule": [{"task": "Collect", "remote": address}]}


def jobs(device: str, visit: str) -> dict[str, Any]:
    """Answer ``getJobs``. Nothing else than the job's own name says later whose answer it is: it bears the device.

    ``visit``: drawn anew each time, so that answers to an earlier visit are not taken for fresh ones.
    """
    registry = [
        {"uuid": f"{name}@{visit}@{device}", "function": "getFromRegistry", "path": path}
        for name, path in REGISTRY.items()
    ]
    wmi = [
        {"uuid": f"{name}@{visit}@{device}", "function": "getFromWMI", "class": kind, "properties": [*properties]}
        for name, (kind, properties) in WMI.items()
    ]
    return {"jobs": [*registry, *wmi], "postmethod": "POST"}


def named(uuid: str) -> tuple[str, str, str]:
    """The job, visit and device that a job's name bears. Raises Refused: ``job_unknown``, ``device_unnamed``."""
    job, _, rest = uuid.partition("@")
    visit, _, device = rest.partition("@")
    if job not in JOBS:
        raise Refused("job_unknown")
    if not DEVICE.fullmatch(device):
        raise Refused("device_unnamed")
    return job, visit, device


def line(job: str, told: dict[str, str]) -> dict[str, Any]:
    """One answer as it waits. ``left``: how many of this job were to come, itself among them; 0 for an empty one."""
    left = told.get("_cpt", "")
    return {
        "job": job,
        "values": kept(job, told),
        "left": int(left) if left.isdecimal() and len(left) < FIGURES else None,
    }


def kept(job: str, told: dict[str, str]) -> dict[str, str]:
    """Of one answer, the values that were asked for; of users, those of this computer alone."""
    if job == "users" and told.get("LocalAccount", "").strip().lower() in {"0", "false"}:
        return {}
    names = WMI[job][1] if job in WMI else (REGISTRY[job].rpartition("/")[2],)
    return {name: told[name][:500] for name in names if name in told}


def answered(lines: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Give the answers of each job that came whole: as many as its first one told, or by the word of the agent."""
    came: dict[str, list[dict[str, Any]]] = {}
    ended = set()
    for one in lines:
        if "job" in one:
            came.setdefault(one["job"], []).append(one)
        else:
            ended.add(one.get("done"))
    return {
        job: [one["values"] for one in answers if one["values"]]
        for job, answers in came.items()
        if _whole([one.get("left") for one in answers], said=job in ended)
    }


def _whole(left: list[int | None], *, said: bool) -> bool:
    counts = [count for count in left if count is not None]
    return len(left) == max(1, *counts) if len(counts) == len(left) else said
