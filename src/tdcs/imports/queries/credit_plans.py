"""What the core's credit plan of a year gives each office and commune to have outstanding, by programme and tier of capital."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from tdcs.core.text import fold
from tdcs.imports import store
from tdcs.imports.models import Extract
from tdcs.imports.queries.core_codes import placed
from tdcs.imports.queries.imports import last_of_offices
from tdcs.imports.rules.layouts import codes, layout_of
from tdcs.imports.rules.rows import filled
from tdcs.organisations.models import Organisation

KIND: Final = "credit_plan"
MONEY: Final = ("given", "adjusted", "planned")
_SCHEMA: Final = {
    "office": pl.Int64,
    "commune": pl.Int64,
    "programme": pl.String,
    "core_programme": pl.String,
    "local": pl.Boolean,
    **dict.fromkeys(MONEY, pl.Int64),
}


def planned_outstanding(day: date) -> pl.DataFrame:
    """The rows of each office's last plan of the year by a day: office, commune, programme, core_programme, local, and given,
    adjusted, planned in dong.

    ``programme`` is null where this system knows none for the core's, ``local`` where the source is none that is known;
    ``commune`` is null of a plan for the whole office. Progress is outstanding ÷ planned (the branch's KHTD).
    """
    last = last_of_offices(KIND, day, since=date(day.year, 1, 1))
    parts = [_rows_of(one, one.office) for one in last if one.office is not None]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)


def _rows_of(extract: Extract, office: Organisation) -> pl.DataFrame:
    """Of each programme of the core its own in this system, of each commune's name its area."""
    rows = filled(store.rows(extract.rows_digest, extract.file.name), layout_of(KIND))
    known = {code: ours or None for code, (_, ours) in codes("programmes").items()}
    rows = placed(rows, office, extract.day).with_columns(
        pl.lit(office.pk, pl.Int64).alias("office"),
        pl.Series("programme", [known.get(one) for one in rows["programme"]], dtype=pl.String),
        commune="area",
        core_programme="programme",
        local=pl.Series([_is_local(one) for one in rows["source"]], dtype=pl.Boolean),
    )
    return rows.select(*_SCHEMA)


def _is_local(source: str | None) -> bool | None:
    """Whether a source as the plan writes it is the localities' money."""
    words = fold(source or "")
    tiers = {name: tier for name, tier in codes("sources").items() if words.startswith(name)}
    # "địa phương xã" is more than "địa phương".
    longest = max(tiers, key=len, default="")
    return tiers[longest] == "local" if longest else None
