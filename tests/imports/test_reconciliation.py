"""Reports of one office beside each other: planted differences are found where they are, and what a rule explains is named by it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from extract_cast import DAY, frame, loan, saver

from tdcs.demo.extracts import lists as lists_of_core
from tdcs.demo.extracts.figures import Month
from tdcs.demo.extracts.forms import FORMS, lines_of
from tdcs.demo.extracts.lists import lists
from tdcs.imports.rules.reconciling import merged_leaders, reconciled

MOVES = {f"{name}_{span}": 0 for span in ("month", "year") for name in ("lent", "rolled_over", "repaid_in_time", "repaid_overdue", "repaid_frozen", "written_off", "interest_received")}  # fmt: skip


def _loan(number: int, **other: Any) -> dict[str, Any]:
    place = number % 2
    base = {
        **MOVES,
        "commune": f"46002{place}",
        "commune_name": ("xã La Ngà", "xã Thanh Sơn")[place],
        "group": f"010000{place}",
        "leader_name": ("Trần Thị Mai", "Lê Văn Tám")[place],
        "mass_name": "Hội Liên hiệp Phụ nữ",
        "term": "Trung hạn",
        "session_day": 10,
        "product": "001MC1",
        "last_transaction_on": date(2026, 10, 1),
        "interest_collected": 0,
        "arrears_in_time": 0,
        "arrears_overdue": 0,
        "lent_month": 1_000_000,
        "lent_year": 2_000_000,
        "repaid_in_time_month": 300_000,
        "repaid_in_time_year": 400_000,
    }
    return loan(number, **{**base, **other})


ROWS = [
    *(_loan(n) for n in range(1, 9)),
    _loan(10, overdue=20_000_000, in_time=30_000_000, turned_overdue_on=date(2026, 10, 1)),
    _loan(12, frozen=50_000_000, in_time=0, frozen_until_on=date(2028, 1, 1)),
]


def _reports(rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Every report of an office as a reader gives it."""
    nobody = pl.DataFrame(schema=dict.fromkeys(("poverty_class", "commune"), pl.String))
    monkeypatch.setattr(lists_of_core, "rows_of", lambda sql, values: nobody)
    full = frame(*rows)
    made = {"report_31": full, **lists(full, Month(DAY, pl.DataFrame(), pl.DataFrame()))}
    for kind in FORMS[:-2]:
        found: list[dict[str, Any]] = []
        names = ["", "", "", ""]
        for line in lines_of(kind, full):
            depth = {"len_31_programme": {"": 1}, "b32": {"": 1}}.get(kind, {}).get(line.mark, 0)
            if kind == "b32" and not line.leaf and line.name.startswith("Phòng"):
                depth = 2
            if not line.leaf:
                names[depth] = line.name
                continue
            place = {
                "bcdhtd_01_1": {"commune_name": line.name},
                "bcdhtd_01_2": {"programme_name": line.name},
                "len_31_commune": {"commune_name": line.name},
                "len_31_mass": {"commune_name": names[0], "mass_name": line.name},
                "len_31_programme": {"commune_name": names[0], "mass_name": names[1], "programme_name": line.name},
                "len_31_leader": {"commune_name": names[0], "leader_name": line.name},
                "b32": {"section": names[0], "source_name": names[1], "commune_name": line.name},
            }[kind]  # fmt: skip
            found.append(line.figures | place)
        made[kind] = pl.DataFrame(found, infer_schema_length=None)
    return made


def _pairs(found: pl.DataFrame) -> set[tuple[Any, ...]]:
    return set(found.select("kind", "grain", "key", "measure", "dong", "rule").rows())


def test_reports_of_one_truth_do_not_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _pairs(reconciled(_reports(ROWS, monkeypatch))) == set()


