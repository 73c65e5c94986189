"""Imaging devices: associations recorded from real nodes, papers said at the console, through their readers."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import PaperState, UpdatePaper
from negatoscope.observe.collector import Item
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from negatoscope.observe.dicom.read import read
from tests.judge.memory import AT, World, of
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures" / "dicom"
SCANNER = Host("host/scanner", "scanner", HostClass.MODALITY, addresses=("10.77.0.40",))
AGREED = UpdatePaper(SCANNER.ref, PaperState.AGREEMENT, "Fabricant", AT + timedelta(days=90))


def asked(file: str, change: tuple[bytes, bytes] = (b"", b"")) -> World:
    """One recorded node of a classed host whose ports were all tried; ``change``: what it would have said instead."""
    items: list[Item] = [
        replace(item, host_class=HostClass.MODALITY) if isinstance(item, Host) else item
        for item in read(BytesIO((CAPTURES / file).read_bytes().replace(*change)))
    ]
    refs = [item.ref for item in items if isinstance(item, Host)]
    return of([*items, Sweep("Host"), *(Sweep("Service", host=ref) for ref in refs)])


def said(*facts: Host | UpdatePaper) -> World:
    return of([*read_declared(BytesIO(declaration(facts))), Sweep("Host")])


def encrypted(version: bytes = b'"tls_version":"TLSv1.3"') -> World:
    """The recorded PACS that speaks TLS, as it answered or as it would answer with an older version."""
    return asked("pacs-tls.jsonl", (b'"tls_version":"TLSv1.3"', version))


PLANTS: dict[str, Plant] = {
    "R1.3": Plant(
        lambda: said(replace(SCANNER, os_version="VA40")), lambda: said(replace(SCANNER, os_version="à demander"))
    ),
    "R23.6": Plant(encrypted, lambda: encrypted(b'"tls_version":"TLSv1.1"')),
    "R7.5": Plant(lambda: said(SCANNER, AGREED), lambda: said(SCANNER)),
    "R12.5": Plant(lambda: asked("mri-strict.jsonl"), lambda: asked("scanner-open.jsonl")),
}
