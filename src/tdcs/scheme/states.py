"""The moves of a version: verb, from where, to where, by whose permission."""

from __future__ import annotations

from typing import Final

from tdcs.plans.states import Move
from tdcs.scheme.models import SchemeVersion

_State = SchemeVersion.State

SCHEME_MOVES: Final[dict[str, Move]] = {
    "submit": Move("Trình đề án", (_State.DRAFT,), _State.SUBMITTED, "scheme.write"),
    "recall": Move("Rút lại đề án", (_State.SUBMITTED,), _State.DRAFT, "scheme.write"),
    "return": Move("Trả lại để sửa", (_State.SUBMITTED,), _State.DRAFT, "scheme.approve"),
    "issue": Move("Duyệt, ban hành", (_State.SUBMITTED,), _State.ISSUED, "scheme.approve"),
}
