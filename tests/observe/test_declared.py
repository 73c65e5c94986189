"""People say what people know; nobody declares a host healthy."""

from io import BytesIO
from typing import Any

import pytest

from negatoscope.model.accounts import Account
from negatoscope.model.hardening import Firewall
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network, Service
from negatoscope.model.people import Person
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.declared import declaration, read


@pytest.mark.parametrize(
    "fact",
    [
        Host("host/a", "a", HostClass.MODALITY),
        Account("host/a", "mdurand", holder="person/p1"),
        Network("10.0.0.0/24"),
        Person("p1", "Anne Martin"),
    ],
)
def test_what_a_person_knows_is_read_back(fact: Any) -> None:  # noqa: ANN401
    assert list(read(BytesIO(declaration([fact])))) == [fact]


@pytest.mark.parametrize(
    "fact",
    [
        Service("host/a", "tcp", 23, encrypted=True),
        Firewall("host/a", active=True),
        Account("host/a", "mdurand", enabled=False),
        Host("host/a", machine_id="1"),
    ],
)
def test_what_only_an_instrument_may_state_is_refused(fact: Any) -> None:  # noqa: ANN401
    with pytest.raises(Unreadable, match="not_declarable"):
        list(read(BytesIO(declaration([fact]))))
