"""What the stories of schemes choose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tdcs.plans.models import Plan
from tdcs.scheme.services import SchemeDraft

BASES = ["CT-39-2024", "ND-06-2026", "QD-1560-2025"]
NAME = "Đầu tư tín dụng bằng nguồn vốn ngân sách địa phương giai đoạn 2026 - 2030"


def chosen(plan: Plan, **changed: Any) -> SchemeDraft:
    """The usual scheme 2026–2030, with changes."""
    usual = SchemeDraft(
        name=NAME, first_year=2026, last_year=2030, plan=plan, scenario="plan", bases=BASES
    )
    return replace(usual, **changed)
