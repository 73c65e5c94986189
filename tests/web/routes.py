"""Every route of the console, with an address of each that a logged-in administrator can open."""

from django.urls import get_resolver, reverse

from negatoscope.flows.console import Console
from negatoscope.model.campaigns import Campaign
from negatoscope.store.queries import jobs, observations, register
from negatoscope.store.queries.paging import Ask

FORMS_ONLY = {
    "drop_action", "notice_trial",
    "judge", "withdraw_attestation", "withdraw_waiver", "cancel", "host_declare", "withdraw_consent",
    "withdraw_network", "guide_observe", "guide_sweep", "choose", "visit",
    "second_factor", "reset_factors", "end_sessions",
    "token_revoke",
    "paper_adopt",
    "decide", "directories_closed",
    "schedule",
}  # fmt: skip
"""Routes that only take a form, tested by name elsewhere."""
FILES = {
    "pending",
    "family_choices",
    "paper_draft",
    "capture",
    "import_template",
    "ledger_export",
    "report_file",
    "health",
    "agent",
    "agent_basic",
}
"""Routes that answer with a file or a word, not a page."""
ENTRANCES = {"mfa_authenticate", "mfa_login_webauthn", "first", "first_demonstration", "account_login"}
"""Routes for those who have not come in."""
REDIRECTS = {
    "import_check", "guide", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
}  # fmt: skip
"""Routes that lead elsewhere unless something waits; opened by tests of their own."""

PLAIN = {
    "lightbox", "coverage", "observations", "collectors", "hosts", "accounts", "persons", "networks", "imports",
    "host_add",
    "ledger", "report", "register", "me", "users", "user_add", "account_change_password", "account_logout",
    "actions", "decaying", "notices", "sessions", "mfa_index", "mfa_list_webauthn",
    "differences",
    "demonstration",
    "cases", "role_templates", "policy", "papers", "campaigns", "attestations", "attest_many",
    "reception",
    "directories", "password_profile",
    "credentials", "schedules", "servers",
}  # fmt: skip
WITH: dict[str, list[list[object]]] = {
    "film": [[1], [10], [39]],
    "control": [[10, "R10.1"]],
    "attest": [[39, "R39.1"], [40, "R40.1"]],
    "collector": [["local"], ["nmap"], ["ssh"], ["dicom"]],
    "import_family": [["persons"], ["accounts"], ["rooms"]],
    "family": [["rooms"], ["doors"], ["handovers"], ["presence"]],
    "family_add": [["handovers"], ["contracts"]],
    "family_close": [["rooms"], ["alarm-codes"]],
    "guide_step": [["cabinet"], ["equipement"], ["reseaux"], ["personnes"]],
    "user": [["jpetit"]],
}
FULL_ONLY: dict[str, list[list[object]]] = {
    "plan": [[10, "R10.2"], [10, "R10.4"]],
    "action": [["R10.1", "host/srv-essai"]],
    "waive": [[10, "R10.2"], [10, "R10.4"]],
    "host": [["srv-essai"], ["scanner-1"]],
    "host_retire": [["srv-essai"]],
    "host_software": [["srv-essai"]],
    "host_consent": [["irm-1"]],
    "host_update_paper": [["irm-1"]],
    "credential": [["serveurs"]],
    "directory": [["cabinet.lan"]],
    "subject": [["account/srv-essai/root"], ["person/mdurand"], ["network/10.77.0.0/24"]],
    "family_item": [["rooms", "Salle d’attente"], ["handovers", "Badge 12/kmoreau/2026-01-05"]],
    "family_remove": [["rooms", "Salle d’attente"], ["doors", "Porte du local technique"]],
    "alarm_code": [["Alarme du rez-de-chaussée"]],
    "account_declare": [["account/srv-essai/root"]],
    "person": [["mdurand"], ["kmoreau"]],
    "case_open": [["jpetit", "depart"], ["jpetit", "arrivee"]],
    "case": [["kmoreau", "depart"]],
}


def names() -> set[str]:
    """The names of all routes."""
    return {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}


def visited_names() -> set[str]:
    """The names that some test opens."""
    return PLAIN | {*WITH, *FULL_ONLY, "observation", "job", "campaign"} | FORMS_ONLY | FILES | ENTRANCES | REDIRECTS


def addresses(console: Console) -> list[str]:
    """Pages to open with the data that the console holds."""
    found = [reverse(name) for name in sorted(PLAIN)]
    found += [reverse(name, args=args) for name, many in WITH.items() for args in many]
    looks = observations.observations(console.practice, Ask(stop=50)).rows
    found += [reverse("observation", args=[one.sequence]) for one in looks[:3]]
    found += [reverse("job", args=[one.id]) for one in jobs.jobs(console.practice, Ask(stop=1)).rows]
    found += [reverse("campaign", args=[one.ident]) for one in register.declared(console.practice, Campaign)]
    if looks:
        found += [reverse(name, args=args) for name, many in FULL_ONLY.items() for args in many]
    return found
