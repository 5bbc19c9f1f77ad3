"""Data sets in one file: for the state audit with a manifest of hashes, for the public with a description."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.rules.rows import SUM_KEYS, SUMS
from tdcs.core import clock, law
from tdcs.core.progress import say
from tdcs.indicators.queries import catalogue, names, values
from tdcs.loans.queries.columns import copied
from tdcs.loans.states import EventKind
from tdcs.organisations.models import Area
from tdcs.sheets.queries.book import Book, named
from tdcs.sheets.queries.figures import where_of
from tdcs.sheets.queries.requesting import SheetRequest, unit_name
from tdcs.sheets.rules.csvw import Field, Published, as_csv, metadata

_LOANS: Final = (
    "contract", "borrower", "identity", "household_code", "hamlet", "commune_name", "office_name",
    "group_code", "group_name", "union_name", "programme", "programme_name", "source_name",
    "tier_name", "target_group", "officer", "state_name", "disbursed_on", "final_on", "term",
    "rate", "lent", "paid", "written_off", "balance", "in_time", "overdue", "frozen",
    "overdue_on", "frozen_on", "frozen_until", "accrued", "collected", "waived", "due", "arrears",
    "lent_month", "repaid_month", "collected_month",
)  # fmt: skip
_EVENT_COLUMNS: Final = ("event", "loan", "on", "kind", "amount", "until", "reverses")
_EVENTS: Final = """
    SELECT e.id, e.loan_id, e."on" - DATE '1970-01-01', e.kind, e.amount,
           e.until_on - DATE '1970-01-01', e.reverses_id
      FROM loans_loanevent e WHERE e."on" BETWEEN %(first)s AND %(last)s
"""
_PROVINCE: Final = "province"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_FIELDS: Final = (
    Field("day", "Ngày số liệu", "Day", "Ngày khóa sổ của số liệu.", required=True),
    Field(
        "area", "Mã địa bàn", "Area code", "Mã xã, phường; province là toàn tỉnh.", required=True
    ),
    Field("area_name", "Địa bàn", "Area", required=True),
    Field("indicator", "Mã chỉ tiêu", "Indicator code", required=True),
    Field("indicator_name", "Chỉ tiêu", "Indicator", required=True),
    Field("unit", "Đơn vị tính", "Unit", "dong, count, ppm (phần triệu).", required=True),
    Field("numerator", "Tử số", "Numerator"),
    Field("denominator", "Mẫu số", "Denominator"),
    Field("value", "Giá trị", "Value"),
)


def audit(asked: SheetRequest) -> bytes:
    """Loans, the year's events, sums, sources and programmes as CSV; manifest.json and SHA256SUMS name each file's hash."""
    book = Book(asked)
    say(10, "Khoản vay")
    loans = book.with_registers(book.rows)
    files = {
        "loans.csv": loans.select(_LOANS).sort("contract"),
        "events.csv": _events(loans, asked.day),
        "sums.csv": _sums(asked),
        "sums-by-programme.csv": _by(loans, "programme_name"),
        "sums-by-source.csv": _by(loans, "source_name"),
    }
    say(70, "Mã băm")
    content = {name: as_csv(rows) for name, rows in files.items()}
    kept = store().manifest(asked.day)
    now = clock.now()
    manifest = {
        "title": asked.sheet.title,
        "unit": unit_name(asked),
        "day": asked.day.isoformat(),
        "made_at": now.isoformat(),
        "made_by": asked.user.username if asked.user is not None else "tdcs sheet",
        "snapshot": {"digest": kept.digest, "previous": kept.previous, "rows": kept.rows},
        "law_hash": kept.law_hash,
        "totals": {
            name: int(loans[name].sum())
            for name in ("balance", "in_time", "overdue", "frozen", "due")
        },
        "files": {
            name: {"sha256": _hash(one), "bytes": len(one), "rows": len(files[name])}
            for name, one in content.items()
        },
    }
    content["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    lines = [f"{_hash(one)}  {name}\n" for name, one in sorted(content.items())]
    content["SHA256SUMS"] = "".join(lines).encode()
    return _zip(content, now.timetuple()[:6])


def _events(loans: pl.DataFrame, day: date) -> pl.DataFrame:
    """The events of the year up to the day, of the loans of the set: contract, day, kind, amount, what it reverses."""
    words = {kind.value: str(kind.label) for kind in EventKind}
    values = {"first": date(day.year, 1, 1), "last": day}
    rows = copied(_EVENTS, values, _EVENT_COLUMNS, words=("kind",))
    rows = rows.join(loans.select("loan", "contract"), on="loan")
    found = rows.select(
        "event",
        "contract",
        pl.col("on").cast(pl.Int32).cast(pl.Date),
        named("kind", words).alias("kind"),
        "amount",
        pl.col("until").cast(pl.Int32).cast(pl.Date),
        "reverses",
    )
    return found.sort("on", "event")


def _sums(asked: SheetRequest) -> pl.DataFrame:
    """The sums of the close itself, of the places in the loans' scope, by what they are kept for."""
    where = where_of(asked)
    rows = store().sums(asked.day)
    for key, ids in where.items():
        if key in SUM_KEYS:
            rows = rows.filter(pl.col(key).is_in(list(ids)))
    return rows.select(*SUM_KEYS, *SUMS).collect().sort(SUM_KEYS)


