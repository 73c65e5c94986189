"""The verbs by name, and how the terminal reaches them."""

import sys

import django
from django.core.management import execute_from_command_line

VERBS = {
    "run": "start the console (web and background loop) and print where it is",
    "observe": "look at this machine or a network, now",
    "judge": "judge the forty rules on what was observed",
    "report": "write the report (PDF, XLSX or JSON)",
    "import": "hand over a file: people, accounts, an nmap scan",
    "replay": "rebuild the register and every judgement from the vault alone",
    "ledger": "export, sign or verify the ledger",
    "user": "add, list or disable the console's users",
}
_HIDDEN = ("job", "loop", "migrate", "makemigrations", "check", "shell")
USAGE_ERROR = 2


def run(arguments: list[str]) -> int:
    """Run one verb; returns the exit status. Verbs exit by themselves with other codes."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0
    if arguments[0] not in (*VERBS, *_HIDDEN):
        sys.stderr.write(f"negatoscope: no verb {arguments[0]!r}\n\n{_usage()}")
        return USAGE_ERROR
    django.setup()
    execute_from_command_line(["negatoscope", *arguments])
    return 0


def _usage() -> str:
    lines = (f"  {verb:<8} {what}" for verb, what in VERBS.items())
    return "usage: negatoscope [--data FOLDER] VERB …\n\n" + "\n".join(lines) + "\n"
