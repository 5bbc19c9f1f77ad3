"""What a group must do, in words with amounts, as Vietnamese and English write them."""

from __future__ import annotations

from tdcs.core.basis import without_basis
from tdcs.documents.numbers import grouped
from tdcs.group_results.rules.rising import Change, advice


@without_basis("câu chữ của lời khuyên, không văn bản nào quy định")
def said(change: Change, language: str = "vi") -> str:
    """One change: "Thu thêm 1.200.000 đồng lãi (đạt 15.200.000 đồng)"."""
    english = language.startswith("en")
    return advice()[change.code]["en" if english else "vi"].format(
        change=grouped(change.by, english=english), goal=grouped(change.goal, english=english)
    )
