"""Boxes that may meet another are all found, in order, whatever their shape; bits are told as stretches."""

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.judge.segmentation.addresses import runs
from negatoscope.judge.segmentation.boxes import Index

ATOMS = 300
MASKS = st.one_of(
    st.integers(0, (1 << ATOMS) - 1), st.integers(0, ATOMS - 1).map(lambda at: 1 << at), st.just((1 << ATOMS) - 1)
)


@given(st.lists(st.tuples(MASKS, MASKS), max_size=30), MASKS, MASKS)
def test_no_box_that_meets_another_is_missed(boxes: list[tuple[int, int]], sources: int, targets: int) -> None:
    index = Index(ATOMS)
    for box in boxes:
        index.add(box)
    found = list(index.meeting(sources, targets))
    assert found == sorted(set(found))
    assert {at for at, box in enumerate(boxes) if box[0] & sources and box[1] & targets} <= set(found)


@given(MASKS)
def test_stretches_hold_each_bit_once(mask: int) -> None:
    told = [at for low, end in runs(mask) for at in range(low, end)]
    assert told == [at for at in range(ATOMS) if mask >> at & 1]
    assert all(end < low for (_, end), (low, _) in zip(list(runs(mask)), list(runs(mask))[1:], strict=False))
