"""What each refusal of a rule says: sentence, next step and the text that decides."""

from __future__ import annotations

from typing import Any

from tdcs.core import law


@law.remembered
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = law.load("parameters/loan-refusals.yaml")
    return texts


class _Gaps(dict[str, Any]):
    """A word that the case did not give is left out, never a KeyError in front of a borrower."""

    def __missing__(self, key: str) -> str:
        return "…"


def refusal(code: str, **words: Any) -> dict[str, str]:
    """code, message (Vietnamese), message_en, next_step, basis of a refusal; KeyError for an unknown code."""
    text = _texts()[code]
    filled = _Gaps(words)
    return {
        "code": code,
        "message": text["vi"].format_map(filled),
        "message_en": text["en"].format_map(filled),
        "next_step": text["next"].format_map(filled),
        "basis": text["basis"].format_map(filled),
    }
