"""What an inventory agent is answered, in its own tongue."""

from xml.sax.saxutils import escape

from negatoscope.kit.canonical import canonical

EVERY_HOURS = 24
UNWANTED = "environment,licenseinfo,process"
"""Categories of which nothing is kept: a GLPI agent obeys, others need ``--no-category`` at their end."""
XML, JSON = "application/xml", "application/json"


def prolog_xml() -> bytes:
    """Go on and send an inventory; come back in a day."""
    return _xml(f"<REPLY><PROLOG_FREQ>{EVERY_HOURS}</PROLOG_FREQ><RESPONSE>SEND</RESPONSE></REPLY>")


def taken_xml() -> bytes:
    """It is kept."""
    return _xml("<REPLY></REPLY>")


def refused_xml(code: str) -> bytes:
    """It is not kept; agents log the text."""
    return _xml(f"<REPLY><ERROR>{escape(code)}</ERROR></REPLY>")


def _xml(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inside}\n'.encode()


def contact_json() -> bytes:
    """Go on; what is wanted and what is not. ``glpiinventory`` serves *Collect* by the older protocol."""
    return canonical({
        "status": "ok",
        "expiration": EVERY_HOURS,
        "tasks": {
            "inventory": {"server": "glpi", "version": "10.0.0", "no-category": UNWANTED},
            "collect": {"server": "glpiinventory", "version": "1.0.0"},
        },
    })  # fmt: skip


def taken_json() -> bytes:
    """It is kept."""
    return canonical({"status": "ok", "expiration": EVERY_HOURS})


def refused_json(code: str) -> bytes:
    """It is not kept; agents log the message."""
    return canonical({"status": "error", "message": code, "expiration": EVERY_HOURS})
