"""A short name for a task: ours for plans we know, else the beginning of its text."""

from __future__ import annotations

import re
from datetime import date

from tdcs.core import law

_END = re.compile(
    r"[;.:]\s|,\s(?=gắn với|trong đó|nhằm|góp phần|qua đó|phấn đấu|đảm bảo|bảo đảm)|\n"
)


def known_titles(number: str, issued_on: date) -> dict[str, str]:
    """Path → short name, where the plan's titles ship with the system."""
    for row in law.of_province("plan-titles.yaml"):
        if row["number"] == number and row["issued_on"] == issued_on:
            return dict(row["titles"])
    return {}


def short_title(text: str) -> str:
    """The first clause, cut at a word before 90 letters."""
    clause = _END.split(text.strip(), maxsplit=1)[0].strip(" .;,")
    if len(clause) > 90:
        clause = clause[:90].rsplit(" ", 1)[0].rstrip(" ,") + "…"
    return clause[:1].upper() + clause[1:]
