"""The same close as it is usually written: a loan at a time through the ORM, on real rows of PostgreSQL."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any, Final

# What a day without change of schedule touches: the columns that a loan's object would carry.
FIELDS: Final = (
    "loan", "rate", "lent", "paid", "whole", "rest", "collected", "in_time", "overdue", "frozen", "accrued",
    "balance_days", "next_trigger",
)  # fmt: skip
_UNIT: Final = 365 * 10**8


def measure(home: Path, sample: int, day: date) -> dict[str, Any]:
    """Microseconds a loan; the figures must be those of the close by packs."""
    import polars as pl

    from tdcs.cli import setup
    from tdcs.closing.store import Store
    from tdcs.core.columns import day_number

    setup.django()
    store, number = Store(home / "store"), day_number(day)
    eve = date.fromordinal(day.toordinal() - 1)
    events = pl.read_parquet(home / "events.parquet").filter(pl.col("kind").is_in([6, 7]))
    # Loans on which nothing falls due: the sample needs no instalments, which spares the usual way most of its work.
    quiet = (pl.col("next_trigger") >= number) & pl.col("plain") & (pl.col("frozen") == 0)
    rows = store.read(eve, (*FIELDS, "plain")).filter(quiet & (pl.col("overdue") == 0)).collect()
    turned = pl.read_parquet(home / "past.parquet")["loan"].unique()
    rows = rows.filter(~pl.col("loan").is_in(turned.implode())).head(20 * sample)
    rows = rows.gather_every(20).select(FIELDS)
    mine = events.join(rows.select("loan"), on="loan", how="semi").select("loan", "kind", "amount")
    seconds, closed = _usual(rows, mine)
    told = store.read(day, FIELDS).filter(pl.col("loan").is_in(rows["loan"].implode())).collect()
    same = pl.DataFrame(closed, schema=list(FIELDS), orient="row").sort("loan")
    changing = ("loan", "paid", "whole", "rest", "collected", "in_time", "accrued", "balance_days")
    if not same.select(changing).equals(told.sort("loan").select(changing)):
        raise SystemExit("the two ways of closing do not say the same")
    return {
        "usual_loans": len(rows),
        "usual_events": len(mine),
        "usual_s": round(seconds, 2),
        "usual_us_a_loan": round(1e6 * seconds / len(rows), 1),
    }


def _usual(rows: Any, events: Any) -> tuple[float, list[tuple[int, ...]]]:
    """Seconds to close every loan, and what then stands in the table; nothing of it stays."""
    from django.db import connection, models, transaction

    def model(name: str, fields: dict[str, Any]) -> Any:
        meta = type("Meta", (), {"app_label": "closing"})
        return type(name, (models.Model,), {**fields, "Meta": meta, "__module__": __name__})

    position = model(
        "BenchPosition",
        {
            "loan": models.BigIntegerField(primary_key=True),
            **{name: models.BigIntegerField() for name in FIELDS if name != "loan"},
        },
    )
    event = model(
        "BenchEvent",
        {
            "loan": models.BigIntegerField(db_index=True),
            "kind": models.SmallIntegerField(),
            "amount": models.BigIntegerField(),
        },
    )
    with transaction.atomic():
        with connection.schema_editor() as editor:
            editor.create_model(position)
            editor.create_model(event)
        position.objects.bulk_create([position(**row) for row in rows.iter_rows(named=True)])
        event.objects.bulk_create([event(**row) for row in events.iter_rows(named=True)])
        began = time.perf_counter()
        for key in rows["loan"].to_list():
            _close_one(position.objects.get(pk=key), event.objects.filter(loan=key).order_by("pk"))
        seconds = time.perf_counter() - began
        closed = list(position.objects.order_by("pk").values_list(*FIELDS))
        transaction.set_rollback(True)
    return seconds, closed


def _close_one(row: Any, events: Any) -> None:
    """What happened, the day's interest on what stands at its end, and the row saved."""
    for event in events:
        if event.kind == 7:
            row.paid += event.amount
        else:
            row.collected += event.amount
    row.in_time = row.lent - row.paid
    dong, row.rest = divmod(row.rest + 100 * row.in_time * row.rate, _UNIT)
    row.whole += dong
    row.balance_days += row.in_time
    row.accrued = row.whole + (2 * row.rest >= _UNIT)
    row.save()
