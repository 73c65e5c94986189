"""R35: nothing printed is left lying, nothing stored is thrown away readable."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, day_ahead, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.media import Medium, MediumState, Printer
from negatoscope.model.printing import PrintQueue

RULE = Rule("R35", fresh=timedelta(days=7))
QUARTER = timedelta(days=92)


@RULE.measured("R35.1")
def printing_waits_for_the_person(
    printers: Seen[Printer], hosts: Seen[Host], queues: Seen[PrintQueue], now: datetime
) -> Said:
    """Ask each printer of the list, and each host known to be one; a person's word alone proves nothing."""
    listed = {printer.host for printer in printers.facts}
    matched: set[Ref] = set()
    for printer in printers.facts:
        mine = [queue for queue in queues.facts if _feeds(queue, printer, hosts)]
        matched |= {queue.ref for queue in mine}
        if not mine and printer.held_release is False:
            yield Finding(printer.ref, "release_absent")
        elif not mine:
            yield Doubt(printer.ref, "release_declared_alone" if printer.held_release else "release_unknown")
        for queue in mine:
            yield from _waits(printer.ref, queue, queues, now)
    for queue in (queue for queue in queues.facts if queue.ref not in matched):
        yield from _waits(queue.host, queue, queues, now)
    told = listed | {queue.host for queue in queues.facts}
    maybe = (host.ref for host in hosts.facts if host.host_class in {HostClass.PRINTER, None})
    yield from (Doubt(ref, "release_unknown") for ref in maybe if ref not in told)


def _waits(subject: Ref, queue: PrintQueue, queues: Seen[PrintQueue], now: datetime) -> Said:
    if queue.held is None:
        yield unread(subject, "held")
    elif not queue.held:
        yield Finding(subject, "prints_at_once", {"queue": queue.name})
    elif all(source.at < now - RULE.fresh for source in queues.sources.get(queue.ref, ())):
        yield Doubt(subject, "queue_read_long_ago", {"queue": queue.name})


def _feeds(queue: PrintQueue, printer: Printer, hosts: Seen[Host]) -> bool:
    """Whether a queue is the printer's own, or leads to it from a print server."""
    if queue.host == printer.host:
        return True
    host = next((host for host in hosts.facts if host.ref == printer.host), Host(""))
    names = {printer.name, host.hostname, *(host.addresses or ())} - {None}
    return not {str(name).casefold() for name in names}.isdisjoint(
        {queue.name.casefold(), (queue.device or "").casefold()}
    )


RULE.attested("R35.2", lasts=timedelta(days=31))
RULE.attested("R35.3")


@RULE.measured("R35.4", fresh=QUARTER)
def media_are_followed_to_their_end(media: Seen[Medium], now: datetime) -> Said:
    """Know of each medium out of use where it waits, or by which certificate it ended."""
    today = now.astimezone(PARIS).date()
    for one in media.facts:
        if one.state is None:
            yield unread(one.ref, "medium_state")
        elif one.state is MediumState.LOST:
            yield Finding(one.ref, "medium_lost")
        elif one.state is MediumState.DISCARDED:
            yield Finding(one.ref, "medium_discarded")
        elif one.state is MediumState.STORED:
            if one.kept_at is None:
                yield Doubt(one.ref, "place_unknown")
        elif one.certificate is None or one.ended_on is None:
            yield Doubt(one.ref, "certificate_missing")
        else:
            yield from day_ahead(one.ref, "ended_on", one.ended_on, today)
