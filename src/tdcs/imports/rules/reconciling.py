"""Reports of one office and day beside each other: by how much they differ, where, whom to trust, and which rule explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

from tdcs.core import law
from tdcs.core.text import fold

FILE: Final = "extracts/reconciliation.yaml"
# ``said`` of the report that is trusted less, ``trusted`` of the other; ``rule``: what explains it, "" when nothing does.
DIFFERENCES: Final = {
    "grain": pl.String,
    "key": pl.String,
    "measure": pl.String,
    "trusted_kind": pl.String,
    "kind": pl.String,
    "trusted": pl.Int64,
    "said": pl.Int64,
    "dong": pl.Int64,
    "rule": pl.String,
}
_FACTS: Final = {
    "kind": pl.String,
    "grain": pl.String,
    "key": pl.String,
    "measure": pl.String,
    "value": pl.Int64,
    "rows": pl.Int64,
    "rounded": pl.Int64,
    "partial": pl.Boolean,
}
_BASE: Final = "report_31"
_UNITS: Final = (1_000, 1_000_000)
_LEADER: Final = 25
_MASS: Final = (
    ("nong dan", "11"),
    ("phu nu", "12"),
    ("cuu chien binh", "13"),
    ("thanh nien", "14"),
    ("truc tiep", "99"),
)
_PREFIXES: Final = ("xa ", "phuong ", "thi tran ", "dac khu ", "tt ", "p ")


@law.remembered
def settings() -> dict[str, Any]:
    """law/extracts/reconciliation.yaml."""
    found: dict[str, Any] = law.load(FILE)
    return found


def reconciled(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """DIFFERENCES between the reports of one office and day, ``frames`` by kind, largest first within each pair."""
    told = pl.concat(
        [pl.DataFrame(schema=_FACTS), *(_facts_of(one, frames) for one in settings()["tells"])]
    )
    kinds = [one for one in settings()["trust"] if one in set(told["kind"])]
    helpers = _helpers(frames.get(_BASE))
    found = [pl.DataFrame(schema=DIFFERENCES)]
    for at, kind in enumerate(kinds):
        # Against the most trusted report that says the same thing.
        left = told.filter(pl.col("kind") == kind)
        for better in kinds[:at]:
            right = told.filter(pl.col("kind") == better)
            same = left.join(right, on=["grain", "measure"], how="semi")
            if same.is_empty():
                continue
            found.append(_explained(_differing(same, right), helpers))
            left = left.join(same, on=["grain", "measure"], how="anti")
    rows = pl.concat(found)
    return rows.sort(
        ["kind", "grain", "measure", pl.col("dong").abs(), "key"],
        descending=[False, False, False, True, False],
    )


def with_names(found: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The differences with communes and programmes as the reports write them."""
    for grain, convert in (("commune", _commune), ("programme", _programme)):
        column = f"{grain}_name"
        names = {
            convert(one): one
            for rows in frames.values()
            if column in rows.columns
            for one in rows[column].drop_nulls().unique().sort().to_list()
        }
        key = pl.when(pl.col("grain") == grain).then(pl.col("key").replace(names)).otherwise("key")
        found = found.with_columns(key=key)
    return found


