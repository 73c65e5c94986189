"""A modality in order: it answers declared devices alone, in TLS, and its manufacturer agreed to its updates."""

from datetime import timedelta

from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import DicomNode, PaperState, UpdatePaper
from negatoscope.model.networks import Service
from tests.judge.memory import AT

MRI = "host/irm-saine"
NODE = DicomNode(MRI, 2762, "IRM", any_called=False, any_calling=False, echo=True, encrypted=True,
                 tls_version="TLSv1.3", certificate_until=AT + timedelta(days=300))  # fmt: skip
PAPER = UpdatePaper(MRI, PaperState.AGREEMENT, "Fabricant", AT + timedelta(days=200))
DEVICE = Host(
    MRI,
    "irm-saine",
    HostClass.MODALITY,
    os_version="VA40",
    model="Imageur 3",
    serial="IRM-0001",
    addresses=("10.78.0.41",),
)

FACTS = (
    DEVICE,
    Service(MRI, "tcp", 2762, "dicom", encrypted=True, reachable=True),
    NODE,
    PAPER,
)
