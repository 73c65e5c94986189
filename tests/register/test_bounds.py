"""What strangers call themselves fits every database, and two long names stay two."""

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryPrivilege
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.software import Software
from negatoscope.register.bounds import LONGEST_SOFTWARE, bounded, shorter

WIDEST = 400


@given(st.text(max_size=60))
def test_what_fits_is_left_as_it_is(name: str) -> None:
    account = Account("host/@", name.replace("\0", ""))
    assert bounded(account) is account


def test_the_sign_that_no_database_takes_is_replaced_wherever_it_stands() -> None:
    assert bounded(Account("host/@", "a\0b")).name == "a\ufffdb"
    assert bounded(Host("host/@", macs=("a\0", "b"))).macs == ("a\ufffd", "b")
    assert bounded(Gap("Account", "unreadable", None, {"detail": "x\0"})).values == {"detail": "x\ufffd"}
    assert bounded(Software("host/@", "a\0")).name == "a\ufffd"


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    first, second = (bounded(Account("host/@", "x" * 10_000 + end)) for end in "ab")
    assert first.ref != second.ref
    assert first.host == "host/@"
    directory = f"directory/{'d' * 200}"
    way = bounded(DirectoryPrivilege(directory, "a" * 5000, "g" * 5000, ("g" * 5000,)))
    assert way.directory == directory
    assert len(way.ref) <= WIDEST
    tool = bounded(Software("host/@", "n" * 5000, "v" * 5000, "p" * 5000))
    assert {len(one or "") for one in (tool.name, tool.version, tool.publisher)} == {LONGEST_SOFTWARE}
    assert len(shorter("h" * 5000)) <= WIDEST


def test_what_has_no_name_of_its_own_passes() -> None:
    swept = Sweep("Account", "host/@")
    assert bounded(swept) is swept
