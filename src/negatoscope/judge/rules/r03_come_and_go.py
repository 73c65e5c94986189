"""R3: rights begin and end with a person's presence."""

from datetime import datetime, timedelta

from negatoscope.judge.holders import Holders
from negatoscope.judge.leavers import Leaving, nobody
from negatoscope.judge.mailing import Mailing, left_forwarding
from negatoscope.judge.returning import asked_back, not_back, unsigned_returns
from negatoscope.judge.roles import beyond
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.cases import CaseTask, RoleTemplate
from negatoscope.model.directory import DirectoryAccount, DirectoryGroup
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt
from negatoscope.model.keys import Handover
from negatoscope.model.mail import MailForward, MailSystem
from negatoscope.model.people import Departure, FormerHolder, Person

RULE = Rule("R3", fresh=timedelta(days=7))

RULE.attested("R3.1")
RULE.attested("R3.2")


@RULE.measured("R3.3")
def rights_follow_the_role(
    accounts: Seen[DirectoryAccount],
    people: Seen[Person],
    templates: Seen[RoleTemplate],
    groups: Seen[DirectoryGroup],
) -> Said:
    """Belong to no group of the directory that the template of the role does not name."""
    staff = {person.ref: person for person in people.facts}
    wanted = {one.role.strip().casefold(): frozenset(map(str.casefold, one.groups)) for one in templates.facts}
    sids = {(group.directory, group.name): group.sid for group in groups.facts}
    yield from nobody(people.facts)
    for account in accounts.facts:
        person = staff.get(account.holder or "")
        if account.enabled is False or account.kind in (AccountKind.SERVICE, AccountKind.SYSTEM):
            continue
        if person is None:
            yield Doubt(account.ref, "holder_unknown")
        elif (role := (person.role or "").strip().casefold()) not in wanted:
            yield Doubt(person.ref, "no_template", {"role": person.role or "?"})
        else:
            yield from beyond(account, person.role, wanted[role], sids)


@RULE.measured("R3.4", on=COMPUTERS)
def leavers_are_closed(
    accounts: Seen[Account],
    departures: Seen[Departure],
    people: Seen[Person],
    former: Seen[FormerHolder],
    now: datetime,
) -> Said:
    """Close every account of a computer whose holder has left."""
    leaving = Leaving(departures.facts, now)
    yield from (*leaving.doubts(people.facts), *nobody(people.facts))
    holders = Holders(people.facts, leaving.gone(), former.facts)
    for account in accounts.facts:
        if account.enabled is not False and account.interactive is not False:
            yield from holders.left_open(account)


@RULE.measured("R3.5")
def leavers_are_closed_in_directories(
    accounts: Seen[DirectoryAccount],
    departures: Seen[Departure],
    people: Seen[Person],
    former: Seen[FormerHolder],
    now: datetime,
) -> Said:
    """Close every account of a directory whose holder has left: mail and remote access depend on it."""
    leaving = Leaving(departures.facts, now)
    yield from (*leaving.doubts(people.facts), *nobody(people.facts))
    holders = Holders(people.facts, leaving.gone(), former.facts)
    for account in accounts.facts:
        if account.enabled is not False:
            yield from holders.left_open(account)


@RULE.measured("R3.6")
def things_come_back(
    departures: Seen[Departure], handovers: Seen[Handover], tasks: Seen[CaseTask], people: Seen[Person], now: datetime
) -> Said:
    """Have badge, keys and equipment handed back: by the list of hand-overs and by the departure's case alike."""
    leaving = Leaving(departures.facts, now)
    yield from (*leaving.doubts(people.facts), *nobody(people.facts))
    gone = leaving.gone()
    yield from not_back(handovers.facts, gone, frozenset(person.ref for person in people.facts))
    for holder in gone:
        if not asked_back(tasks.facts, holder):
            yield Doubt(holder, "nothing_listed")
        yield from unsigned_returns(tasks.facts, holder)


RULE.awaiting("R3.7", "syslog")


@RULE.measured("R3.8")
def no_mail_of_leavers_is_sent_on(
    systems: Seen[MailSystem],
    forwards: Seen[MailForward],
    people: Seen[Person],
    departures: Seen[Departure],
    now: datetime,
) -> Said:
    """Send the mail of nobody who left on to elsewhere."""
    leaving, mailing = Leaving(departures.facts, now), Mailing(systems, forwards, now)
    yield from (*leaving.doubts(people.facts), *nobody(people.facts))
    yield from mailing.unread(person.email for person in people.facts)
    yield from left_forwarding(mailing, people.facts, leaving.gone())
