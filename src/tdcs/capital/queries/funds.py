"""How much of each source was received, is lent and is free: on a day, and now while the source is held."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

import polars as pl
from django.db import connection
from django.db.models import Q, Sum

from tdcs.capital import ports
from tdcs.capital.models import CapitalSource, Fund, FundLent, FundOpening, FundReceipt
from tdcs.capital.rules import Meant, free_for_programme
from tdcs.core import clock

_LENT: Final = {"source": pl.Int64, "programme": pl.String, "outstanding": pl.Int64}


def lent_on(day: date) -> pl.DataFrame:
    """Outstanding at the end of a day: source, programme, outstanding. Of today and later it is kept, of the past folded."""
    if day < clock.today():
        return ports.lent_on(day)
    rows = FundLent.objects.values_list("source_id", "programme").annotate(Sum("amount"))
    found = [row for row in rows.order_by("source_id", "programme") if row[2]]
    return pl.DataFrame(found, schema=_LENT, orient="row")


def received_on(day: date, source: int | None = None) -> dict[int, dict[Meant, int]]:
    """What each source had received by the end of a day, by the programmes for which it is meant."""
    found: dict[int, dict[Meant, int]] = defaultdict(lambda: defaultdict(int))
    only = Q() if source is None else Q(source=source)
    for key, amount in FundOpening.objects.filter(only, on__lte=day).values_list(
        "source_id", "amount"
    ):
        found[key][()] += amount
    rows = FundReceipt.objects.filter(only, on__lte=day).order_by()
    sums = rows.values_list("source_id", "contract__programmes").annotate(Sum("amount"))
    for key, programmes, amount in sums:
        found[key][tuple(sorted(programmes or ()))] += amount
    return found


def fund_positions(day: date) -> pl.DataFrame:
    """Each source on a day: source, code, name, tier, investor (organisation or null), received, outstanding, free."""
    received = {key: sum(parts.values()) for key, parts in received_on(day).items()}
    lent = dict(lent_on(day).group_by("source").agg(pl.col("outstanding").sum()).rows())
    rows = [
        (key, code, name, tier, investor, received.get(key, 0), lent.get(key, 0))
        for key, code, name, tier, investor in CapitalSource.objects.filter(Q(starts_on__lte=day))
        .order_by("tier", "code")
        .values_list("pk", "code", "name", "tier", "investor_id")
    ]
    schema = {
        "source": pl.Int64,
        "code": pl.String,
        "name": pl.String,
        "tier": pl.String,
        "investor": pl.Int64,
        "received": pl.Int64,
        "outstanding": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(free=pl.col("received") - pl.col("outstanding"))


def programme_positions(day: date) -> pl.DataFrame:
    """Each source and programme on a day: source, programme, outstanding, free (what may still be lent under it)."""
    received = received_on(day)
    lent: dict[int, dict[str, int]] = defaultdict(dict)
    for source, programme, amount in lent_on(day).rows():
        lent[source][programme] = amount
    rows = []
    for source in sorted({*received, *lent}):
        parts, owed = received.get(source, {}), lent.get(source, {})
        named = {*owed, *(one for programmes in parts for one in programmes)}
        for programme in sorted(named):
            free = free_for_programme(parts, owed, programme)
            rows.append((source, programme, owed.get(programme, 0), free))
    return pl.DataFrame(rows, schema={**_LENT, "free": pl.Int64}, orient="row")


def free_for(source: int, programme: str) -> tuple[int, int]:
    """Of a source now: what is free of all of it, and what may still be lent under a programme. Read after its fund row is
    locked (services/funds.py), or for show."""
    lent: dict[str, int] = defaultdict(int)
    rows = FundLent.objects.filter(source=source).order_by()
    for name, amount in rows.values_list("programme").annotate(Sum("amount")):
        lent[name] += amount
    held = Fund.objects.filter(source=source).values_list("received", flat=True).first() or 0
    meant = FundReceipt.objects.filter(source=source).exclude(contract__programmes=[])
    parts: dict[Meant, int] = defaultdict(int)
    sums = meant.exclude(contract=None).order_by().values_list("contract__programmes")
    for programmes, amount in sums.annotate(Sum("amount")):
        parts[tuple(sorted(programmes))] += amount
    parts[()] = held - sum(parts.values())
    return held - sum(lent.values()), free_for_programme(parts, lent, programme)


def fund_receipts(since: date, until: date) -> pl.DataFrame:
    """What came into the sources, less what went back: source, day, amount; both days included."""
    sql = (
        'SELECT source_id, "on", sum(amount)::bigint FROM capital_fundreceipt'
        ' WHERE "on" BETWEEN %s AND %s GROUP BY 1, 2 ORDER BY 2, 1'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, until])
        rows = cursor.fetchall()
    schema = {"source": pl.Int64, "day": pl.Date, "amount": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
