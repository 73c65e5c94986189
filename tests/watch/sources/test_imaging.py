"""Audit messages and Orthanc: who opened whose study, and nothing that names a patient. Lines are of Orthanc 1.10.1."""

from typing import Any

import pytest

from negatoscope.model.event import Action
from negatoscope.watch.source import Line, normalise
from tests.watch.sources.reading import CAME, at, holds, said

UID = "1.2.250.1.4.5.20261122.101112.1"
AUDIT = f"""<?xml version="1.0" encoding="UTF-8"?><AuditMessage><EventIdentification EventActionCode="R"
EventDateTime="2026-11-22T18:40:00.000+01:00" EventOutcomeIndicator="0"><EventID csd-code="110103"
codeSystemName="DCM" originalText="DICOM Instances Accessed"/><EventTypeCode csd-code="ITI-43"/></EventIdentification>
<ActiveParticipant UserID="mdurand" AlternativeUserID="" UserName="Marie Durand" UserIsRequestor="true"
NetworkAccessPointID="10.77.0.8" NetworkAccessPointTypeCode="2"/><ActiveParticipant UserID="PACS" UserIsRequestor="false"
NetworkAccessPointID="10.77.0.3"/><AuditSourceIdentification AuditSourceID="pacs-1"/>
<ParticipantObjectIdentification ParticipantObjectID="{UID}" ParticipantObjectTypeCode="2"
ParticipantObjectTypeCodeRole="3"><ParticipantObjectIDTypeCode csd-code="110180" codeSystemName="DCM"/>
<ParticipantObjectDescription><SOPClass UID="1.2.840.10008.5.1.4.1.1.2" NumberOfInstances="250"/>
</ParticipantObjectDescription></ParticipantObjectIdentification>
<ParticipantObjectIdentification ParticipantObjectID="PAT-4711^^^CABINET" ParticipantObjectTypeCode="1"
ParticipantObjectTypeCodeRole="1"><ParticipantObjectIDTypeCode csd-code="2"/>
<ParticipantObjectName>DUPONT^JEAN</ParticipantObjectName></ParticipantObjectIdentification></AuditMessage>"""
SECRETS = (UID, "PAT-4711", "DUPONT", "JEAN")
HEAD = "<85>1 2026-11-22T17:40:01.000Z pacs-1 dcm4chee 99 IHE+RFC-3881 - "


def test_an_audit_message_says_who_opened_what_without_naming_the_patient() -> None:
    event = said(HEAD + AUDIT)
    holds(event, product="atna", action=Action.STUDY_OPENED, ok=True, user="mdurand", source="10.77.0.8", host="pacs-1")
    holds(event, target="10.77.0.3", at=at("2026-11-22T17:40:00+00:00"), protocol="dicom")
    assert event.fields["NumberOfInstances"] == 250
    assert event.fields["Studies"] == [event.what]
    assert not [secret for secret in SECRETS if secret in repr(event)]


def test_one_study_has_one_pseudonym_and_another_key_another() -> None:
    one, again = said(AUDIT), said(HEAD + AUDIT.replace("PAT-4711^^^CABINET", "PAT-4711"))
    assert (one.what, one.fields["Patients"]) == (again.what, again.fields["Patients"])
    elsewhere = normalise(Line(AUDIT.encode(), CAME, "text", "x"), b"another key")
    assert elsewhere.what != one.what
    assert said(AUDIT.replace(UID, UID + "1")).what != one.what


@pytest.mark.parametrize(
    "text",
    [
        AUDIT[:-20], AUDIT.replace("<EventIdentification ", "<Event&Identification "),
        AUDIT.replace("<?xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><?xml"),
        AUDIT[AUDIT.index("<ParticipantObjectIdentification") :],
        f"Nov 22 18:40:00 pacs java: sent {AUDIT} to repository",
    ],
)  # fmt: skip
def test_an_audit_message_that_cannot_be_read_is_kept_as_its_pseudonym(text: str) -> None:
    event = said(text)
    assert event.product == "unread"
    assert event.fields["message"].startswith("p:")
    assert not [secret for secret in SECRETS if secret in repr(event)]


@pytest.mark.parametrize("name", ["message", "log", "MESSAGE"])
def test_an_audit_message_within_an_object_is_veiled_as_well(name: str) -> None:
    event = said({name: AUDIT, "host": "pacs-1"})
    holds(event, product="atna", action=Action.STUDY_OPENED, host="pacs-1")
    assert not [secret for secret in SECRETS if secret in repr(event)]
    assert not [secret for secret in SECRETS if secret in repr(said({"a": {"b": AUDIT}}))]