def _by(loans: pl.DataFrame, key: str) -> pl.DataFrame:
    money = ("lent", "paid", "balance", "in_time", "overdue", "frozen", "due")
    counted = (pl.col("balance") > 0).sum().cast(pl.Int64).alias("loans")
    return loans.group_by(key).agg(counted, pl.col(money).sum()).sort(key)


def open_data(asked: SheetRequest) -> bytes:
    """indicators.csv and indicators.csv-metadata.json: the indicators of the province and of its communes."""
    rows = _indicators(asked)
    table = Published(
        url="indicators.csv",
        title=asked.sheet.title,
        about=asked.sheet.about,
        publisher=unit_name(asked),
        licence=_LICENCE,
        modified=asked.day,
        fields=_FIELDS,
        key=("day", "area", "indicator"),
    )
    content = {
        "indicators.csv": as_csv(rows),
        "indicators.csv-metadata.json": metadata(table, rows),
    }
    return _zip(content, (*asked.day.timetuple()[:3], 0, 0, 0))


def _indicators(asked: SheetRequest) -> pl.DataFrame:
    day, where = asked.day, where_of(asked)
    # Figures for the public are of communes and of the province; who sees an office sees its communes.
    where = {key: ids for key, ids in where.items() if key == "commune"}
    known = catalogue()
    by = [code for code, one in known.items() if {"commune", *where} <= set(one.keys)]
    told = values(on=day, by=["commune"], codes=by, where=where).filter(pl.col("commune") > 0)
    places = names("commune", told["commune"].unique().to_list(), day)
    codes = dict(Area.objects.filter(pk__in=list(places)).values_list("pk", "code"))
    frames = [
        told.with_columns(area=named("commune", codes), area_name=named("commune", places)).drop(
            "commune"
        )
    ]
    if not where:
        whole = values(on=day, codes=list(known))
        frames.append(
            whole.with_columns(
                area=pl.lit(_PROVINCE), area_name=pl.lit(law.province_name(day) or _PROVINCE)
            )
        )
    rows = pl.concat(
        [
            one.select("area", "area_name", "code", "numerator", "denominator", "value")
            for one in frames
        ]
    )
    rows = rows.with_columns(
        day=pl.lit(day),
        indicator=pl.col("code"),
        indicator_name=named("code", {code: one.name for code, one in known.items()}),
        unit=named("code", {code: one.unit for code, one in known.items()}),
    )
    return rows.select(one.name for one in _FIELDS).sort("area", "indicator")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _zip(content: Mapping[str, bytes], moment: tuple[int, ...]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, one in content.items():
            year, month, day, hour, minute, second = moment
            entry = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
            made.writestr(entry, one, zipfile.ZIP_DEFLATED)
    return out.getvalue()


PACKAGES: Final[Mapping[str, Callable[[SheetRequest], bytes]]] = {
    "audit": audit,
    "open_data": open_data,
}
