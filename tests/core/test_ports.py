"""A port without a provider raises by name; it never answers "nothing"."""

from __future__ import annotations

import pytest

from tdcs.core.ports import Port, PortUnanswered, RoomsPort


def test_a_port_asks_its_provider() -> None:
    twice: Port[[int], int] = Port("test.twice")
    twice.register(lambda number: 2 * number)
    assert twice(21) == 42


def test_a_port_without_a_provider_raises_its_name() -> None:
    port: Port[[], dict[int, int]] = Port("test.owes")
    with pytest.raises(PortUnanswered, match=r"test\.owes") as found:
        port()
    assert found.value.port == "test.owes"


def test_every_named_room_must_play_its_part() -> None:
    port: RoomsPort[str] = RoomsPort("test.mergers", ("first", "second"))
    port.register("second", "b")
    with pytest.raises(PortUnanswered, match="first") as found:
        port.parts()
    assert found.value.rooms == ("first",)
    port.register("first", "a")
    assert list(port.parts().items()) == [("first", "a"), ("second", "b")]
    with pytest.raises(ValueError, match="third"):
        port.register("third", "c")
