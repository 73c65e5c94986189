"""Nobody who already stands at a door keeps those out who hold no place yet."""

from negatoscope.intake.events.crowd import FOR_FIRST, FROM_ONE, MOST, Crowd


def test_one_address_takes_so_many_places() -> None:
    crowd = Crowd()
    assert [crowd.enter("192.0.2.1") for _ in range(FROM_ONE + 1)] == [True] * FROM_ONE + [False]
    crowd.leave("192.0.2.1")
    assert crowd.enter("192.0.2.1")


def test_a_few_greedy_addresses_leave_room_for_those_who_hold_none() -> None:
    crowd = Crowd()
    taken = sum(crowd.enter(f"192.0.2.{one}") for one in range(1, 20) for _ in range(FROM_ONE))
    assert MOST - FOR_FIRST <= taken < MOST
    assert crowd.enter("198.51.100.1")
    assert not crowd.enter("198.51.100.1")
    assert sum(crowd.enter(f"203.0.113.{one}") for one in range(1, 200)) == MOST - taken - 1
