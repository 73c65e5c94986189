"""Critical points: the same as networkx finds on any graph, and the same twice."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negatoscope.judge.graph import critical
from negatoscope.judge.graph.critical import joined, weigh

POINTS = st.integers(0, 11).map(lambda n: f"host/{n:02}")
EDGES = st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=18)


def oracle(pairs: list[tuple[str, str]], hosts: frozenset[str]) -> dict[str, tuple[int, float]]:
    """By the book: remove each point and look; count pairs of hosts along shortest paths."""
    graph = nx.Graph((one, other) for one, other in pairs if one != other)
    told = {}
    for part in nx.connected_components(graph):
        inside = graph.subgraph(part)
        ends = sorted(part & hosts)
        between = nx.betweenness_centrality_subset(inside, ends, ends, normalized=False)
        for one in nx.articulation_points(inside):
            rest = inside.subgraph(part - {one})
            pieces = [len(piece & hosts) for piece in nx.connected_components(rest)]
            others = len(ends) - (one in hosts)
            pairs_left = others * (others - 1) / 2
            told[one] = (sum(pieces) - max(pieces), between[one] / pairs_left if pairs_left else 0.0)
    return {one: (cut, share) for one, (cut, share) in told.items() if cut}


@given(EDGES, st.sets(POINTS))
@settings(max_examples=80, deadline=None)
def test_what_is_cut_and_what_is_between_is_what_networkx_says(pairs: list[tuple[str, str]], hosts: set[str]) -> None:
    found = weigh(joined(pairs), frozenset(hosts))
    expected = oracle(pairs, frozenset(hosts))
    assert {one: weight.cut for one, weight in found.items()} == {one: cut for one, (cut, _) in expected.items()}
    for one, weight in found.items():
        assert weight.between == pytest.approx(expected[one][1], abs=1e-3), one


def test_a_star_hangs_on_its_middle() -> None:
    found = weigh(joined((f"host/{n}", "switch") for n in range(5)), frozenset(f"host/{n}" for n in range(5)))
    assert [(one, weight.cut, weight.between) for one, weight in found.items()] == [("switch", 4, 1.0)]


def test_beyond_what_is_exact_the_heaviest_points_stay_the_heaviest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rings of networks joined by one gateway: it is the heaviest, estimated or not."""
    rings = [(f"{side}{n}", f"{side}{(n + 1) % 20}") for side in "ab" for n in range(20)]
    edges = joined([*rings, ("a0", "gate"), ("gate", "b0")])
    hosts = frozenset(one for one in edges if one != "gate")
    exact = weigh(edges, hosts)
    monkeypatch.setattr(critical, "EXACT", 10)
    monkeypatch.setattr(critical, "ORIGINS", 20)
    estimated = weigh(edges, hosts)
    assert exact.keys() == estimated.keys() == {"a0", "b0", "gate"}
    assert exact["gate"].cut == estimated["gate"].cut == 20
    assert estimated["gate"].between == pytest.approx(exact["gate"].between, rel=0.25)
