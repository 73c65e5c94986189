"""The watch’s own report, as its reader tells it, with an alert that nobody handled."""

from dataclasses import replace
from datetime import date
from io import BytesIO

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.traffic import Route
from negatoscope.model.watching import (
    AMOUNT,
    BY_WHOM,
    AlertHandled,
    IncidentHandled,
    LogsKept,
    SourceHealth,
    TipHandled,
)
from negatoscope.model.weekly import WEEK, WeekReview
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from negatoscope.observe.watch import read, report
from tests.judge.cases.healthy.watched import BEHAVIOURS, HANDLED, HOUR, INCIDENT, LOGS, REVIEW, RUNS, TIP
from tests.judge.memory import AT, World, of
from tests.judge.planted.plant import Plant

SERVER = Host("host/serveur", "serveur", HostClass.SERVER, addresses=("10.77.0.30",))
GATEWAY = Host("host/pare-feu", "pare-feu", HostClass.NETWORK, addresses=("10.77.0.1",))
ROUTE = Route(SERVER.ref, "0.0.0.0/0", "10.77.0.1")
TOLD = (
    SourceHealth("10.77.0.30", ("logon",), (SERVER.ref,), AT - HOUR, silent=False, lost=0),
    SourceHealth("10.77.0.1", ("connection", AMOUNT, BY_WHOM), (GATEWAY.ref,), AT - HOUR, silent=False, lost=0),
)


def told(alert: AlertHandled) -> World:
    """What the watch reported, beside the server and the gateway that it hears."""
    items = read(BytesIO(report(TOLD, RUNS, (replace(HANDLED, number=2, code="other"), alert))))
    return of([SERVER, GATEWAY, ROUTE, *items, Sweep("Host"), Sweep("Route", SERVER.ref)])


def plant(code: str) -> Plant:
    """The alert handled in time; the same, due three hours ago and still open."""
    handled = replace(HANDLED, code=code)
    overdue = replace(handled, due=AT - 3 * HOUR, closed_at=None, outcome=None)
    return Plant(lambda: told(handled), lambda: told(overdue))


def online() -> Plant:
    """An administrator's account seen on the Internet, found to be a mistake of the log; the same, not handled yet."""
    handled = replace(HANDLED, code="bypass", subject="account/cabinet.lan/adm", reasons=("admin_online",))
    waiting = replace(handled, due=AT + 3 * HOUR, closed_at=None, outcome=None)
    return Plant(lambda: told(handled), lambda: told(waiting))


def reread(review: WeekReview) -> World:
    """What somebody declared of a week that was to be signed long ago, and the weeks after it."""
    later = [replace(REVIEW, week=date(2026, 10, 26) + n * WEEK) for n in (1, 2)]
    told = read_declared(BytesIO(declaration((replace(review, week=date(2026, 10, 26)), *later))))
    mails = SourceHealth("courriel", ("mailbox_opened", "logon"), (), AT - HOUR, silent=False, lost=0)
    return of([*read(BytesIO(report((mails,), RUNS, ()))), *told])


def logs(kept: LogsKept) -> World:
    """What the watch reported of the days that it keeps."""
    return of(read(BytesIO(report(TOLD, RUNS, (), kept))))


def reported(brought: TipHandled | IncidentHandled) -> World:
    """What the watch reported of what people brought."""
    return of(read(BytesIO(report(TOLD, RUNS, (), None, (brought,)))))


def lived(lacks: str) -> Plant:
    """An incident of which something is known, or not."""
    return Plant(lambda: reported(INCIDENT), lambda: reported(replace(INCIDENT, lacks=(lacks,))))


PLANTS: dict[str, Plant] = {
    **{f"R26.{number}": plant(code) for number, code in enumerate(BEHAVIOURS, start=5)},
    "R26.10": plant("5f1f0f3e-a-sigma-rule"),
    "R28.1": online(),
    "R38.1": lived("entry"),
    "R38.2": lived("spread"),
    "R38.3": lived("data"),
    "R38.4": lived("twins"),
    "R38.5": lived("reach"),
    "R38.6": lived("talk"),
    "R38.7": lived("disk_first"),
    "R38.8": lived("no_image"),
    "R38.9": lived("not_rebuilt"),
    "R38.11": lived("secrets"),
    "R38.12": lived("actions"),
    "R38.13": Plant(lambda: reported(INCIDENT), lambda: reported(replace(INCIDENT, declared=("CNIL/late",)))),
    "R39.9": Plant(lambda: reported(TIP), lambda: reported(replace(TIP, due=AT - 3 * HOUR, handled_at=None))),
    "R27.5": Plant(lambda: logs(LOGS), lambda: logs(replace(LOGS, days_lost=(date(2026, 10, 5),)))),
    **dict.fromkeys(("R27.2", "R27.3"), Plant(lambda: reread(REVIEW), lambda: reread(replace(REVIEW, closed_at=None)))),
}
