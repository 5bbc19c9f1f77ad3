"""Named invariants of the indicators; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.rules.rows import SUMS
from tdcs.core.errors import Refusal
from tdcs.indicators.cubes import CUBES, altered, scan
from tdcs.indicators.queries.places import unions
from tdcs.indicators.queries.values import values
from tdcs.indicators.rules.definitions import KEYS, catalogue
from tdcs.programmes.rules.lawbook import documents


def parts_add_up() -> Iterator[str]:
    """On the last closed day, numerators and denominators by each key add up to those of the whole."""
    day = store().latest()
    if day is None:
        return
    whole = {row["code"]: row for row in values(on=day).iter_rows(named=True)}
    for key in KEYS:
        if key == "month":
            continue
        codes = [code for code, one in catalogue().items() if one.adds_up and key in one.keys]
        parts = values(on=day, by=[key], codes=codes)
        sums = parts.group_by("code").agg(pl.col("numerator", "denominator").sum())
        for row in sums.iter_rows(named=True):
            for name in ("numerator", "denominator"):
                told = whole[row["code"]][name] or 0
                if row[name] != told:
                    yield f"{day} {row['code']} {name} theo {key}: {row[name]} ≠ {told}"


def kept_sums_are_the_snapshots() -> Iterator[str]:
    """Sums by fewer keys come to the totals that the day's snapshot names."""
    book = store()
    kinds = unions()
    for day in book.days()[-1:]:
        totals = book.sums(day).select(pl.col(*SUMS).sum()).collect().row(0, named=True)
        for cube in CUBES:
            lazy, _ = scan(book, cube, [day], kinds)
            found = lazy.select(pl.col(*SUMS).sum()).collect().row(0, named=True)
            for name, total in totals.items():
                if found[name] != total:
                    yield f"{day} {cube.name} {name}: {found[name]} ≠ {total}"


def each_has_its_basis() -> Iterator[str]:
    """Every indicator and every target cites a text that ships."""
    for code, one in catalogue().items():
        for document in (one.document, *(target.document for target in one.targets)):
            if document not in documents():
                yield f"{code}: căn cứ {document} không có trong law/documents"


def caches_are_the_snapshots() -> Iterator[str]:
    """Each kept file of sums, of every kept day, is what the day's snapshot gives when it is computed anew."""
    book, kinds = store(), unions()
    for day in book.days():
        try:
            wrong = altered(book, day, kinds)
        except Refusal:  # a damaged snapshot has its own check
            continue
        for name in wrong:
            yield f"ngày {day:%d/%m/%Y}: tệp tổng hợp {name} khác số liệu chốt"


CHECKS = {
    "indicators.caches_are_the_snapshots": caches_are_the_snapshots,
    "indicators.parts_add_up": parts_add_up,
    "indicators.kept_sums_are_the_snapshots": kept_sums_are_the_snapshots,
    "indicators.each_has_its_basis": each_has_its_basis,
}
