"""For each situation that the watch is to see: alerts that were not handled in time."""

from dataclasses import replace
from datetime import date

from tests.judge.cases.healthy.watched import BEHAVIOURS, HANDLED, HOUR, INCIDENT, LOGS, REVIEW, TIP
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World


def late(code: str) -> tuple[World, World]:
    """One alert that is overdue, and one that was handled late."""
    overdue = replace(HANDLED, code=code, due=AT - 3 * HOUR, closed_at=None, outcome=None)
    return HEALTHY.with_(overdue), HEALTHY.with_(replace(HANDLED, code=code, due=AT - 4 * HOUR))


ONLINE = replace(HANDLED, code="bypass", subject="account/cabinet.lan/adm", reasons=("admin_online",))
"""An administrator seen on the Internet, and handled as no such thing."""
MISSED = (
    HEALTHY.with_(replace(REVIEW, week=date(2026, 11, 2), closed_at=None, closed_by=None)),
    HEALTHY.with_(replace(REVIEW, week=date(2026, 10, 26))),
)
"""A week whose review nobody signed in time, and one that nobody even prepared."""
LACKS = {
    1: ("entry",), 2: ("spread", "undecided"), 3: ("data",), 8: ("images", "no_image"),
    4: ("twins", "no_host"), 5: ("reach",), 6: ("talk",), 7: ("disk_first",),
    9: ("reinstall", "not_rebuilt", "no_host"), 11: ("secrets",), 12: ("lessons", "actions"),
}  # fmt: skip
"""What is lacking, by control of R38."""
FAILING: dict[str, tuple[World, ...]] = {
    **{f"R26.{number}": late(code) for number, code in enumerate(BEHAVIOURS, start=5)},
    "R26.10": late("5f1f0f3e-a-sigma-rule"),
    **dict.fromkeys(("R27.2", "R27.3"), MISSED),
    "R28.1": (
        HEALTHY.with_(replace(ONLINE, closed_at=None, outcome=None)),
        HEALTHY.with_(replace(ONLINE, due=AT - 4 * HOUR)),
    ),
    **{
        f"R38.{number}": tuple(
            HEALTHY.with_(replace(INCIDENT, closed=closed, lacks=(code,))) for code in codes for closed in (True, False)
        )
        for number, codes in LACKS.items()
    },
    "R38.13": (HEALTHY.with_(replace(INCIDENT, declared=("CNIL/met", "PLAINTE/late"))),),
    "R39.9": (
        HEALTHY.with_(replace(TIP, due=AT - 3 * HOUR, handled_at=None, outcome=None)),
        HEALTHY.with_(replace(TIP, due=AT - 4 * HOUR)),
    ),
    "R27.5": (
        HEALTHY.with_(replace(LOGS, days_lost=(date(2026, 10, 5),))),
        HEALTHY.with_(replace(LOGS, days_over=3)),
        HEALTHY.with_(replace(LOGS, unjustified=("traffic",))),
    ),
}
