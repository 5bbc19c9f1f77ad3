"""Half-open validity: a fact holds from its first day up to, not including, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Validity:
    """[starts_on, ends_on); an open end is None."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError(f"empty validity: {self.starts_on} to {self.ends_on}")

    def holds_on(self, day: date) -> bool:
        """Whether the fact holds on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def overlaps(self, other: Validity) -> bool:
        """Whether the two hold on a common day."""
        return (self.ends_on is None or other.starts_on < self.ends_on) and (
            other.ends_on is None or self.starts_on < other.ends_on
        )


def year_of(year: int) -> Validity:
    """The reporting period of a calendar year."""
    return Validity(date(year, 1, 1), date(year + 1, 1, 1))
