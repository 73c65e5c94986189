"""Every route of the console, with an address of each that a logged-in administrator can open."""

from datetime import UTC, datetime

from django.urls import get_resolver, reverse

from negatoscope.flows.console import Console
from negatoscope.model.campaigns import Campaign
from negatoscope.model.weekly import WeekReview
from negatoscope.store.models import RingRow
from negatoscope.store.queries import alerts, channels, incidents, jobs, launches, observations, probes, register, tips
from negatoscope.store.queries.paging import Ask
from tests.web.furnished import RULE_ID

FORMS_ONLY = {
    "drop_action", "notice_trial", "incident_spam", "incident_pack", "host_questions_keep",
    "judge", "withdraw_attestation", "withdraw_waiver", "cancel", "host_declare", "withdraw_consent",
    "withdraw_network", "guide_observe", "guide_sweep", "choose", "visit",
    "second_factor", "reset_factors", "end_sessions",
    "token_revoke", "log_token_revoke", "log_folder_leave", "log_keeping_undo", "exemption_withdraw",
    "probes_medium", "probe_code", "probe_task",
    "paper_adopt",
    "decide", "directories_closed",
    "schedule",
}  # fmt: skip
"""Routes that only take a form, tested by name elsewhere."""
FILES = {
    "pending",
    "family_choices",
    "paper_draft",
    "reflex_paper",
    "chain_paper",
    "chain_sheet",
    "capture",
    "import_template",
    "ledger_export",
    "report_file",
    "drawing_data",
    "drawing_changes_data",
    "drawing_file",
    "health",
    "agent",
    "agent_basic",
    "probe_receipt",
    "incident_document",
    "incident_custody",
    "exercise_sheet",
    "incident_dossier_file",
    "tip_file",
    "incident_feed",
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
    "segmentation", "segmentation_exits",
    "incidents", "exercises", "incident_open", "incident_calendars", "reflexes",
    "legal_duties", "tips", "tip_send", "tip_door", "tip_poster", "spam_account", "where_to_report",
    "alerts", "channels", "weeks", "detection_rules", "rule_coverage", "rule_files", "rule_own", "situations",
    "lightbox", "coverage", "observations", "collectors", "hosts", "accounts", "persons", "networks", "imports",
    "host_add", "sightings",
    "ledger", "report", "register", "me", "users", "user_add", "account_change_password", "account_logout",
    "actions", "decaying", "notices", "sessions", "mfa_index", "mfa_list_webauthn",
    "differences",
    "drawing", "drawing_changes", "drawing_sealed",
    "demonstration",
    "chain", "chain_launch", "chain_launches",
    "cases", "role_templates", "policy", "papers", "campaigns", "attestations", "attest_many",
    "reception", "talks", "log_sources", "log_files", "log_keeping", "log_folder_follow", "probes",
    "events", "events_question",
    "directories", "password_profile",
    "credentials", "schedules", "servers", "trials",
}  # fmt: skip
WITH: dict[str, list[list[object]]] = {
    "channel_add": [["mail"], ["sms"], ["teams"], ["other"]],
    "film": [[1], [10], [39]],
    "control": [[10, "R10.1"]],
    "attest": [[39, "R39.1"], [40, "R40.1"]],
    "collector": [["local"], ["nmap"], ["ssh"], ["dicom"], ["snmp"], ["ipp"], ["upnp"]],
    "import_family": [["persons"], ["accounts"], ["rooms"]],
    "family": [["rooms"], ["doors"], ["handovers"], ["presence"]],
    "family_add": [["handovers"], ["contracts"]],
    "family_close": [["rooms"], ["alarm-codes"]],
    "guide_step": [["cabinet"], ["equipement"], ["reseaux"], ["personnes"]],
    "user": [["jpetit"]],
    "situation": [["unusual_hours"], ["transfers"], ["attempts"], ["inactive"], ["bypass"]],
    "log_keeping_change": [["traffic"]],
    "segmentation_preset": [["pacs"], ["basics"]],
    "reflex": [["ransomware"], ["lost"]],
    "legal_duty": [["CNIL"], ["NIS2"]],
}
FULL_ONLY: dict[str, list[list[object]]] = {
    "plan": [[10, "R10.2"], [10, "R10.4"]],
    "action": [["R10.1", "host/srv-essai"]],
    "waive": [[10, "R10.2"], [10, "R10.4"]],
    "host": [["srv-essai"], ["scanner-1"]],
    "host_retire": [["srv-essai"]],
    "host_questions": [["srv-essai"]],
    "host_question": [["srv-essai", "propagation"], ["srv-essai", "portee"]],
    "host_ports": [["srv-essai"]],
    "host_walls": [["srv-essai"]],
    "host_software": [["srv-essai"]],
    "host_consent": [["irm-1"]],
    "host_update_paper": [["irm-1"]],
    "credential": [["serveurs"]],
    "detection_rule": [[RULE_ID]],
    "rule_spare": [[RULE_ID]],
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


OF_INCIDENTS = (
    "incident", "incident_reflexes", "incident_team", "incident_touched", "incident_containment",
    "incident_evidence", "incident_duties", "incident_closing",
)  # fmt: skip


def names() -> set[str]:
    """The names of all routes."""
    return {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}


def visited_names() -> set[str]:
    """The names that some test opens."""
    return (
        PLAIN
        | {*WITH, *FULL_ONLY, "observation", "job", "campaign", "probe", "probe_revoke"}
        | {*OF_INCIDENTS, "incident_reflex", "incident_dossier", "incident_strike", "tip", "tip_receipt", "tip_spam"}
        | {"segmentation_cell", "week", "alert", "alert_exempt", "alerts_alike", "channel"}
        | {"chain_launched", "chain_answer", "exercise", "exercise_result"}
        | FORMS_ONLY
        | FILES
        | ENTRANCES
        | REDIRECTS
    )


def addresses(console: Console) -> list[str]:
    """Pages to open with the data that the console holds."""
    found = [reverse(name) for name in sorted(PLAIN)]
    found += [reverse(name, args=args) for name, many in WITH.items() for args in many]
    found += [f"{reverse('segmentation_cell')}?de=Internet&vers=Internet"]
    looks = observations.observations(console.practice, Ask(stop=50)).rows
    found += [reverse("observation", args=[one.sequence]) for one in looks[:3]]
    found += [reverse("job", args=[one.id]) for one in jobs.jobs(console.practice, Ask(stop=1)).rows]
    found += [reverse("campaign", args=[one.ident]) for one in register.declared(console.practice, Campaign)]
    ever = datetime.min.replace(tzinfo=UTC)
    told = alerts.since(console.practice, ever)
    found += [reverse(name, args=[one.number]) for name in ("alert", "alerts_alike") for one in told]
    found += [reverse("alert_exempt", args=[one.number]) for one in told if not one.open]
    going = incidents.standing(console.practice)
    found += [reverse(name, args=[one.number]) for name in OF_INCIDENTS for one in going]
    found += [reverse("incident_reflex", args=[one.number, "ransomware"]) for one in going]
    found += [reverse("incident_dossier", args=[one.number, duty]) for one in going for duty in ("CNIL", "ART34")]
    found += [reverse("incident_strike", args=[one.number, place]) for one in going for place in (1, 2)]
    played = incidents.exercises(console.practice)
    pages = ("exercise", "exercise_result", "incident", "incident_duties")
    found += [reverse(name, args=[one.number]) for name in pages for one in played]
    reported = tips.page(console.practice, Ask()).rows
    found += [reverse("tip", args=[one.number]) for one in reported]
    mails = [(one.number, word.place) for one in reported for word in tips.words(one.number) if word.file]
    found += [reverse("tip_spam", args=told) for told in mails]
    found += [reverse("tip_receipt", args=[one.code]) for one in reported]
    found += [reverse("chain_launched", args=[one.number]) for one in launches.every(console.practice)]
    found += [reverse("chain_answer", args=[row.token]) for row in RingRow.objects.all()]
    found += [reverse("channel", args=[one.number]) for one in channels.channels(console.practice)]
    found += [reverse("week", args=[one.week]) for one in register.declared(console.practice, WeekReview)]
    found += [reverse("probe", args=[number]) for number in probes.names(console.practice)]
    found += [reverse("probe_revoke", args=[number]) for number in [*probes.names(console.practice)][:1]]
    if looks:
        found += [reverse(name, args=args) for name, many in FULL_ONLY.items() for args in many]
    return found
