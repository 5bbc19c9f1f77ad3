"""Which kinds of records a task seems to ask for, by its words; a person confirms. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tdcs.core.basis import without_basis
from tdcs.core.text import fold


@without_basis("đề xuất theo lời văn của nhiệm vụ; người có thẩm quyền xác nhận")
def proposed(text: str, kinds: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Kinds for a task's text: code → the phrase of the kind that the text says. Accents and case do not matter."""
    said = f" {' '.join(fold(text).split())} "
    found = {}
    for code, phrases in kinds.items():
        for phrase in phrases:
            if f" {fold(phrase)}" in said:
                found[code] = phrase
                break
    return found
