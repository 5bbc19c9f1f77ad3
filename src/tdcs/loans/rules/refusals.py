"""What each refusal of a rule says: sentence, next step, and the basis of the rule that decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypedDict

from tdcs.core import law
from tdcs.core.basis import bases_of
from tdcs.loans.rules.limits import freeze_months, with_extension_limit
from tdcs.loans.rules.schedule import change
from tdcs.loans.rules.timeline import freezes, payment_refusals
from tdcs.programmes.rules.lawbook import cite_basis
from tdcs.programmes.rules.shared import shared

# Whose basis a refusal prints; of the others the text stands in law/parameters/loan-refusals.yaml.
_RULES: Final[Mapping[str, Callable[..., object]]] = {
    "interest_above_due": payment_refusals,
    "no_such_instalment": change,
    "final_not_moved": change,
    "beyond_next": change,
    "too_late": change,
    "extension_too_long": with_extension_limit,
    "already_frozen": freezes,
    "not_frozen": freezes,
    "freeze_too_long": freeze_months,
    "loss_too_small": freeze_months,
}
_PERCENT: Final = {
    "least": "freeze_least_loss_percent",
    "from": "freeze_from_80_percent",
    "half": "extension_long_percent",
}
_MONTHS: Final = {
    "below": "freeze_months_below_80",
    "most": "freeze_months_from_80",
    "short": "extension_short_months",
}


@law.remembered
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = law.load("parameters/loan-refusals.yaml")
    return texts


class RefusalText(TypedDict):
    """A refusal in words: ``message`` in Vietnamese, ``message_en`` in English."""

    code: str
    message: str
    message_en: str
    next_step: str
    basis: str


class _Gaps(dict[str, object]):
    """A word that the case did not give is left out, never a KeyError in front of a borrower."""

    def __missing__(self, key: str) -> str:
        return "…"


def refusal(code: str, *, asked_on: date | None = None, **words: object) -> RefusalText:
    """code, message (Vietnamese), message_en, next_step, basis of a refusal; KeyError for an unknown code.

    ``asked_on``: the day whose law refuses; its figures fill the sentence.
    """
    text = _texts()[code]
    figures = _figures(asked_on) if asked_on is not None else {}
    filled = _Gaps({**figures, **words})
    return {
        "code": code,
        "message": text["vi"].format_map(filled),
        "message_en": text["en"].format_map(filled),
        "next_step": text["next"].format_map(filled),
        "basis": basis_of(code) or text["basis"].format_map(filled),
    }


def next_step_en(code: str) -> str:
    """What to do about a refusal, in English."""
    return _texts()[code]["next_en"]


def basis_of(code: str) -> str:
    """The basis of the rule behind a refusal, as screens print it; "" where no rule of law is behind it."""
    rule = _RULES.get(code)
    return "; ".join(cite_basis(one) for one in bases_of(rule)) if rule is not None else ""


@law.remembered
def _figures(on: date) -> Mapping[str, str]:
    """Limits of the day in words: "40", "3 năm", "một nửa"; those that the law does not have yet are left out."""
    found: dict[str, str] = {}
    for word, name in _PERCENT.items():
        value = shared(name).find(on)
        if value is not None:
            found[f"law_{word}"] = str(value.amount)
    for word, name in _MONTHS.items():
        value = shared(name).find(on)
        if value is not None:
            found[f"law_{word}"] = _in_time(value.amount, "năm", "tháng")
            found[f"law_{word}_en"] = _in_time(value.amount, "years", "months")
    half = found.get("law_half")
    if half is not None:
        found["law_part"] = "một nửa" if half == "50" else f"{half}%"
        found["law_part_en"] = "half" if half == "50" else f"{half}%"
    return found


def _in_time(months: int, years_word: str, months_word: str) -> str:
    """36 → "3 năm", 18 → "18 tháng"; a year alone is said in months."""
    years, rest = divmod(months, 12)
    return f"{months} {months_word}" if rest or years < 2 else f"{years} {years_word}"
