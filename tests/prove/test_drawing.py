"""The drawing laid out and taken away: nothing moves, nothing overlaps, and no name can break a picture."""

from dataclasses import replace
from io import BytesIO

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader
from tests.judge.graph.test_draw import FACTS
from tests.judge.memory import AT, of

from negatoscope.judge.graph.draw import draw
from negatoscope.model.drawing import OUTSIDE, Drawing, Node, Sort
from negatoscope.model.hosts import HostClass
from negatoscope.prove.drawing.annexes import annexes, paper, workbook
from negatoscope.prove.drawing.places import LOST, Box, Settled, once, places, settle
from negatoscope.prove.drawing.svg import picture

NAMES = st.sampled_from([f"host/{n:03}" for n in range(60)])


def practice(hosts: set[str]) -> Drawing:
    """Two zones, three networks; each host in one of them by its number."""
    zones = [Node(f"zone/{name}", Sort.ZONE, name) for name in "ab"]
    parents = {"network/1": "zone/a", "network/2": "zone/b", "network/3": None}
    nets = [Node(ref, Sort.NETWORK, ref, parent) for ref, parent in parents.items()]
    inside = [Node(ref, Sort.HOST, ref[5:], f"network/{int(ref[5:]) % 3 + 1}") for ref in sorted(hosts)]
    return Drawing((*zones, *nets, *inside, Node(OUTSIDE, Sort.EXIT, "Internet")))


def apart(one: Box, other: Box) -> bool:
    return abs(one.x - other.x) * 2 >= one.w + other.w - 0.01 or abs(one.y - other.y) * 2 >= one.h + other.h - 0.01


def holds(around: Box, inside: Box) -> bool:
    return abs(around.x - inside.x) * 2 <= around.w - inside.w and abs(around.y - inside.y) * 2 <= around.h - inside.h


@given(st.sets(NAMES, max_size=40), st.sets(NAMES, max_size=12))
@settings(max_examples=40, deadline=None)
def test_nothing_overlaps_and_everything_stands_inside_what_holds_it(hosts: set[str], more: set[str]) -> None:
    drawing = practice(hosts | more)
    boxes = places(drawing, settle(drawing, settle(practice(hosts), Settled())))
    assert boxes.keys() == {node.ref for node in drawing.nodes}
    for node in drawing.nodes:
        assert node.parent is None or holds(boxes[node.parent], boxes[node.ref]), node
        peers = [other for other in drawing.nodes if other.parent == node.parent and other.ref > node.ref]
        assert all(apart(boxes[node.ref], boxes[other.ref]) for other in peers), node


def test_a_new_host_moves_nobody_while_there_is_room() -> None:
    before = practice({f"host/{n:03}" for n in range(30)})
    kept = settle(before, Settled())
    after = practice({f"host/{n:03}" for n in range(31)} - {"host/004"})
    stood, stands = places(before, kept), places(after, settle(after, kept))
    assert {ref for ref in stood.keys() & stands.keys() if stood[ref] != stands[ref]} == set()
    assert settle(before, kept) == kept


def test_a_host_that_moves_to_another_network_takes_a_new_place() -> None:
    before = practice({"host/001", "host/002"})
    moved = tuple(replace(node, parent="network/1") if node.ref == "host/001" else node for node in before.nodes)
    kept = settle(before, Settled())
    assert settle(Drawing(moved), kept).slots["host/001"] == ("network/1", 0)


HOSTILE = '<script>alert(1)</script>"&\x00\x1b=cmd|A1' + "x" * 300


def drawn(name: str) -> tuple[Drawing, str]:
    found = draw(of(FACTS))
    nodes = tuple(replace(node, name=name, listed=name) if node.sort is Sort.HOST else node for node in found.nodes)
    found = replace(found, nodes=nodes)
    return found, picture(found, places(found, settle(found, Settled())), "Carte")


def test_a_picture_is_drawn_of_shapes_alone_whatever_hosts_call_themselves() -> None:
    found, svg = drawn(HOSTILE)
    tags = {element.tag.rpartition("}")[2] for element in fromstring(svg).iter()}
    assert tags <= {"svg", "title", "rect", "text", "line", "polygon", "circle"}
    assert "href" not in svg
    assert picture(Drawing(), {}, "Carte").startswith("<svg")
    assert {node.host_class for node in found.nodes} >= {HostClass.NETWORK, HostClass.MODALITY}


def test_the_workbook_and_the_paper_hold_every_host_and_line() -> None:
    found, svg = drawn(HOSTILE)
    tables = annexes(found, {}, "fr")
    book = load_workbook(BytesIO(workbook(tables)))
    assert book.sheetnames == ["Équipements", "Réseaux et zones", "Sorties et partenaires", "Points critiques", "Liens"]
    assert book["Équipements"].max_row == 1 + sum(node.sort is Sort.HOST for node in found.nodes)
    assert book["Liens"].max_row == 1 + len(found.links)
    assert "f" not in {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    pages = PdfReader(BytesIO(paper(svg, tables, "Cabinet", "fr", AT))).pages
    assert "Points critiques" in "".join(page.extract_text() for page in pages)
    assert "Critical points" in {table.title for table in annexes(found, {}, "en")}


def test_a_host_that_went_keeps_its_place_in_memory_and_finds_it_when_it_comes_back() -> None:
    before = practice({f"host/{n:03}" for n in range(9)})
    kept = settle(before, Settled())
    without = practice({f"host/{n:03}" for n in range(9)} - {"host/003"} | {"host/030"})
    later = settle(without, kept)
    stood, stands = places(before, kept), places(without, later)
    assert later.left == {"host/003": kept.slots["host/003"]}
    assert once({"host/003"}, later, stands) == {"host/003": stood["host/003"]}
    assert stands["host/030"] != stood["host/003"]
    assert places(before, settle(before, later))["host/003"] == stood["host/003"]


def test_a_crowd_takes_the_places_of_those_who_went_before_the_network_grows() -> None:
    kept = settle(practice({f"host/{n:03}" for n in range(9)}), Settled())
    room = kept.rooms["network/1"]
    crowd = practice({f"host/{3 * n:03}" for n in range(1, room + 1)})
    later = settle(crowd, kept)
    assert later.rooms["network/1"] == room
    assert "host/000" not in later.left


def test_what_went_from_nobody_knows_where_stands_below_the_rest() -> None:
    drawing = practice({"host/001"})
    settled = settle(drawing, Settled())
    boxes = places(drawing, settled)
    lost = once({"host/parti", "zone/c"}, settled, boxes)
    assert lost.keys() == {"host/parti", "zone/c", LOST}
    assert all(holds(lost[LOST], lost[ref]) for ref in lost.keys() - {LOST})
    assert all(apart(lost[LOST], box) for box in boxes.values())
    assert once(set(), settled, boxes) == {}
