"""Mail that is sent on: to whom a domain belongs, and what of the practice's mail nobody read."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from negatoscope.judge.holders import bare, usual_names
from negatoscope.judge.stations import HANDED_STANDS
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.mail import MailForward, MailSystem
from negatoscope.model.people import Person

PRACTICE = "practice"


@cache
def providers() -> frozenset[str]:
    """Domains under which anybody gets a mailbox; the list says when it was last checked."""
    told = tomllib.loads((Path(__file__).parent / "private_mail.toml").read_text(encoding="utf-8"))
    return frozenset(domain for domains in told["providers"].values() for domain in domains)


class Mailing:
    """The mail systems that were read, and what they send on."""

    def __init__(self, systems: Seen[MailSystem], forwards: Seen[MailForward], now: datetime) -> None:
        """Hold what is known at the instant ``now``."""
        self.systems, self.forwards, self.now = systems, forwards, now
        self.own = frozenset(domain for system in systems.facts for domain in system.domains or ()) - providers()

    def outside(self) -> Iterator[MailForward]:
        """What leaves the practice's own domains; a rule that is switched off sends nothing."""
        for forward in self.forwards.facts:
            if forward.enabled is not False and forward.domain not in self.own:
                yield forward

    @staticmethod
    def private(domain: str) -> bool:
        """Whether anybody gets a mailbox there."""
        parts = domain.split(".")
        return any(".".join(parts[start:]) in providers() for start in range(len(parts) - 1))

    def unread(self, addresses: Iterable[str | None]) -> Iterator[Doubt]:
        """Doubt mail of the practice that no system read is known to hold, or of which a part was not read."""
        for system in self.systems.facts:
            for what in ("rules_read", "settings_read"):
                if not getattr(system, what):
                    yield Doubt(system.ref, "unread", {"what": what})
            last = max(source.at for source in self.systems.sources[system.ref])
            if self.now - last > HANDED_STANDS:
                yield Doubt(system.ref, "stale", {"kind": "MailSystem", "on": f"{last:%Y-%m-%d}"})
        if not self.systems.facts:
            yield Doubt(PRACTICE, "no_mail_read")
            return
        domains = {address.rpartition("@")[2].lower() for address in addresses if address and "@" in address}
        if not domains:
            yield Doubt(PRACTICE, "mail_domains_unknown")
        for domain in sorted(domains - self.own):
            yield Doubt(PRACTICE, "mail_elsewhere", {"domain": domain})


def left_forwarding(mailing: Mailing, people: Iterable[Person], gone: Mapping[Ref, date]) -> Iterator[Finding | Doubt]:
    """Find what is still sent on of those who left: by their address, or else, not for certain, by their name."""
    leavers = [person for person in people if person.ref in gone]
    known = {person.ref for person in leavers if person.email}
    yield from (Doubt(ref, "leaver_address_unknown") for ref in gone if ref not in known)
    for forward in mailing.outside():
        box = forward.mailbox.lower()
        values = {"mailbox": forward.mailbox, "domain": forward.domain, "means": forward.means.value}
        for person in leavers:
            told = {**values, "holder": person.ref, "left": f"{gone[person.ref]:%Y-%m-%d}"}
            email = (person.email or "").lower()
            if email and box in {email, email.partition("@")[0]} and forward.enabled:
                yield Finding(forward.ref, "leaver_sent_on", told)
            elif (email and box == email) or bare(box.partition("@")[0]) in set(usual_names(person)):
                yield Doubt(forward.ref, "leaver_perhaps_sent_on", told)
