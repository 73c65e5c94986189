"""What the register knows to matter: whom and what an alert is more urgent for."""

from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.directories import Staff
from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.continuity import Call
from negatoscope.model.critical import CriticalPoint
from negatoscope.model.directory import DirectoryAccount, DirectoryPrivilege
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.people import Person
from negatoscope.watch.triage import Weighty


def weighty(known: StoredRegister) -> Weighty:
    """Modalities; who is called or answers for others; who administers; servers, and what people call critical."""
    hosts, people = known.seen(Host).facts, known.seen(Person).facts
    calls = known.seen(Call).facts
    critical = {one.host for one in known.seen(CriticalPoint).facts}
    return Weighty(
        modalities=frozenset(one.ref for one in hosts if one.host_class is HostClass.MODALITY),
        key_people=frozenset({call.person for call in calls} | {one.manager for one in people if one.manager}),
        administrators=frozenset(_administrators(known)),
        sensitive=frozenset(critical | {one.ref for one in hosts if one.host_class is HostClass.SERVER}),
    )


def _administrators(known: StoredRegister) -> set[Ref]:
    """Accounts that administer a host or a directory, and whose they are."""
    named = {one.account_ref for one in known.seen(Privilege).facts}
    named |= {one.account_ref for one in known.seen(DirectoryPrivilege).facts}
    staff = Staff(known.seen(Person))
    held = {one.holder for one in known.seen(Account).facts if one.ref in named}
    held |= {staff.holder(one) for one in known.seen(DirectoryAccount).facts if one.ref in named}
    return named | {one for one in held if one}
