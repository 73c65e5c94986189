"""Every kind of fact, by name: what captures may state and the register may hold."""

from typing import Any

from negatoscope.model import campaigns, cases, papers, presence, weekly
from negatoscope.model.accounts import Account, PasswordPolicy, Privilege, SessionPolicy
from negatoscope.model.actions import Action
from negatoscope.model.aliases import NotSameHost, SameHost
from negatoscope.model.carrying import ConsoleSeat, Recipient, SealedCopy
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.defaults import FactoryLogin, Trial, TrialConsent
from negatoscope.model.detecting import RuleArchive, RuleSwitch
from negatoscope.model.directory import (
    Directory,
    DirectoryAccess,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryDomain,
    DirectoryGroup,
    DirectoryPolicy,
    DirectoryPrivilege,
    DirectoryTrust,
    GuardedObject,
)
from negatoscope.model.encryption import TlsService
from negatoscope.model.endpoints import AgentContact, Antivirus, WindowsSecurity
from negatoscope.model.families import FAMILIES
from negatoscope.model.gateways import AutoOpening, PortMapping, RemoteAccess, RuleBase
from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, SshServer, TimeSync, Volume
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.imaging import DicomNode, UpdatePaper
from negatoscope.model.lawdata import DutyCorrection
from negatoscope.model.mail import MailForward, MailSystem
from negatoscope.model.networks import Consent, HostKey, Network, Service
from negatoscope.model.passwords import PasswordChoice
from negatoscope.model.people import Attestation, Person, Waiver
from negatoscope.model.printing import PrintQueue
from negatoscope.model.retention import LogKeeping
from negatoscope.model.software import Software, Updates
from negatoscope.model.switching import Neighbour, Sighting, SwitchPort, Vlan, WifiNetwork
from negatoscope.model.traffic import Conversation, FlowWatch, Reach, Route, Vantage
from negatoscope.model.tuning import AlertExemption, Tuning
from negatoscope.model.watching import AlertHandled, DetectorRun, IncidentHandled, LogsKept, SourceHealth, TipHandled

_FACTS = (
    Host, Interface, Network, Service, Consent, Software, Updates, Account, Privilege, PasswordPolicy, SessionPolicy,
    SshServer, Volume, RemovableMedia, Firewall, TimeSync, LogPolicy, Person, Attestation, Waiver, Directory,
    DirectoryAccount, DirectoryPrivilege, DirectoryGroup, DirectoryPolicy, DirectoryAccess, DirectoryDomain,
    DirectoryComputer, DirectoryTrust, GuardedObject, PasswordChoice,
    SameHost, NotSameHost, Action,
)  # fmt: skip

_REMOTE = (HostKey, DicomNode, UpdatePaper, TlsService, FactoryLogin, Trial, TrialConsent)

_NETWORK = (
    RuleBase, RemoteAccess, AutoOpening, PortMapping,
    SwitchPort, Neighbour, Sighting, WifiNetwork, Route, FlowWatch, Conversation, Vantage,
    Reach, MailSystem, MailForward, Vlan, ClearAnswer, PrintQueue,
    ConsoleSeat, Recipient, SealedCopy,
)  # fmt: skip
_ENDPOINTS = (AgentContact, Antivirus, WindowsSecurity)
_WATCH = (
    SourceHealth, DetectorRun, AlertHandled, LogsKept, LogKeeping, TipHandled, IncidentHandled, RuleArchive,
    RuleSwitch, Tuning, AlertExemption, DutyCorrection,
)  # fmt: skip
_PEOPLE = (
    presence.Absence, presence.Presence, presence.OnCall, cases.RoleTemplate, cases.Case, cases.CaseTask,
    cases.CaseStep, papers.Paper, papers.Signature, papers.PolicyReview, campaigns.Campaign, campaigns.CampaignLine,
    weekly.WeekReview, weekly.WeekLine,
)  # fmt: skip
_LISTED = tuple(family.fact for family in FAMILIES)

KINDS: dict[str, type[Any]] = {
    fact.__name__: fact
    for fact in (
        *_FACTS,
        *_REMOTE,
        *_ENDPOINTS,
        *_NETWORK,
        *_WATCH,
        *_PEOPLE,
        *_LISTED,
    )
}

DECLARED_IN_PART: dict[str, frozenset[str]] = {
    "Host": frozenset(
        {"ref", "hostname", "host_class", "macs", "addresses", "vendor", "model", "serial", "os_name", "os_version"}
    ),
    "Account": frozenset({"host", "realm", "name", "kind", "holder", "purpose"}),
    "Directory": frozenset({"realm", "kind"}),
    "DirectoryAccount": frozenset({"directory", "name", "kind", "holder", "purpose"}),
}
"""Facts that instruments measure, and the fields of them that a person may know."""
DECLARED_WHOLE = frozenset({
    "TrialConsent", "Trial",
    "Network", "Consent", "Person", "Attestation", "Waiver", "PasswordChoice", "SameHost", "NotSameHost", "HostKey",
    "Action",
    *(fact.__name__ for fact in _PEOPLE),
    *(fact.__name__ for fact in _LISTED),
    "UpdatePaper", "Recipient", "SealedCopy", "RuleArchive", "RuleSwitch", "Tuning", "AlertExemption", "LogKeeping",
    "DutyCorrection",
})  # fmt: skip
"""Facts that are a person's word."""
CLOSABLE = frozenset({"Person", "Directory", *(family.kind for family in FAMILIES if family.closable)})
"""Lists that a person may declare complete, as they stand."""
