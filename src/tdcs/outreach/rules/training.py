"""Audiences to be trained (law/training.yaml), when two sessions meet, codes by which people check in. Knows no Django."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.months import month_end

_FILE: Final = "training.yaml"
# Without what is mistaken for another letter or figure.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class Audience:
    """People who must be trained anew after so many months; ``of``: where they are counted."""

    code: str
    name: str
    of: str
    every_months: int


@law.remembered
def audiences() -> dict[str, Audience]:
    """Every audience by its code."""
    return {
        row["code"]: Audience(row["code"], row["name"], row["of"], row["every_months"])
        for row in law.load(_FILE)["audiences"]
    }


@dataclass(frozen=True, slots=True)
class Hours:
    """When something takes place, half-open: what ends at ten meets nothing that begins at ten."""

    on: date
    starts_at: time
    ends_at: time


@without_basis("hai buổi trùng giờ: cùng ngày và khoảng giờ chồng lên nhau")
def meet(one: Hours, other: Hours) -> bool:
    """Whether nobody can be at both."""
    return one.on == other.on and one.starts_at < other.ends_at and other.starts_at < one.ends_at


@without_basis("chu kỳ tập huấn chưa có văn bản quy định; law/training.yaml")
def trained_since(audience: Audience, on: date) -> date:
    """Who was trained on this day or later need not be trained yet."""
    last = month_end(on, -audience.every_months)
    return last.replace(day=min(on.day, last.day))


def code_of(choose: Callable[[Sequence[str]], str]) -> str:
    """A code to check in with, made by a chooser of letters."""
    return "".join(choose(_LETTERS) for _ in range(CODE_LENGTH))
