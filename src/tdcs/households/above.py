"""What rooms above answer for this one: who qualifies, who was served, what else a household's page shows.

Rooms import downwards only; programmes, entrustment and loans hand their answers down when they start
(AppConfig.ready), as the audit room hands down its sink. Until then the answer is "not known".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tdcs.access.models import User

# Frame of needs (need, household, programme, amount, on) → frame (need, qualified, reason).
Qualifier = Callable[[pl.DataFrame], pl.DataFrame]
# Frame of needs → frame (need, served_on, served_amount) of those that got a loan.
Server = Callable[[pl.DataFrame], pl.DataFrame]
# A household on its page → (template, context) of a section below the story.
Block = Callable[[Any, Any], tuple[str, dict[str, Any]]]


@dataclass
class _Above:
    qualifier: Qualifier | None = None
    server: Server | None = None
    programmes: Callable[[], dict[str, str]] | None = None
    group_households: Callable[[User], frozenset[int]] | None = None
    blocks: list[Block] = field(default_factory=list)


_above = _Above()


def install(
    *,
    qualifier: Qualifier | None = None,
    server: Server | None = None,
    programmes: Callable[[], dict[str, str]] | None = None,
    group_households: Callable[[User], frozenset[int]] | None = None,
    block: Block | None = None,
) -> None:
    """Hand down an answer; each room calls this once, with what it knows.

    ``programmes``: code → name of what is lent. ``group_households``: whom a group leader sees.
    """
    _above.qualifier = qualifier or _above.qualifier
    _above.server = server or _above.server
    _above.programmes = programmes or _above.programmes
    _above.group_households = group_households or _above.group_households
    if block is not None and block not in _above.blocks:
        _above.blocks.append(block)


def qualifier() -> Qualifier | None:
    """Who qualifies, or None while no room answers."""
    return _above.qualifier


def server() -> Server | None:
    """Who was served, or None while no room answers."""
    return _above.server


def programme_names() -> dict[str, str]:
    """Code → name of the programmes; empty while no room answers."""
    return _above.programmes() if _above.programmes else {}


def group_households(user: User) -> frozenset[int]:
    """The households of a group leader's group; none while no room answers."""
    return _above.group_households(user) if _above.group_households else frozenset()


def blocks(request: Any, household: Any) -> list[tuple[str, dict[str, Any]]]:
    """Sections that rooms above add to a household's page."""
    return [block(request, household) for block in _above.blocks]