def compared(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """The kinds that take part, the most trusted first."""
    there = {one["kind"] for one in settings()["tells"]} & set(frames)
    return [one for one in settings()["trust"] if one in there]


def _facts_of(tells: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What a report says, by grain, key and measure."""
    rows = frames.get(tells["kind"])
    empty = pl.DataFrame(schema=_FACTS)
    if rows is None:
        return empty
    signs = pl.lit(1)
    if where := tells.get("where"):
        ((name, values),) = where.items()
        minus = tells.get("less", {}).get(name, [])
        signs = pl.when(pl.col(name).is_in(minus)).then(-1).otherwise(1)
        rows = rows.filter(pl.col(name).is_in([*values, *minus]))
    if once := tells.get("once"):
        rows = rows.filter(pl.col(once).is_not_null()).unique(
            once, keep="first", maintain_order=True
        )
    if tells.get("books"):
        rows = rows.filter(pl.col("savings_book").is_not_null())
        rows = rows.unique(["customer", "savings_book"], keep="first", maintain_order=True)
    parts = [empty]
    for grain, column in tells["by"].items():
        if column and column not in rows.columns:
            continue
        keyed = rows.with_columns(_key=_KEYS[grain](column)).filter(pl.col("_key").is_not_null())
        for measure, columns in tells["of"].items():
            if not {one.lstrip("-") for one in columns} <= set(rows.columns):
                continue
            if people := tells.get("people"):
                value = pl.col(columns[0]).filter(pl.col(people) > 0).n_unique().cast(pl.Int64)
            else:
                value = (signs * sum((_signed(one) for one in columns), pl.lit(0))).sum()
            made = keyed.group_by(key="_key").agg(value=value, rows=pl.len().cast(pl.Int64))
            parts.append(
                made.select(
                    kind=pl.lit(tells["kind"]),
                    grain=pl.lit(grain),
                    key="key",
                    measure=pl.lit(measure),
                    value=pl.col("value").cast(pl.Int64),
                    rows="rows",
                    rounded=pl.lit(tells.get("rounded", 0), dtype=pl.Int64),
                    partial=pl.lit(bool(tells.get("partial"))),
                )
            )
    return pl.concat(parts)


def _signed(name: str) -> pl.Expr:
    value = pl.col(name.lstrip("-")).fill_null(0)
    return -value if name.startswith("-") else value


def _mapped(column: str, convert: Callable[[str], str]) -> pl.Expr:
    return pl.col(column).map_elements(convert, return_dtype=pl.String)


def _commune(words: str) -> str:
    """A commune's name without its kind and its accents: exports have it with "xã" and without."""
    folded = fold(words)
    return next((folded[len(one) :] for one in _PREFIXES if folded.startswith(one)), folded)


def _programme(words: str) -> str:
    return fold(words).removeprefix("cho vay ").removeprefix("uu dai ")


def mass_code(words: str) -> str:
    """The code of a mass organisation by code or by any of its names."""
    folded = fold(words)
    return next((code for name, code in _MASS if name in folded or folded == code), folded)


def leader_key(words: str) -> str:
    """A leader's name as LEN_31 may have cut it."""
    return fold(words[:_LEADER])


def _leader(column: str) -> pl.Expr:
    """Commune and name; a loan without a group is direct."""
    name = (
        pl.col(column).fill_null("Vay trực tiếp").map_elements(leader_key, return_dtype=pl.String)
    )
    return pl.concat_str(_mapped("commune_name", _commune), pl.lit(" / "), name)


_KEYS: Final[dict[str, Callable[[str], pl.Expr]]] = {
    "office": lambda column: pl.lit("*"),
    "commune": lambda column: _mapped(column, _commune),
    "programme": lambda column: _mapped(column, _programme),
    "mass": lambda column: _mapped(column, mass_code),
    "leader": _leader,
    "group": lambda column: pl.when(pl.col(column) != "0000000").then(column),
    "contract": pl.col,
}


def _differing(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Values that differ, of the two reports. What one leaves out is nought in it, unless it tells a part only."""
    keys = ["grain", "measure", "key"]
    right = right.join(left, on=["grain", "measure"], how="semi")
    both = left.join(right, on=keys, how="full", coalesce=True, suffix="_of_trusted")
    part = pl.col("partial").any() if len(left) else pl.lit(False)
    both = both.filter(~(part & pl.col("value").is_null()))
    both = both.with_columns(
        said=pl.col("value").fill_null(0), trusted=pl.col("value_of_trusted").fill_null(0)
    )
    kind, better = left["kind"][0], right["kind"][0]
    slack = sum(
        (
            (pl.col(f"rows{tail}").fill_null(1) * pl.col(f"rounded{tail}").fill_null(0) + 1) // 2
            for tail in ("", "_of_trusted")
        ),
        pl.lit(0),
    )
    return both.filter(pl.col("said") != pl.col("trusted")).select(
        *keys,
        kind=pl.lit(kind),
        trusted_kind=pl.lit(better),
        trusted="trusted",
        said="said",
        dong=pl.col("said") - pl.col("trusted"),
        slack=slack,
    )


def _explained(rows: pl.DataFrame, helpers: pl.DataFrame) -> pl.DataFrame:
    """The rule that a difference is explained by."""
    joined = rows.join(helpers, on=["grain", "measure", "key"], how="left")
    gap, slack = pl.col("dong").abs(), pl.col("slack")
    rule = pl.lit("")
    for name in reversed([one["rule"] for one in settings()["rules"] if one["of"]]):
        help_ = pl.col(name)
        fits = help_.is_not_null() & (help_ != 0) & ((gap - help_.abs()).abs() <= slack)
        rule = pl.when(fits).then(pl.lit(name)).otherwise(rule)
    said, trusted = pl.col("said"), pl.col("trusted")
    unit = pl.lit(False)
    for factor in _UNITS:
        unit = unit | (said == trusted * factor) | (said * factor == trusted)
        # A figure in thousands or millions has lost its last digits.
        unit = unit | (((said * factor - trusted).abs() <= factor // 2) & (said.abs() >= 10))
    rule = pl.when(unit & (said != 0) & (trusted != 0)).then(pl.lit("units")).otherwise(rule)
    rule = pl.when(gap <= slack).then(pl.lit("rounding")).otherwise(rule)
    return joined.with_columns(rule=rule).select(list(DIFFERENCES)).cast(DIFFERENCES)  # type: ignore[arg-type]


def _helpers(full: pl.DataFrame | None) -> pl.DataFrame:
    """grain, measure, key and a column for each rule: what report 31 has there that may explain a difference."""
    names = [one["rule"] for one in settings()["rules"] if one["of"]]
    schema = {
        **dict.fromkeys(("grain", "measure", "key"), pl.String),
        **dict.fromkeys(names, pl.Int64),
    }
    parts = [pl.DataFrame(schema=schema)]
    if full is None or "contract" not in full.columns:
        return parts[0]
    loans = full.filter(pl.col("contract").is_not_null())
    once = loans.unique("contract", keep="first", maintain_order=True)
    again = loans.filter(~pl.col("contract").is_first_distinct())
    direct = (
        once.filter(pl.col("group").is_null() | (pl.col("mass") == "99"))
        if "mass" in full.columns
        else once.head(0)
    )
    for grain, column in (
        ("office", ""),
        ("commune", "commune_name"),
        ("programme", "programme_name"),
        ("mass", "mass"),
        ("contract", "contract"),
    ):
        if column and column not in full.columns:
            continue
        for measure in ("balance", "in_time", "overdue", "frozen"):
            parts += [
                _help(again, grain, column, (measure, measure, "two_books"), schema),
                _help(direct, grain, column, (measure, measure, "direct"), schema),
            ]
        for span in ("month", "year"):
            names_ = (f"lent_{span}", f"rolled_over_{span}", "rolled_over")
            parts.append(_help(once, grain, column, names_, schema))
    books = (
        full.filter(pl.col("savings_book").is_not_null())
        if "savings_book" in full.columns
        else full.head(0)
    )
    books = books.unique([one for one in ("customer", "savings_book") if one in books.columns])
    outside = books.filter(pl.col("group").is_null() | (pl.col("group") == "0000000"))
    parts.append(_help(outside, "office", "", ("savings", "savings_balance", "direct"), schema))
    if "commune_name" in full.columns:
        parts += [_savers(full, once, schema), *_merged(once, schema)]
    helped = pl.concat(parts, how="diagonal")
    return helped.group_by("grain", "measure", "key").agg(pl.col(names).sum())


def _help(
    rows: pl.DataFrame, grain: str, column: str, named: tuple[str, str, str], schema: Any
) -> pl.DataFrame:
    measure, source, rule = named
    if source not in rows.columns:
        return pl.DataFrame(schema=schema)
    keyed = rows.with_columns(_key=_KEYS[grain](column)).group_by(key="_key")
    return keyed.agg(pl.col(source).sum().cast(pl.Int64).alias(rule)).select(
        pl.lit(grain).alias("grain"), pl.lit(measure).alias("measure"), "key", rule
    )


def _savers(full: pl.DataFrame, once: pl.DataFrame, schema: Any) -> pl.DataFrame:
    """Customers of a commune who owe nothing there."""
    keyed = full.with_columns(_key=_KEYS["commune"]("commune_name"))
    owing = keyed.filter(pl.col("balance").fill_null(0) > 0).select("_key", "customer").unique()
    only = (
        keyed.select("_key", "customer").unique().join(owing, on=["_key", "customer"], how="anti")
    )
    return (
        only.group_by(key="_key")
        .agg(savings_only=pl.len().cast(pl.Int64))
        .select(
            pl.lit("commune").alias("grain"),
            pl.lit("customers").alias("measure"),
            "key",
            "savings_only",
        )
    )


def _merged(once: pl.DataFrame, schema: Any) -> list[pl.DataFrame]:
    """Of leaders of one name in a commune: what all their groups but the largest have."""
    if "leader_name" not in once.columns:
        return []
    keyed = once.filter(pl.col("group").is_not_null()).with_columns(_key=_leader("leader_name"))
    found = []
    for measure in ("balance", "overdue", "frozen"):
        by_group = keyed.group_by("_key", "group").agg(pl.col(measure).sum())
        several = by_group.group_by(key="_key").agg(
            (pl.col(measure).sum() - pl.col(measure).max()).cast(pl.Int64).alias("merged_leaders"),
            pl.len().alias("n"),
        )
        found.append(
            several.filter(pl.col("n") > 1).select(
                pl.lit("leader").alias("grain"),
                pl.lit(measure).alias("measure"),
                "key",
                "merged_leaders",
            )
        )
    return found


def merged_leaders(full: pl.DataFrame) -> pl.DataFrame:
    """key (commune / leader), groups, balance of each name that LEN_31 has once for several groups."""
    loans = full.filter(pl.col("contract").is_not_null() & pl.col("group").is_not_null())
    keyed = loans.unique("contract", keep="first").with_columns(_key=_leader("leader_name"))
    made = keyed.group_by(key="_key").agg(
        groups=pl.col("group").unique().sort(), balance=pl.col("balance").sum()
    )
    return made.filter(pl.col("groups").list.len() > 1).sort("key")
