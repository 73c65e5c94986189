"""Who may open and send what: one line a route. A route without its line fails ``test_roles``.

First word: the least role that may look (GET). Second: the least that may act (POST). ``-``: no such method.
``public``: asked of nobody, so that whoever adds one says so here; a view says ``@login_not_required`` for it.
"""

MATRIX = {
    # films
    "lightbox": "reader -",
    "judge": "- operator",
    "film": "reader -",
    "control": "reader -",
    "attest": "reader approver",
    "withdraw_attestation": "- approver",
    "waive": "approver approver",
    "withdraw_waiver": "- approver",
    "coverage": "reader -",
    # observations
    "observations": "reader -",
    "observation": "reader -",
    "capture": "reader -",
    "collectors": "reader -",
    "collector": "reader operator",
    "job": "reader -",
    "cancel": "- operator",
    "imports": "reader operator",
    "import_family": "reader operator",
    "import_template": "reader -",
    "import_check": "operator operator",
    # register
    "register": "reader -",
    "family": "reader -",
    "family_add": "operator operator",
    "family_item": "operator operator",
    "family_remove": "operator operator",
    "family_close": "operator operator",
    "hosts": "reader -",
    "host": "reader -",
    "host_declare": "- operator",
    "host_software": "reader -",
    "host_consent": "approver approver",
    "withdraw_consent": "- approver",
    "accounts": "reader -",
    "account_declare": "reader operator",
    "persons": "reader -",
    "networks": "reader administrator",
    "withdraw_network": "- administrator",
    "subject": "reader -",
    # proofs
    "ledger": "reader -",
    "ledger_export": "reader -",
    "report": "reader -",
    "report_file": "reader -",
    # first steps
    "first": "public public",
    "guide": "reader -",
    "guide_observe": "- operator",
    "guide_sweep": "- operator",
    "guide_step": "reader administrator",
    "demonstration": "public public",
    "first_demonstration": "public public",
    "visit": "- public",
    # people of the console
    "me": "reader -",
    "choose": "- public",
    "account_change_password": "reader reader",
    "users": "administrator -",
    "user_add": "administrator administrator",
    "user": "administrator administrator",
    "account_login": "public public",
    "account_logout": "public public",
    "health": "public -",
}
