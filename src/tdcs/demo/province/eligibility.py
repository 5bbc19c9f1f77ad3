"""Why households may borrow: spells that loans presuppose, the poverty list that holds today, the one under review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number
from tdcs.demo.province.calibration import START, Frame
from tdcs.demo.province.households import Homes
from tdcs.demo.province.loading import dated
from tdcs.demo.province.places import MERGED, Point
from tdcs.households.models import EligibilitySpell, PovertyReview, ReviewLine
from tdcs.households.rules import POVERTY
from tdcs.organisations.models import OrganisationProfile
from tdcs.organisations.services.bulk import append_rows

Array = np.ndarray[Any, Any]

# programme → (kind, whose: 0 the household, 1 its head, 2 its student; days before the loan; days it lasts, 0 open)
_KINDS: Final = {
    "HN": ("poor", 0, 0, 0),
    "HCN": ("near_poor", 0, 0, 0),
    "HMTN": ("newly_escaped", 0, 150, 1095),
    "HSSV": ("student", 2, 20, 0),
    "MTHS": ("student", 2, 20, 0),
    "GQVL": ("worker", 1, 40, 0),
    "NSVSMT": ("rural_resident", 0, 40, 0),
    "SXKDVKK": ("difficult_area", 0, 400, 0),
    "NOXH": ("low_income", 1, 60, 0),
    "XKLD": ("overseas_worker", 1, 40, 1095),
    "DTTS": ("ethnic_minority", 0, 900, 0),
    "CHAPT": ("ex_prisoner", 1, 90, 0),
    "CAINGHIEN": ("after_rehab", 1, 20, 0),
}
_NEW_LIST: Final = date(2026, 1, 1)
_WORDS: Final = (
    "household_id",
    "person_id",
    "kind",
    "starts_on",
    "ends_on",
    "decision_number",
    "decision_on",
    "review_id",
)


def write(frame: Frame, loans: pl.DataFrame, homes: Homes, points: Sequence[Point]) -> None:
    """Spells, and the reviews of 2025 (approved) and 2026 (going on) in every commune."""
    luck = frame.luck(12)
    spells = _of_loans(loans, homes)
    if frame.on > _NEW_LIST:
        listed = _listed(spells, luck)
        spells = _begun_anew(spells, listed, homes, points)
        _reviews(frame, listed, homes, points, luck)
    committees = _committees(points)
    place = homes.point[spells["household_id"].to_numpy() - 1]
    old = (spells["starts_on"] < day_number(MERGED)).to_numpy()
    area = np.where(
        old, np.array([p.old for p in points])[place], np.array([p.new for p in points])[place]
    )
    spells = spells.with_columns(
        decided_by_id=pl.Series(area).replace_strict(committees, return_dtype=pl.Int64),
        standard=pl.lit("national"),
        id=pl.int_range(1, pl.len() + 1),
    )
    append_rows(
        EligibilitySpell,
        spells.with_columns(*(dated(name) for name in ("starts_on", "ends_on", "decision_on"))),
    )


def _committees(points: Sequence[Point]) -> dict[int, int]:
    areas = {p.old for p in points} | {p.new for p in points}
    rows = OrganisationProfile.objects.filter(organisation__type="ubnd", area_id__in=areas)
    return dict(rows.order_by("-starts_on").values_list("area_id", "organisation_id"))


def _of_loans(loans: pl.DataFrame, homes: Homes) -> pl.DataFrame:
    """One spell of a kind for a household, from before its first loan of that kind."""
    rows = loans.filter(pl.col("disbursed") >= day_number(START) - 1500)
    table = pl.DataFrame(
        [(code, *row) for code, row in _KINDS.items()],
        schema=["programme", "kind", "whose", "before", "lasts"],
        orient="row",
    )
    rows = rows.join(table, on="programme")
    home = rows["household"].to_numpy() - 1
    person = np.select(
        [rows["whose"].to_numpy() == 1, rows["whose"].to_numpy() == 2],
        [home + 1, homes.student[home]],
        0,
    )
    # A list holds from New Year to the New Year after the next.
    year = rows["disbursed"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]")
    new_year = year.astype("datetime64[D]").astype(np.int64)
    ends = (year + 2).astype("datetime64[D]").astype(np.int64)
    poor = rows["kind"].is_in(POVERTY).to_numpy()
    begins = np.where(poor, new_year, rows["disbursed"].to_numpy() - rows["before"].to_numpy())
    lasts = rows["lasts"].to_numpy()
    until = np.where(poor, ends, np.where(lasts > 0, begins + lasts, 0))
    begins = np.maximum(begins, homes.starts[home])
    spells = pl.DataFrame(
        {
            "household_id": home + 1,
            "person_id": person,
            "kind": rows["kind"],
            "starts_on": begins,
            "ends_on": np.where(until > 0, until, 10**6),
        }
    )
    spells = spells.group_by("household_id", "person_id", "kind").agg(
        pl.col("starts_on").min(), pl.col("ends_on").max()
    )
    number = (pl.col("household_id") % 180 + 5).cast(pl.String)
    return spells.sort("household_id", "kind", "person_id").select(
        "household_id",
        pl.when(pl.col("person_id") > 0).then("person_id"),
        "kind",
        "starts_on",
        pl.when(pl.col("ends_on") < 10**6).then("ends_on"),
        decision_number=number + "/QĐ-UBND",
        decision_on=pl.col("starts_on") - 5,
        review_id=pl.lit(None, dtype=pl.Int64),
    )


def _listed(spells: pl.DataFrame, luck: np.random.Generator) -> pl.DataFrame:
    """Households on a list when 2026 begins: household_id, before, kind (what the review of 2025 made of them)."""
    day = day_number(_NEW_LIST)
    on_list = spells.filter(
        pl.col("kind").is_in(POVERTY) & (pl.col("starts_on") < day) & (pl.col("ends_on") >= day)
    )
    on_list = on_list.sort("household_id", "kind").unique(
        "household_id", keep="last", maintain_order=True
    )
    draw = luck.random(len(on_list))
    kind = pl.Series(
        np.where(
            draw < 0.14, "none", np.where(draw < 0.28, "near_poor", on_list["kind"].to_numpy())
        )
    )
    return on_list.select("household_id", before="kind").with_columns(kind=kind)


def _begun_anew(
    spells: pl.DataFrame, listed: pl.DataFrame, homes: Homes, points: Sequence[Point]
) -> pl.DataFrame:
    """Old lists end when the new one begins; who stays has a spell of the review, who left is newly escaped."""
    day = day_number(_NEW_LIST)
    keys = _review_keys(points)
    poor = pl.col("kind").is_in(POVERTY)
    crosses = poor & (pl.col("starts_on") < day) & (pl.col("ends_on") > day)
    spells = spells.with_columns(ends_on=pl.when(crosses).then(day).otherwise("ends_on"))
    area = np.array([p.new for p in points])[homes.point[listed["household_id"].to_numpy() - 1]]
    review = pl.Series([keys[a] for a in area.tolist()], dtype=pl.Int64)
    rows = listed.with_columns(review_id=review)
    left = pl.col("kind") == "none"
    rows = rows.with_columns(
        kind=pl.when(left).then(pl.lit("newly_escaped")).otherwise("kind"),
        starts_on=pl.lit(day, dtype=pl.Int64),
        ends_on=pl.when(left).then(day + 1096),
        person_id=pl.lit(None, dtype=pl.Int64),
        decision_number=pl.format("{}/QĐ-UBND", pl.col("review_id") + 400),
        decision_on=pl.lit(day - 20, dtype=pl.Int64),
    )
    # Loans of 2026 to the poor rest on the new list: their own spell would lie beside it.
    fresh = spells.join(
        rows.select("household_id", "kind"), on=["household_id", "kind"], how="semi"
    )
    doubled = fresh.filter(
        (pl.col("starts_on") >= day) | (pl.col("ends_on") > day) | pl.col("ends_on").is_null()
    )
    spells = spells.join(
        doubled.select("household_id", "kind", "starts_on"),
        on=["household_id", "kind", "starts_on"],
        how="anti",
    )
    kept = spells.select(_WORDS)
    return pl.concat([kept, rows.select(_WORDS).cast(kept.schema)])


def _review_keys(points: Sequence[Point]) -> dict[int, int]:
    """Commune of today → the number of its review of 2025; that of 2026 follows after all of these."""
    return {area: n for n, area in enumerate(sorted({p.new for p in points}), start=1)}


def _reviews(
    frame: Frame,
    listed: pl.DataFrame,
    homes: Homes,
    points: Sequence[Point],
    luck: np.random.Generator,
) -> None:
    keys = _review_keys(points)
    count = len(keys)
    held, sent_on = date(2025, 12, 12), date(2026, 11, 18)
    rows: list[tuple[Any, ...]] = [
        (n, area, 2025, "approved", f"{n + 400}/QĐ-UBND", held, _NEW_LIST, date(2025, 11, 28))
        for area, n in keys.items()
    ]
    going = frame.on >= date(2026, 10, 15)
    for area, n in keys.items() if going else ():
        sent = luck.random() < 0.35
        state = "submitted" if sent else "draft"
        rows.append((count + n, area, 2026, state, "", None, None, sent_on if sent else None))
    names = [
        "id",
        "area_id",
        "year",
        "state",
        "decision_number",
        "decision_on",
        "effective_on",
        "submitted_on",
    ]
    append_rows(
        PovertyReview, pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    )
    area = np.array([p.new for p in points])[homes.point[listed["household_id"].to_numpy() - 1]]
    review = np.array([keys[a] for a in area.tolist()])
    lines = [
        _lines(
            listed.select("household_id", "before", result="kind"), review, date(2025, 10, 20), luck
        )
    ]
    if going:
        now = listed.filter(pl.col("kind") != "none").select(
            "household_id", before="kind", result="kind"
        )
        still = (listed["kind"] != "none").to_numpy()
        out = pl.Series(luck.random(len(now)) < 0.12)
        now = now.with_columns(result=pl.when(out).then(pl.lit("none")).otherwise("result"))
        lines.append(_lines(now, review[still] + count, date(2026, 10, 12), luck))
    both = pl.concat(lines).with_columns(id=pl.int_range(1, pl.len() + 1))
    append_rows(ReviewLine, both)


def _lines(
    rows: pl.DataFrame, review: Array, measured: date, luck: np.random.Generator
) -> pl.DataFrame:
    """A household's line; incomes and indicators that make its class by the line of 2021 (rural 1.5m, 3 indicators)."""
    result = rows["result"].to_numpy()
    income = np.where(
        result == "none",
        luck.integers(2_300, 3_400, len(rows)),
        luck.integers(900, 1_480, len(rows)),
    )
    short = np.where(
        result == "poor", luck.integers(3, 7, len(rows)), luck.integers(0, 3, len(rows))
    )
    change = (
        pl.when(pl.col("result") == "none")
        .then(pl.lit("escaped"))
        .when(pl.col("result") == pl.col("before"))
        .then(pl.lit("stays"))
        .otherwise(pl.lit("to_") + pl.col("result"))
    )
    return rows.with_columns(
        review_id=pl.Series(review),
        income_per_head=pl.Series(income * 1_000),
        deprivations=pl.Series(short),
        measured_on=pl.lit(measured),
        standard=pl.lit("national"),
        change=change,
        reason=pl.lit(""),
        basis=pl.lit("Điều 3 Nghị định 07/2021/NĐ-CP"),
        note=pl.lit(""),
    )
