"""What can be reached, against a reference that walks every way; each fact is the step that it should be."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.accounts import LOOK, Account, Privilege
from negatoscope.model.directory import (
    DirectoryAccount,
    DirectoryComputer,
    DirectoryGroup,
    DirectoryPrivilege,
    Grant,
    GuardedObject,
)
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import DicomNode
from negatoscope.respond.questions.reach import DEEPEST, POSSIBLE, Known, Step, kinds, paths, reach
from negatoscope.respond.questions.ways import Estate, Opened, Session, steps, without_privileges

AT = datetime(2026, 11, 15, tzinfo=UTC)
NODES = tuple(f"host/{name}" for name in "abcdefg")
DOMAIN = "directory/cabinet.lan"
steps_ = st.lists(
    st.builds(
        lambda source, target, shown: Step(source, target, "came_in", shown=shown),
        st.sampled_from(NODES), st.sampled_from(NODES), st.booleans(),
    ),
    max_size=16,
)  # fmt: skip


def cost(path: Sequence[Step]) -> int:
    return sum(1 if step.shown else POSSIBLE for step in path)


def naive(start: str, every: Sequence[Step]) -> dict[str, int]:
    """The least cost of each node over all ways of at most so many steps."""
    level, best = {start: 0}, {start: 0}
    for _ in range(DEEPEST):
        then: dict[str, int] = {}
        for step in every:
            if step.source in level:
                told = level[step.source] + cost([step])
                then[step.target] = min(then.get(step.target, told), told)
        level = then
        for node, told in level.items():
            best[node] = min(best.get(node, told), told)
    return {node: told for node, told in best.items() if node != start}


@given(steps_)
def test_paths_are_as_easy_as_the_naive_reference_finds(every: list[Step]) -> None:
    found = paths(NODES[0], every)
    assert {node: cost(path) for node, path in found.items()} == naive(NODES[0], every)
    for node, path in found.items():
        assert (path[0].source, path[-1].target, len(path) <= DEEPEST) == (NODES[0], node, True)
        assert all(one.target == other.source for one, other in pairwise(path))


@given(st.integers(1, 12))
def test_a_chain_longer_than_the_limit_is_not_followed(length: int) -> None:
    chain = [Step(f"host/{number}", f"host/{number + 1}", "came_in") for number in range(length)]
    assert len(paths("host/0", chain)) == min(length, DEEPEST)


def test_each_fact_is_its_step() -> None:
    estate = Estate(
        hosts=(
            Host("host/poste", "poste", HostClass.WORKSTATION),
            Host("host/srv", "SRV.cabinet.lan", HostClass.SERVER, directory_id="G-1"),
            Host("host/autre", "autre"), Host("host/laps", "laps"), Host("host/irm", "irm", HostClass.MODALITY),
        ),
        accounts=(Account("host/poste", "local", enabled=True), Account("host/poste", "parti", enabled=False),
                  Account(None, "distant", realm="ris")),
        privileges=(
            Privilege("host/poste", "support", "uid0"), Privilege("host/autre", "support", "uid0"),
            Privilege("host/laps", "support", "uid0"), Privilege("host/irm", "tout", LOOK),
            Privilege("host/srv", "CABINET\\Exploitation", "group:sudo"),
        ),
        members=(
            DirectoryAccount(DOMAIN, "Aleroy", enabled=True, groups=("Exploitation", "Inconnu"),
                             delegates_to=("cifs/srv.cabinet.lan:445", "http/ailleurs")),
            DirectoryAccount(DOMAIN, "parti", enabled=False, groups=("Exploitation",)),
        ),
        groups=(DirectoryGroup(DOMAIN, "Exploitation"),),
        directory_privileges=(DirectoryPrivilege(DOMAIN, "svc", "Domain Admins", ("Domain Admins",)),),
        computers=(DirectoryComputer(DOMAIN, "X", guid="g-1"),
                   DirectoryComputer(DOMAIN, "LAPS", local_password_managed=True),
                   DirectoryComputer(DOMAIN, "inconnu")),
        guarded=(GuardedObject(DOMAIN, "cabinet.lan", "domain", (Grant("Exploitation", "full_control"),)),
                 GuardedObject(DOMAIN, "x", "domain"),
                 GuardedObject(DOMAIN, "pc", "computer", (Grant("aleroy", "write"),))),
        nodes=(DicomNode("host/irm", 104, any_calling=True), DicomNode("host/poste", 104, any_calling=True),
               DicomNode("host/srv", 104, any_calling=False)),
        sessions=(Session("host/poste", "account/cabinet.lan/aleroy", AT),),
        opened=(Opened("account/cabinet.lan/aleroy", "study_opened", "host/srv", 3, AT),
                Opened("account/cabinet.lan/aleroy", "mailbox_opened", "a/b@cabinet.fr", 1, AT)),
    )  # fmt: skip
    every = list(steps("host/poste", estate))
    known = Known({one.ref: one.host_class for one in estate.hosts}, frozenset({"host/irm"}))
    found = reach("host/poste", every, known, (), ())
    told = {row.node: [step.how for step in row.path] for row in found.rows}
    came = ["logged_on"]
    assert told == {
        "account/cabinet.lan/aleroy": came,
        "group/cabinet.lan/Exploitation": [*came, "member"],
        "directory/cabinet.lan": [*came, "member", "may_change"],
        "host/srv": [*came, "delegated"],
        "host/laps": [*came, "member", "may_change", "computer_of"],
        "data/study_opened/srv": [*came, "opened"],
        "data/mailbox_opened/a/b@cabinet.fr": [*came, "opened"],
        "host/irm": ["dicom_open"],
        "account/poste/local": ["kept_here"],
        "account/poste/support": ["kept_here"],
        "host/autre": ["kept_here", "same_name", "same_name"],
        "account/autre/support": ["kept_here", "same_name", "same_name", "kept_here"],
        "account/laps/support": [*came, "member", "may_change", "computer_of", "kept_here"],
    }
    assert [row.node for row in found.rows[:2]] == ["directory/cabinet.lan", "host/irm"]
    assert not next(row for row in found.rows if row.node == "host/autre").shown
    assert kinds(found)["data"] == 2
    assert without_privileges(estate.hosts, estate.privileges) == 0


def test_a_name_of_two_directories_is_that_of_the_domain_that_is_said() -> None:
    other = "directory/autre.lan"
    estate = Estate(members=(DirectoryAccount(DOMAIN, "x"), DirectoryAccount(other, "X")))
    assert estate.whom("AUTRE\\x") == {"account/autre.lan/x"}
    assert estate.whom("x", DOMAIN) == {"account/cabinet.lan/x"}
    assert estate.whom("ZZ\\x") == estate.whom("x") == {"account/cabinet.lan/x", "account/autre.lan/x"}
    assert estate.whom("personne") == set()


def test_a_host_of_which_no_account_is_known_says_so() -> None:
    assert [one.code for one in reach("host/a", (), Known({}), (), ()).blind] == ["nobody_known_on_it"]
    assert reach("host/a", [Step("host/a", "host/b", "came_in")], Known({}), (), ()).rows[0].worth == 10