def audit(event: str, kind: str, more: str = "") -> str:
    return (
        f'<AuditMessage><EventIdentification EventOutcomeIndicator="4"><EventID code="{event}"/><EventTypeCode '
        f'code="{kind}"/></EventIdentification>{more}</AuditMessage>'
    )


@pytest.mark.parametrize(
    ("event", "kind", "action"),
    [
        ("110104", "x", Action.STUDY_SENT), ("110106", "x", Action.STUDY_SENT), ("110114", "110122", Action.LOGON),
        ("110114", "110123", Action.LOGOFF), ("110113", "110136", Action.RIGHTS_CHANGED), ("110113", "x", None),
        ("110112", "x", None),
    ],
)  # fmt: skip
def test_each_kind_of_audit_message_is_what_it_says(event: str, kind: str, action: Action | None) -> None:
    holds(said(audit(event, kind)), product="atna", action=action, ok=False, user=None, what=None)


def test_thousands_of_participants_are_not_all_kept() -> None:
    user = '<ActiveParticipant UserID="x"/>'
    thing = '<ParticipantObjectIdentification ParticipantObjectID="{}" ParticipantObjectTypeCodeRole="{}"/>'
    many = user * 500 + "".join(thing.format(number, 1 + 2 * (number % 2)) for number in range(500))
    event = said(audit("110103", "x", many + thing.format("", 3)))
    assert len(event.fields["Studies"]) + len(event.fields["Patients"]) == 50


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("I1122 18:40:43.615445 main.cpp:317] Incoming connection from AET CT1 on IP 127.0.0.1, calling AET PACS",
         {"action": Action.ASSOCIATION, "ok": True, "user": "CT1", "source": "127.0.0.1", "protocol": "dicom",
          "at": at("2026-11-22T17:40:43+00:00")}),
        (("W1122 18:40:44.072009 main.cpp:404] DICOM authorization rejected  for AET INTRUS on IP 127.0.0.1: This AET is "
         'not listed in configuration option "DicomModalities"'),
         {"action": Action.ASSOCIATION, "ok": False, "why": "not_allowed", "user": "INTRUS", "source": "127.0.0.1"}),
        ("I1122 18:40:43.699803 main.cpp:352] Incoming Store request from AET CT1 on IP 127.0.0.1, calling AET PACS",
         {"action": Action.STUDY_SENT, "what": "Store", "user": "CT1"}),
        (("I1122 18:40:43.855108             DICOM-3 main.cpp:352] Incoming Find request from AET CT1 on IP 127.0.0.1, "
         "calling AET PACS"), {"action": None, "what": "Find"}),
        ("I1122 18:40:44.074555 HttpServer.cpp:1244] (http) GET /studies", {"category": "webserver", "service": "http"}),
        ("W1122 18:40:40.402000 main.cpp:921] Orthanc has started", {"action": None, "service": "main"}),
        ("W9999 18:40:40.402000 main.cpp:921] Orthanc has started", {"at": CAME}),
        ("W0229 18:40:40.402000 main.cpp:921] Orthanc has started", {"at": CAME}),
    ],
)  # fmt: skip
def test_orthanc_is_understood(line: str, expected: dict[str, Any]) -> None:
    holds(said(line), product="orthanc", **expected)
    holds(said(f"Nov 22 18:40:43 pacs orthanc[9]: {line}"), product="orthanc", host="pacs")


@pytest.mark.parametrize(
    "line",
    [
        f"I1122 18:40:44.074555 HttpServer.cpp:1244] (http) GET /dicom-web/studies/{UID}/series",
        "I1122 18:40:44.07 X.cpp:1] (http) GET /patients/7a2957d4-fbad452c-beb15ee9-aad7da05-7a2957d4",
        f'10.0.0.8 - - [22/Nov/2026:18:40:00 +0100] "GET /wado?studyUID={UID}&PatientID=PAT-4711 HTTP/1.1" 200 5',
        "Nov 22 18:40:43 pacs viewer: opened Patient Name = 'DUPONT^JEAN', patient_id: PAT-4711",
        "Nov 22 18:40:43 pacs viewer: (0010,0020) [PAT-4711] (0010,0010) [DUPONT^JEAN]",
    ],
)
def test_identifiers_of_patients_are_veiled_wherever_they_stand(line: str) -> None:
    event = said(line)
    assert "p:" in repr(event)
    assert not [secret for secret in (*SECRETS, "7a2957d4-fbad") if secret in repr(event)]


def test_what_names_nobody_is_left_as_it_is() -> None:
    line = "Nov 22 18:40:43 sw snmpd[9]: 1.3.6.1.2.1.1.5 1.2.840.10008.5.1.4.1.1.2 10.0.0.8 v1.2.3.4.5"
    assert "p:" not in said(line).fields["message"]
