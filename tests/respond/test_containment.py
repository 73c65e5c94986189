"""Measures that contain: what an incident calls for, who must have decided, and commands that no name gets out of."""

import shlex
import subprocess

import pytest

from negatoscope.model.containing import Contained, Turn
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.respond import nftables
from negatoscope.respond.containment import Shell, filled, measures, quoted, standing, steps
from negatoscope.respond.incident import Refused
from tests.respond.incidents import HOST, Log, aware

ACCOUNT = "account/cabinet.lan/anna"


def touching() -> Log:
    log = aware()
    log.say(Touched(What.HOST, HOST, Hit.COMPROMISED))
    log.say(Touched(What.ACCOUNT, ACCOUNT, Hit.SUSPECTED))
    log.say(Touched(What.HOST, "host/sain", Hit.CLEARED))
    return log


def refused(log: Log, word: Contained, text: str = "") -> str:
    with pytest.raises(Refused) as found:
        log.say(word, text)
    return found.value.code


def test_what_is_touched_calls_for_measures_and_what_was_cleared_does_not() -> None:
    found = {(step.measure.id, step.target) for step in steps(touching().one)}
    assert {("block", HOST), ("disable", ACCOUNT), ("internet", "")} <= found
    assert not {target for _measure, target in found} & {"host/sain"}
    assert {step.turn for step in steps(touching().one)} == {None}


def test_a_measure_is_decided_before_it_is_done() -> None:
    log = touching()
    assert refused(log, Contained("block", HOST, Turn.DONE)) == "not_approved"
    assert refused(log, Contained("block", HOST, Turn.UNDONE)) == "not_that_far"
    assert refused(log, Contained("block", HOST, Turn.APPROVED, " ")) == "unapproved"
    assert refused(log, Contained("block", "host/sain", Turn.APPROVED, "Dr Colin")) == "no_measure"
    assert refused(log, Contained("fire", HOST, Turn.APPROVED, "Dr Colin")) == "no_measure"
    log.say(Contained("block", HOST, Turn.APPROVED, "Dr Colin"))
    assert refused(log, Contained("block", HOST, Turn.APPROVED, "Dr Colin")) == "not_that_far"
    log.say(Contained("block", HOST, Turn.DONE))
    assert refused(log, Contained("block", HOST, Turn.DROPPED), "trop tard") == "not_that_far"
    log.say(Contained("block", HOST, Turn.UNDONE))
    log.say(Contained("block", HOST, Turn.APPROVED, "Mme Roy"))
    (step,) = (one for one in steps(log.one) if (one.measure.id, one.target) == ("block", HOST))
    assert (step.turn, step.approval and step.approval.by, len(step.said)) == (Turn.APPROVED, "Mme Roy", 4)


def test_giving_up_says_why_and_stays_readable_once_the_host_is_cleared() -> None:
    log = touching()
    assert refused(log, Contained("unplug", HOST, Turn.DROPPED)) == "wordless"
    log.say(Contained("unplug", HOST, Turn.DROPPED), "examen en cours")
    log.say(Touched(What.HOST, HOST, Hit.CLEARED))
    assert [step.measure.id for step in steps(log.one) if step.target == HOST] == ["unplug"]
    assert standing(log.one, "unplug", HOST) is Turn.DROPPED
    (untouched,) = (one.approval for one in steps(log.one) if one.target == HOST)
    assert untouched is None


def test_a_measure_of_another_version_is_left_out() -> None:
    log = touching()
    log.entries.append(log.entry(Contained("elsewhere", HOST, Turn.DONE)))
    assert "elsewhere" not in {step.measure.id for step in steps(log.one)}


HOSTILE = ["a'b", "a; reboot", "$(reboot)", "`id`", "a\u2019; b", '"', "\\", "a b", "é"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_name_stays_one_word_of_a_shell(value: str) -> None:
    word = quoted(value, "posix")
    assert word is not None
    assert shlex.split(word) == [value]
    assert subprocess.run(["sh", "-c", f"printf %s {word}"], capture_output=True, check=True).stdout.decode() == value


@pytest.mark.parametrize("value", HOSTILE)
def test_a_name_stays_one_text_of_powershell_and_is_no_word_of_an_equipment(value: str) -> None:
    word = quoted(value, "powershell")
    assert word is not None
    inside = word[1:-1]
    for sign in "'\u2018\u2019\u201a\u201b":
        inside = inside.replace(sign * 2, "")
        assert sign not in inside
    assert quoted(value, "plain") is None


@pytest.mark.parametrize("value", ["", "-rf", "a\nb", "a\x00b", "a\u202eb"])
@pytest.mark.parametrize("shell", ["posix", "powershell", "plain"])
def test_what_is_no_name_stands_in_no_command(value: str, shell: Shell) -> None:
    assert quoted(value, shell) is None
    assert filled(("block {account}",), shell, {"account": (value,)}) == ()


def test_a_block_is_written_once_for_each_address_and_not_without_one() -> None:
    values = {"ipv4": ("192.0.2.1", "192.0.2.2")}
    assert filled(("drop {ipv4}", "drop {ipv6}", "end"), "plain", values) == ("drop 192.0.2.1", "drop 192.0.2.2", "end")


def test_every_command_can_be_filled_and_says_where_it_comes_from() -> None:
    values = dict.fromkeys(("ipv4", "ipv6", "mac", "mac_dots", "account", "login"), ("a",))
    for measure in measures():
        for command in measure.command:
            assert len(filled(command.do, command.shell, values)) == len(command.do)
            assert len(filled(command.undo, command.shell, values)) == len(command.undo)
            assert command.source


def test_addresses_of_both_kinds_are_blocked_and_read_back() -> None:
    lines = nftables.blocking(("192.0.2.1", "2001:db8::1"))
    assert lines[-2:] == (
        "add element inet negatoscope held4 { 192.0.2.1 }", "add element inet negatoscope held6 { 2001:db8::1 }",
    )  # fmt: skip
    listed = (
        "set held4 { type ipv4_addr\n elements = { 192.0.2.1,\n 192.0.2.9 } } set held6 { elements = { 2001:db8::1 } }"
    )
    assert nftables.blocked(listed) == {"192.0.2.1", "192.0.2.9", "2001:db8::1"}
