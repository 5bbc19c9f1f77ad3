"""Ports: each is provided once the application has started, none answers without its provider, and there are few."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

import tdcs
from tdcs.core.ports import Port, PortUnanswered, RoomsPort

SRC = Path(tdcs.__file__).parent
ROOMS = sorted(path.parent.name for path in SRC.glob("*/ports.py") if path.parent.name != "core")
PORTS = {
    one.name: one
    for room in ROOMS
    for one in vars(importlib.import_module(f"tdcs.{room}.ports")).values()
    if isinstance(one, Port | RoomsPort)
}


def test_the_ports_are_these() -> None:
    """A new one is argued for in docs/decisions/0015-ports.md: mostly the work belongs to a room above instead."""
    assert set(PORTS) == {
        "access.moved_with_work",
        "boards.faults_found",
        "capital.lent_on",
        "capital.year_of_lending",
        "closing.days_closed",
        "entrustment.debts",
        "entrustment.members_moved",
        "households.group_households",
        "households.mergers",
        "imports.days_reported",
        "imports.last_closed",
        "indicators.tasks",
        "letters.tasks",
        "loans.notify_person",
        "transaction_points.booked_late",
    }
    assert not list(SRC.rglob("above.py"))


@pytest.mark.parametrize("name", sorted(PORTS))
def test_a_port_is_provided_and_raises_without_its_provider(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port: Any = PORTS[name]
    if isinstance(port, RoomsPort):
        assert set(port.parts()) == set(port.rooms)
        monkeypatch.setattr(port, "provided", {})
        with pytest.raises(PortUnanswered, match=name):
            port.parts()
        return
    assert callable(port.provider)
    monkeypatch.setattr(port, "provider", None)
    with pytest.raises(PortUnanswered, match=name):
        port()
