"""What an administrator says of legal duties where the shipped files are no longer true; each word in the ledger."""

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Retraction
from negatoscope.model.lawdata import DutyCorrection
from negatoscope.respond import corrected
from negatoscope.respond.duty import Duty
from negatoscope.store.queries import register

ACT = "edit"


class NotCorrected(Exception):  # noqa: N818 -- what it is
    """This cannot be said of the duty. ``code``: why."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


def corrections(practice: int) -> dict[str, DutyCorrection]:
    """What stands in place of the shipped files, by duty."""
    return {one.duty: one for one in register.declared(practice, DutyCorrection)}


def duties(practice: int) -> tuple[Duty, ...]:
    """Every duty as it stands in this practice."""
    return corrected.standing(register.declared(practice, DutyCorrection))


def correct(console: Console, one: DutyCorrection, operator: str) -> None:
    """Say what is true of a duty from now on; clocks that run stand until an answer moves them.

    Raises NotCorrected, DiskFull.
    """
    code = corrected.wrong(one, console.clock().astimezone(PARIS).date())
    if code is not None:
        raise NotCorrected(code)
    declare(console, Said(operator, ACT), (one,))


def withdraw(console: Console, duty: str, operator: str) -> None:
    """Go back to what is shipped. Raises NotCorrected: nothing was corrected; DiskFull."""
    one = corrections(console.practice).get(duty)
    if one is None:
        raise NotCorrected("unknown")
    declare(console, Said(operator, ACT), (), (Retraction(DutyCorrection.__name__, one.ref),))
