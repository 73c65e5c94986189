"""Files handed over and files handed back: what ``import`` and ``report`` do besides parsing and printing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import USAGE, Fails
from negatoscope.flows import importing, proving
from negatoscope.flows.console import Console
from negatoscope.flows.handing import Handed, hand_over
from negatoscope.flows.importing import Preview, Refused, Upload
from negatoscope.flows.observing import Outcome
from negatoscope.kit import terminal
from negatoscope.kit.clock import utc_now
from negatoscope.kit.durable import write_durably

MAX_FILE = 256 * 1024 * 1024
ASIS = frozenset({"device", "nmap"})
FORMS = ("pdf", "xlsx", "json")


def taken(console: Console, options: Mapping[str, Any]) -> tuple[Preview | None, Outcome | None]:
    """What a file would do, if it is a list, and what it did, unless only the former is wanted. Raises Fails."""
    family, file, dry = options["family"], options["file"], options["dry_run"]
    if family in ASIS and (dry or options["complete_on"]):
        raise Fails(_("Un tel fichier se prend tel quel, sans --dry-run ni --complete-on."), USAGE)
    data = _bytes(file)
    try:
        if family == "nmap":
            return None, importing.import_scan(console, data, desk.operator())
        if family == "device":
            handed = Handed(file.name, data, options["device"], options["on"])
            return None, hand_over(console, handed, desk.operator())
        upload = Upload(family, file.name, data, options["complete_on"])
        preview = importing.preview(console, upload)
        return preview, None if dry else importing.accept(console, upload, desk.operator())
    except Refused as error:
        raise Fails(importing.refusal(error, terminal.language())) from error


def report(file: Path | None, form: str | None, lang: Literal["fr", "en"]) -> dict[str, str | int]:
    """Make the report and write it whole, or not at all; returns where it is."""
    ending = file.suffix.lower().removeprefix(".") if file else ""
    form = form or (ending if ending in FORMS else "pdf")
    file = file or Path(f"negatoscope-{utc_now().astimezone(proving.PARIS):%Y-%m-%d}.{form}")
    console, who = desk.console(), desk.operator()
    if form == "json":
        data = proving.report_json(console, who)
    else:
        data = (proving.report_pdf if form == "pdf" else proving.report_xlsx)(console, lang, who)
    write_durably(file, data)
    return {"file": str(file.resolve()), "format": form, "bytes": len(data)}


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise Fails(_("%(file)s ne peut pas être lu : %(why)s.") % {"file": file, "why": error.strerror}) from error
    if len(data) > MAX_FILE:
        raise Fails(_("%(file)s dépasse 256 Mo.") % {"file": file})
    return data
