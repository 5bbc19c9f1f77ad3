"""Which lines of a log need a second person's approval, and what that person signs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.transaction_points.rules.chain import (
    COUNT,
    COVERED,
    DISBURSE,
    SAVINGS,
    VOID,
    canonical,
)

_LEADER, _CONTROLLER = "leader", "controller"
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    DISBURSE: (_CONTROLLER,),
    COUNT: (_CONTROLLER,),
    VOID: (_CONTROLLER, _LEADER),
}


@without_basis("ai duyệt trên thiết bị, không phải quy định cho vay")
def approvers(kind: str, data: Mapping[str, object]) -> tuple[str, ...]:
    """The roles of which one must approve a line; () when nobody need. An approval that is said must always be proven."""
    if kind == SAVINGS and data.get("way") == "out":
        return (_CONTROLLER,)
    if kind in _NEEDED:
        return _NEEDED[kind]
    return (_CONTROLLER, _LEADER) if data.get("approved_by") else ()


@without_basis("nội dung người duyệt ký, không phải quy định cho vay")
def approved_hash(line: Mapping[str, object], data: Mapping[str, object]) -> str:
    """What an approver signs: SHA-256 of the line's COVERED fields without the approval itself.

    It holds the line's place and the hash of the line before, so an approval fits one line of one log and cannot be used again.
    """
    bare = {name: value for name, value in data.items() if name != "approval"}
    covered = {name: line[name] for name in COVERED if name != "data"}
    return hashlib.sha256(canonical({**covered, "data": bare})).hexdigest()
