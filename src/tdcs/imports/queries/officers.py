"""The list of officers and their hamlets beside who looks after which hamlet now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.access.models import HamletOfficer
from tdcs.access.queries import holdings_on
from tdcs.core.text import fold, squash
from tdcs.imports.models import Extract
from tdcs.imports.queries.core_codes import kept
from tdcs.imports.queries.listed import Listed, written_before
from tdcs.imports.queries.registers import frame_of
from tdcs.imports.rules.lists import faults_of_rows, officer_checks
from tdcs.organisations.models import Organisation

_KEY: Final = pl.Int64()
_DAY: Final = pl.Date()
_WORDS: Final = pl.String()


def listed_officers(rows: pl.DataFrame, extract: Extract) -> Listed:
    """``new``: office, area, hamlet, words, name, user, since. A hamlet that the list does not name stays as it is."""
    assert extract.office is not None
    day, office = extract.day, extract.office
    rows = kept(rows, office, day)
    hamlets = [squash(one or "")[:120] for one in rows["hamlet_name"]]
    names = [squash(one or "")[:120] for one in rows["officer"]]
    accounts = _accounts(office, day)
    rows = rows.with_columns(
        hamlet_name=pl.Series(hamlets, dtype=_WORDS),
        words=pl.Series([fold(one)[:160] for one in hamlets], dtype=_WORDS),
        officer=pl.Series(names, dtype=_WORDS),
        user=pl.Series([accounts.get(fold(name)) for name in names], dtype=_KEY),
        since=pl.lit(day),
    )
    held = _held(rows["area"].drop_nulls().unique().to_list())
    later = held.filter(pl.col("starts_on") > day).select("area", "words", later=pl.lit(value=True))
    living = held.filter(
        (pl.col("starts_on") <= day) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > day))
    )
    rows = rows.join(living, on=["area", "words"], how="left", maintain_order="left")
    rows = rows.join(later.unique(), on=["area", "words"], how="left", maintain_order="left")
    same = (pl.col("held_name") == pl.col("officer")) & (pl.col("held_office") == office.pk)
    rows = rows.with_columns(
        later=pl.col("later").fill_null(value=False),
        same=same.fill_null(value=False),
        same_day=(pl.col("starts_on") == day)
        & ~same
        & ~pl.col("id").is_in(written_before(extract)),
        several=pl.col("officer").n_unique().over("area", "words") > 1,
    )
    faults = faults_of_rows(rows, officer_checks(office.pk))
    left = faults["row"].implode()
    new = rows.filter(~pl.col("_row").is_in(left) & ~pl.col("same"))
    new = new.unique(["area", "words"], keep="first", maintain_order=True)
    ends = new.filter(pl.col("id").is_not_null()).select("id", "since", was="ends_on")
    return Listed(new, ends, faults)


def _held(areas: Sequence[int]) -> pl.DataFrame:
    schema = {
        "id": _KEY,
        "area": _KEY,
        "words": _WORDS,
        "held_office": _KEY,
        "held_name": _WORDS,
        "starts_on": _DAY,
        "ends_on": _DAY,
    }
    fields = ("pk", "area_id", "words", "office_id", "name", "starts_on", "ends_on")
    return frame_of(HamletOfficer.objects.filter(area__in=areas), fields, schema)


def _accounts(office: Organisation, day: date) -> dict[str, int]:
    """Name as it is compared → the one account of the office with it; none where two have the same name."""
    found: dict[str, list[int]] = {}
    for holding in holdings_on(day).filter(organisation=office, user__is_active=True):
        found.setdefault(fold(holding.user.full_name), []).append(holding.user_id)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}
