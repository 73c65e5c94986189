"""For each measured control of directories: facts that fail it, one flaw at a time, in a practice otherwise healthy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryPrivilege, Grant
from negatoscope.model.passwords import PasswordChoice, Profile
from tests.judge.cases.healthy.directory import (
    ACCESS,
    CHIEF,
    COPY,
    DAY,
    DC,
    DEFAULT,
    DESK,
    DOMAIN,
    HEAD,
    PETIT,
    ROOT,
    TRUST,
    D,
    account,
)
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World


def _flawed(fact: Any, **flaw: object) -> World:  # noqa: ANN401 -- any fact
    return HEALTHY.with_(replace(fact, **flaw))


def _right(right: str) -> World:
    return _flawed(ROOT, grants=(Grant("g-manips", right),))


BY_2021 = HEALTHY.with_(PasswordChoice(Profile.ANSSI_2021, "accord du comité"))
LATE = HEALTHY.but(
    swept_at={sweep: AT - timedelta(days=60) for sweep in HEALTHY.sweeps if sweep.kind == "DirectoryAccess"}
)
FOREIGN = DirectoryPrivilege(D, "S-1-5-21-9-9-9-1200", "Administrators", ("Administrators",), foreign=True)

FAILING: dict[str, tuple[World, ...]] = {
    "R2.2": (_flawed(CHIEF, holder="person/inconnu"), HEALTHY.with_(FOREIGN)),
    "R8.5": (
        HEALTHY.with_(account("manip", 1200)),
        HEALTHY.with_(account("Invité", 1201)),
        _flawed(ACCESS, anonymous_read=True),
    ),
    "R8.8": (_flawed(PETIT, holder="person/inconnu"),),
    "R9.5": (
        _flawed(DEFAULT, min_length=8),
        _flawed(DEFAULT, min_length=12),
        _flawed(DEFAULT, min_classes=0),
        BY_2021.with_(replace(DEFAULT, min_length=12, lockout_attempts=0)),
        BY_2021.with_(replace(DEFAULT, min_classes=1)),
    ),
    "R10.8": (
        _flawed(PETIT, password_set_at=AT - 181 * DAY),
        _flawed(PETIT, password_never_expires=True),
        _flawed(DEFAULT, max_days=0),
        BY_2021.with_(replace(CHIEF, password_set_at=AT - 1200 * DAY)),
        BY_2021.with_(replace(CHIEF, password_never_expires=True)),
    ),
    "R10.11": (_flawed(DEFAULT, lockout_attempts=0), _flawed(DEFAULT, lockout_attempts=50)),
    "R10.12": (_flawed(PETIT, password_not_required=True),),
    "R13.1": (
        _flawed(PETIT, smartcard_required=False),
        HEALTHY.with_(replace(PETIT, smartcard_required=False, holder=None)),
    ),
    "R13.4": (_flawed(CHIEF, smartcard_required=False),),
    "R20.1": (LATE,),
    "R20.2": (_right("replicate"), _right("full_control")),
    "R20.4": (
        _flawed(PETIT, unconstrained_delegation=True),
        _flawed(DESK, unconstrained_delegation=True),
        _flawed(COPY, protocol_transition=True, delegates_to=("cifs/nas.cabinet.lan",)),
        _flawed(DC, delegated_by=("ACCUEIL$",)),
    ),
    "R20.5": (_flawed(CHIEF, spns=("MSSQLSvc/ris.cabinet.lan:1433",)),),
    "R20.6": (_flawed(PETIT, preauth_not_required=True),),
    "R20.7": (_flawed(HEAD, krbtgt_set_at=AT - 400 * DAY),),
    "R20.8": (_flawed(HEAD, machine_quota=10),),
    "R20.9": (_flawed(DESK, local_password_managed=False),),
    "R20.10": (_flawed(DESK, os_name="Windows 7 Professionnel"),),
    "R20.11": (_flawed(TRUST, sid_filtering=False), _flawed(TRUST, ticket_delegation=True)),
    "R20.12": (
        _flawed(PETIT, last_logon_at=AT - 300 * DAY),
        _flawed(PETIT, last_logon_at=None, never_logged_on=True),
    ),
    "R20.13": (_flawed(PETIT, admin_count=True),),
    "R20.14": (_flawed(HEAD, anonymous_operations=True), _flawed(HEAD, open_compatibility=("S-1-1-0",))),
    "R20.15": (_flawed(HEAD, functional_level=4),),
    "R20.16": (
        _flawed(PETIT, reversible_encryption=True),
        _flawed(PETIT, des_only=True),
        _flawed(DEFAULT, reversible_encryption=True),
    ),
    "R20.17": (_flawed(CHIEF, not_delegated=False),),
    "R20.18": (
        _flawed(PETIT, sid_history=(f"{DOMAIN}-512",)),
        _flawed(PETIT, sid_history=("S-1-5-21-8-8-8-500",)),
    ),
}
UNDECIDED: dict[str, tuple[World, ...]] = {
    "R8.8": (
        _flawed(PETIT, holder=None),
        _flawed(COPY, purpose=None),
        HEALTHY.with_(account("sans.personne", 1202, employee_id="inconnu", mail="x@cabinet.example")),
    ),
    "R2.2": (
        HEALTHY.with_(DirectoryPrivilege(D, "fantome", "Domain Admins", ("Domain Admins",), foreign=False)),
        _flawed(CHIEF, kind=AccountKind.SERVICE),
    ),
    "R13.1": (_flawed(PETIT, smartcard_required=False, kind=None, holder=None),),
    "R13.4": (HEALTHY.with_(DirectoryPrivilege(D, "fantome", "Domain Admins", ("Domain Admins",), foreign=False)),),
    "R20.10": (_flawed(DESK, os_name="Windows 11 Professionnel"), _flawed(DESK, os_name="Windows 10 Enterprise LTSC")),
    "R20.11": (_flawed(TRUST, within_forest=None),),
    "R9.5": (BY_2021.with_(replace(DEFAULT, min_length=12, lockout_attempts=None)), _flawed(DEFAULT, min_length=None)),
    "R10.8": (BY_2021.with_(replace(PETIT, privileged=None)),),
    "R20.7": (_flawed(HEAD, krbtgt_set_at=AT + 40 * DAY),),
}
"""What the facts do not settle."""
HOLDING: dict[str, tuple[World, ...]] = {
    "R9.5": (BY_2021.with_(replace(DEFAULT, min_length=12)), _flawed(DEFAULT, min_length=12, min_classes=4)),
    "R10.8": (
        BY_2021.with_(replace(PETIT, password_set_at=AT - 900 * DAY, password_never_expires=True)),
        _flawed(PETIT, password_set_at=None, password_must_change=True),
    ),
    "R8.8": (
        HEALTHY.with_(replace(PETIT, holder=None, employee_id="ANNA.PETIT")),
        HEALTHY.with_(account("krbtgt", 502, kind=AccountKind.SYSTEM)),
        _flawed(PETIT, holder="person/inconnu", expires_at=AT - DAY),
    ),
    "R20.4": (_flawed(COPY, delegates_to=("cifs/nas.cabinet.lan",)),),
    "R20.9": (_flawed(DESK, os_name="Debian GNU/Linux", local_password_managed=False),),
    "R20.10": (_flawed(DESK, os_name="Debian GNU/Linux"),),
    "R20.11": (_flawed(TRUST, outbound=False, sid_filtering=False), _flawed(TRUST, within_forest=True)),
    "R20.18": (_flawed(PETIT, sid_history=("S-1-5-21-8-8-8-1300",)),),
    "R20.5": (_flawed(COPY, privileged=False),),
    "R20.12": (_flawed(PETIT, last_logon_at=AT - 190 * DAY),),
    "R13.1": (_flawed(COPY, smartcard_required=False),),
}
"""What looks like a flaw and is none."""