def test_planted_differences_are_found_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _reports(ROWS, monkeypatch)
    ten = made["report_10"]
    made["report_10"] = ten.with_columns(
        balance=pl.when(pl.col("contract") == "6600000000000001").then(pl.col("balance") - 7).otherwise("balance")
    ).filter(pl.col("contract") != "6600000000000002")  # fmt: skip
    made["bcdhtd_01_1"] = made["bcdhtd_01_1"].with_columns(
        overdue=pl.when(pl.col("commune_name") == "xã La Ngà").then(pl.col("overdue") + 5_000_000).otherwise("overdue")
    )  # fmt: skip
    found = reconciled(made)
    assert ("report_10", "contract", "6600000000000001", "balance", -7, "") in _pairs(found)
    assert ("report_10", "contract", "6600000000000002", "balance", -50_000_000, "") in _pairs(found)  # fmt: skip
    # Against the one that is trusted more, not against the one with the difference.
    la_nga = found.filter((pl.col("kind") == "report_31") & (pl.col("measure") == "overdue"))
    assert set(la_nga.select("grain", "key", "trusted_kind", "trusted", "said").rows()) == {
        ("commune", "la nga", "bcdhtd_01_1", 25_000_000, 20_000_000),
        ("office", "*", "bcdhtd_01_1", 25_000_000, 20_000_000),
    }
    assert set(found["rule"]) == {""}


def test_what_a_rule_explains_is_named_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        *ROWS,
        _loan(20, rolled_over_month=1_000_000, rolled_over_year=2_000_000),
        _loan(22),
        _loan(22, savings_book="TK22b", savings_balance=1),
        saver(90, group="0000000", commune_name="xã La Ngà"),
        _loan(
            24,
            balance=40_000_000,
            in_time=40_000_000,
            group=None,
            leader_name=None,
            mass="99",
            mass_name="Trực tiếp",
        ),
        # A second group of the commune whose leader has the same name.
        _loan(26, group="0100009", leader_name="TRẦN THỊ MAI"),
    ]
    made = _reports(rows, monkeypatch)
    # One report counts a loan once for each book, another is told in thousands.
    counted = made["report_31"].filter(pl.col("contract").is_not_null()).group_by("commune_name", "programme_name").agg(pl.col("balance", "in_time", "overdue", "frozen").sum())  # fmt: skip
    made["report_1"] = counted
    made["telegram"] = pl.DataFrame({"balance": [made["bcdhtd_01_1"]["balance"].sum() // 1000], "overdue_a": [20_000_000], "overdue_b": [0], "frozen_a": [50_000_000], "frozen_b": [0]})  # fmt: skip
    found = reconciled(made)
    explained = {(kind, grain, measure): rule for kind, grain, _, measure, _, rule in _pairs(found)}
    assert "" not in explained.values(), found.filter(pl.col("rule") == "")
    assert explained["len_31_commune", "commune", "lent_month"] == "rolled_over"
    assert explained["len_31_commune", "commune", "customers"] == "savings_only"
    assert explained["report_1", "commune", "balance"] == "two_books"
    assert explained["report_7", "office", "balance"] == "direct"
    assert explained["telegram", "office", "balance"] == "units"
    (merged,) = merged_leaders(made["report_31"]).rows(named=True)
    assert (merged["key"], merged["groups"]) == ("la nga / tran thi mai", ["0100000", "0100009"])
    # The dong of a rule is exact: one more is not explained.
    made["len_31_commune"] = made["len_31_commune"].with_columns(pl.col("lent_month") + 1)
    again = reconciled(made).filter((pl.col("kind") == "len_31_commune") & (pl.col("measure") == "lent_month"))  # fmt: skip
    assert set(again["rule"]) == {""}


def test_rounding_is_called_so_up_to_its_half(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _reports([_loan(1, balance=50_400_000, in_time=50_400_000, disbursed=60_000_000)], monkeypatch)  # fmt: skip
    rules = reconciled(made).filter(pl.col("kind") == "bc0437")
    assert set(rules.select("dong", "rule").rows()) == {(-400_000, "rounding")}
    made["bc0437"] = made["bc0437"].with_columns(balance=pl.lit(51_000_000))
    rules = reconciled(made).filter(pl.col("kind") == "bc0437")
    assert set(rules.select("dong", "rule").rows()) == {(600_000, "")}
