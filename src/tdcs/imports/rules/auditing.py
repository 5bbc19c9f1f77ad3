"""The law's figures beside the core's: for each loan of an extract what the law's functions make of its contract.

Everything is computed from what the extract says of the contract and of the month. Where it does not say enough for one figure
(money moved on a day that it does not name), the figure must lie between the least and the most that the law allows: nothing
is called wrong that may be right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.basis import basis, without_basis
from tdcs.core.columns import add_months
from tdcs.core.text import fold
from tdcs.imports.rules.audit_law import KIND, law_of_kinds, stretch_of
from tdcs.imports.rules.layouts import codes
from tdcs.loans.rules import limits
from tdcs.loans.rules.accrual import unit_on
from tdcs.programmes.rules import programme

# contract, what was checked, what the extract says, what the law says, the difference in dong, the basis
FOUND: Final = {
    "contract": pl.String(),
    "office": pl.String(),
    "commune": pl.String(),
    "check": pl.String(),
    "said": pl.Int64(),
    "law": pl.Int64(),
    "dong": pl.Int64(),
    "basis": pl.String(),
}
# Of report 13: when a freeze began.
FREEZES: Final = {"contract": pl.String(), "frozen_from_on": pl.Date()}
# Kinds of differences → (Vietnamese, English, what said and law are: money, rate, months, day).
CHECKS: Final[dict[str, tuple[str, str, str]]] = {
    "rate": ("lãi suất khác mức đang áp dụng", "rate differs from the one in force", "rate"),
    "interest": ("lãi dự thu trong tháng tính sai", "interest of the month is wrong", "money"),
    "maximum": ("cho vay vượt mức tối đa", "lent more than the maximum", "money"),
    "term": ("thời hạn vượt mức tối đa", "longer than the longest term", "months"),
    "extension": ("gia hạn quá thời gian cho phép", "extended beyond the limit", "day"),
    "not_overdue": ("quá hạn cuối chưa chuyển nợ quá hạn", "past its last day, not overdue", "day"),
    "overdue_early": ("chuyển quá hạn khi chưa đến hạn", "overdue before its day", "money"),
    "overdue_amount": ("số nợ quá hạn khác số gốc đến hạn chưa trả", "overdue amount is wrong", "money"),
    "freeze_ended": ("hết thời hạn khoanh vẫn để nợ khoanh", "freeze has ended", "day"),
    "freeze_too_long": ("khoanh nợ quá thời hạn tối đa", "frozen longer than the law allows", "day"),
    "freeze_open": ("khoanh nợ không ghi ngày hết hạn", "frozen without an end", "day"),
    "student_due": ("hạn trả nợ đầu tiên quá muộn sau ngày ra trường", "first due day too late after the studies", "day"),
    "arrears": ("lãi tồn không khớp tháng trước", "arrears do not follow from the month before", "money"),
}  # fmt: skip
# Sums are rounded to the dong at each end of the month.
_ROUNDING: Final = 1


@without_basis("gọi các quy tắc khác cho từng khoản vay của sao kê")
def audit(
    frame: pl.DataFrame,
    day: date,
    before: pl.DataFrame | None = None,
    freezes: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """FOUND of every difference in an extract's rows. ``before``: the extract of the month before, for arrears;
    ``freezes``: contract, frozen_from_on of report 13, which alone has a freeze's first day."""
    loans = with_law(frame, day)
    first = pl.lit(day.replace(day=1))
    loans = loans.with_columns(_first=first, _day=pl.lit(day), _unit=pl.lit(unit_on(day)))
    begun = freezes if freezes is not None else pl.DataFrame(schema=FREEZES)
    begun = begun.select(*FREEZES).unique("contract", keep="first")
    loans = loans.join(begun, on="contract", how="left", maintain_order="left")
    there = set(frame.columns)
    parts = [rule(loans) for rule, needs in _RULES if there >= needs]
    if before is not None and there >= _OF_ARREARS and set(before.columns) >= _OWED_BEFORE:
        parts.append(_arrears(loans, contracts_of(before)))
    return pl.concat([pl.DataFrame(schema=FOUND), *parts]).sort("contract", "check")


@without_basis("chuẩn bị các cột của sao kê")
def with_law(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """``contracts_of`` with what the law says of each loan's kind (SCHEMA of audit_law.py); nulls where it says nothing."""
    loans = contracts_of(frame)
    return loans.join(law_of_kinds(loans, day), on=KIND, how="left", nulls_equal=True)


@without_basis("chuẩn bị các cột của sao kê")
def contracts_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The loans of an extract, each once, with the names of this system: ours, target_group, local, disbursed_on, months."""
    rows = frame.filter(pl.col("contract").is_not_null()).unique("contract", keep="first")
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in _USED.items() if name not in rows.columns]  # fmt: skip
    rows = rows.with_columns(missing).with_columns(_money())
    rows = _named(rows).with_columns(
        local=pl.col("source").is_in(
            [c for c, tier in codes("sources").items() if tier == "local"]
        ),
        disbursed_on=pl.coalesce("first_disbursed_on", "signed_on"),
    )
    whole = rows.select(
        months=(pl.col("contract_due_on").dt.year() - pl.col("disbursed_on").dt.year()) * 12
        + pl.col("contract_due_on").dt.month()
        - pl.col("disbursed_on").dt.month()
    )["months"]
    rows = rows.with_columns(months=whole, stretch=stretch_of(rows["disbursed_on"]))
    reach = pl.col("disbursed_on").dt.offset_by(pl.format("{}mo", "months"))
    return rows.with_columns(months=pl.col("months") + (reach < pl.col("contract_due_on")).cast(pl.Int64))  # fmt: skip


_MONEY: Final = (
    "balance", "in_time", "overdue", "frozen", "disbursed", "principal_paid", "principal_written_off",
    "principal_fallen", "arrears_in_time", "arrears_overdue", "interest_not_due", "interest_accrued_month",
    "interest_received_month", "lent_month", "repaid_in_time_month", "repaid_overdue_month", "repaid_frozen_month",
    "written_off_month", "turned_overdue_month", "turned_frozen_month",
)  # fmt: skip
_DAYS: Final = (
    "first_disbursed_on", "last_disbursed_on", "signed_on", "contract_due_on", "extended_due_on", "session_due_on",
    "frozen_until_on", "last_extended_on", "graduated_on", "grace_end_on",
)  # fmt: skip
_TEXT: Final = (
    "office",
    "commune",
    "programme",
    "source",
    "beneficiary_name",
    "decision_name",
    "state",
)
_USED: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(_MONEY, pl.Int64()),
    **dict.fromkeys(_DAYS, pl.Date()),
    **dict.fromkeys(_TEXT, pl.String()),
    "rate": pl.Int64(),
    "extensions": pl.Int64(),
}


def _money() -> list[pl.Expr]:
    # What an extract leaves out of the month's interest and the fallen principal stays unknown.
    unknown = ("interest_accrued_month", "principal_fallen")
    return [pl.col(name).fill_null(0) for name in _MONEY if name not in unknown]


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """``ours`` and ``target_group`` by code, decision and beneficiary."""
    kinds = rows.select("programme", "decision_name", "beneficiary_name").unique()
    named = [(*one, *_ours(*one)) for one in kinds.rows()]
    schema = dict.fromkeys((*kinds.columns, "ours", "target_group"), pl.String())
    table = pl.DataFrame(named, schema=schema, orient="row")
    return rows.join(table, on=kinds.columns, how="left", nulls_equal=True)


def _ours(code: str | None, decision: str | None, beneficiary: str | None) -> tuple[str, str]:
    """(programme, target group) of this system; "" where it knows none."""
    words = fold(decision or "")
    for sign, ours in codes("programme_by_decision").get(code, {}).items():
        if fold(sign) in words:
            return str(ours), ""
    ours = codes("programmes").get(code, ("", ""))[1]
    if not ours:
        return "", ""
    groups = programme(ours).groups.items()
    named = (key for key, (name, _) in groups if fold(name) == fold(beneficiary or ""))
    return str(ours), next(named, "")


Rule = Callable[[pl.DataFrame], pl.DataFrame]


def _differences(
    rows: pl.DataFrame, check: str, said: pl.Expr, law: pl.Expr, dong: pl.Expr, cited: pl.Expr
) -> pl.DataFrame:
    return rows.select(
        "contract",
        "office",
        "commune",
        check=pl.lit(check),
        said=said.cast(pl.Int64),
        law=law.cast(pl.Int64),
        dong=dong.cast(pl.Int64),
        basis=cited,
    )


def _number(name: str) -> pl.Expr:
    """A day as its number since 1970."""
    return pl.col(name).cast(pl.Int32).cast(pl.Int64)


@without_basis("so lãi suất với quy tắc lãi suất đang áp dụng")
def _rate(loans: pl.DataFrame) -> pl.DataFrame:
    rows = loans.filter((pl.col("balance") > 0) & (pl.col("rate") != pl.col("law_rate")))
    more = (pl.col("rate") - pl.col("law_rate")) * pl.col("_day").dt.day()
    effect = pl.col("in_time") * more * 100 // pl.col("_unit")
    return _differences(
        rows, "rate", pl.col("rate"), pl.col("law_rate"), effect, pl.col("law_rate_basis")
    )


@basis("TT-14-2017-NHNN", "Điều 5")
@basis("ND-06-2026", "Điều 32.2")
def _interest(loans: pl.DataFrame) -> pl.DataFrame:
    """The month's interest between the least and the most that balance, days and rates allow."""
    col = pl.col
    rows = loans.filter(col("interest_accrued_month").is_not_null() & col("law_rate").is_not_null())
    # Interest is judged by the rate that the extract says: another rate than the law's is a finding of its own.
    differs = col("rate").is_not_null() & (col("rate") != col("law_rate"))
    fresh = col("disbursed_on") >= col("_first")
    since_paid_out = (col("_day") - col("disbursed_on")).dt.total_days() + 1
    days = pl.when(fresh).then(since_paid_out).otherwise(col("_day").dt.day().cast(pl.Int64))
    repaid = pl.sum_horizontal(
        "repaid_in_time_month", "repaid_overdue_month", "repaid_frozen_month", "written_off_month"
    )
    rows = rows.with_columns(
        _days=days,
        _repaid=repaid,
        _sum=pl.when(differs).then(col("rate") * days)
        .when(fresh).then(col("law_rate") * days)
        .otherwise("law_rates"),
        # Percent of the rate that overdue principal bears, as the law's two rates say it.
        _late=pl.when(differs).then(col("rate") * (col("law_overdue_rate") // col("law_rate")) * days)
        .when(fresh).then(col("law_overdue_rate") * days)
        .otherwise("law_overdue_rates"),
    )  # fmt: skip
    one_tranche = fresh & (col("lent_month") == col("disbursed"))
    other_rate = differs & ((col("overdue") > 0) | col("law_changed"))
    still = pl.all_horizontal(
        col("_repaid") == 0,
        col("turned_overdue_month") == 0,
        col("frozen") == 0,
        col("turned_frozen_month") == 0,
        (col("lent_month") == 0) | one_tranche,
        ~(fresh & col("law_changed")),
        ~other_rate,
        col("principal_written_off") == 0,
    )
    opened = col("balance") + col("_repaid") - col("lent_month")
    low = pl.max_horizontal(pl.min_horizontal(opened, "balance"), 0)
    low = pl.max_horizontal(pl.min_horizontal(opened - col("_repaid"), low), 0)
    high = opened + col("lent_month")
    no_rest = (
        (col("frozen") > 0) | (col("turned_frozen_month") > 0) | (col("state") == "CLOSE") | fresh
    )
    late_money = pl.sum_horizontal("overdue", "turned_overdue_month", "repaid_overdue_month")
    was_late = (late_money > 0) | fresh
    highest = pl.max_horizontal(col("_sum") * 100, col("_late"))
    dearest = pl.when(was_late).then(highest).otherwise(col("_sum") * 100)
    cheapest = pl.min_horizontal(col("_sum") * 100, col("_late"))
    rows = rows.with_columns(
        _exact=still,
        _low=pl.when(still).then(_dong(col("in_time") * col("_sum") * 100 + col("overdue") * col("_late")))
        .when(no_rest).then(0)
        .otherwise(_dong(low * cheapest)),
        _high=pl.when(still).then(_dong(col("in_time") * col("_sum") * 100 + col("overdue") * col("_late")))
        .otherwise(_dong(high * dearest)),
    )  # fmt: skip
    said = col("interest_accrued_month")
    law = pl.when(said < col("_low")).then("_low").otherwise("_high")
    wrong = (said < col("_low") - _ROUNDING) | (said > col("_high") + _ROUNDING)
    cited = pl.lit("TT-14-2017-NHNN, Điều 5")
    return _differences(rows.filter(wrong), "interest", said, law, said - law, cited)


def _dong(numerator: pl.Expr) -> pl.Expr:
    """Whole dong, half up, of a sum of balance × rates."""
    return (numerator + pl.col("_unit") // 2) // pl.col("_unit")


@without_basis("so số tiền với quy tắc mức cho vay tối đa")
def _maximum(loans: pl.DataFrame) -> pl.DataFrame:
    rows = loans.filter(pl.col("disbursed") > pl.col("law_maximum"))
    over = pl.col("disbursed") - pl.col("law_maximum")
    cited = pl.col("law_maximum_basis")
    return _differences(rows, "maximum", pl.col("disbursed"), pl.col("law_maximum"), over, cited)


@without_basis("so thời hạn với quy tắc thời hạn tối đa")
def _term(loans: pl.DataFrame) -> pl.DataFrame:
    rows = loans.filter(pl.col("months") > pl.col("law_longest"))
    cited = pl.col("law_longest_basis")
    return _differences(
        rows, "term", pl.col("months"), pl.col("law_longest"), pl.col("balance"), cited
    )


@basis("QD-50-2010-TTg")
@basis("QD-62-2021-HDQT")
def _extension(loans: pl.DataFrame) -> pl.DataFrame:
    rows = loans.filter(pl.col("extended_due_on") > pl.col("contract_due_on"))
    rows = rows.filter(pl.col("months") > 0)
    if rows.is_empty():
        return pl.DataFrame(schema=FOUND)
    staged = rows.select(
        "contract",
        day=pl.coalesce("last_extended_on", "contract_due_on").cast(pl.Int32).cast(pl.Int64),
        disbursed=_number("disbursed_on"),
        term=pl.col("months").cast(pl.Int64),
    )
    limited = limits.with_extension_limit(nw.from_native(staged, eager_only=True)).to_native()
    rows = rows.join(limited.select("contract", "extended_limit"), on="contract")
    rows = rows.filter(_number("extended_due_on") > pl.col("extended_limit"))
    said, law = _number("extended_due_on"), pl.col("extended_limit")
    return _differences(rows, "extension", said, law, pl.col("balance"), pl.lit("QD-50-2010-TTg"))


@basis("QD-50-2010-TTg")
def _not_overdue(loans: pl.DataFrame) -> pl.DataFrame:
    """Past the last session day, and still in time."""
    due = pl.coalesce("session_due_on", "extended_due_on", "contract_due_on")
    rows = loans.with_columns(_due=due)
    rows = rows.filter((pl.col("_due") < pl.col("_day")) & (pl.col("in_time") > 0))
    cited = pl.lit("QD-50-2010-TTg")
    said, law = _number("_due"), _number("_day")
    return _differences(rows, "not_overdue", said, law, pl.col("in_time"), cited)


@basis("CV-597-2026")
@basis("VB-2174")
def _overdue(loans: pl.DataFrame) -> pl.DataFrame:
    """Overdue before its last day in the older regime; in the newer, another amount than what fell due and was not paid."""
    col = pl.col
    due = pl.coalesce("session_due_on", "extended_due_on", "contract_due_on")
    rows = loans.with_columns(_due=due).filter((col("_due") >= col("_day")) & (col("frozen") == 0))
    early = rows.filter(~col("law_by_instalment") & (col("overdue") > 0))
    parts = [_differences(early, "overdue_early", col("overdue"), pl.lit(0), col("overdue"), pl.lit("VB-2174"))]  # fmt: skip
    paid = col("principal_paid") + col("principal_written_off")
    late = pl.min_horizontal(pl.max_horizontal(col("principal_fallen") - paid, 0), "balance")
    some = rows.filter(col("law_by_instalment") & col("principal_fallen").is_not_null())
    some = some.filter(col("overdue") != late)
    over, cited = col("overdue") - late, pl.lit("CV-597-2026")
    parts.append(_differences(some, "overdue_amount", col("overdue"), late, over, cited))
    return pl.concat(parts)


@basis("QD-50-2010-TTg")
def _freeze_ended(loans: pl.DataFrame) -> pl.DataFrame:
    rows = loans.filter((pl.col("frozen") > 0) & (pl.col("frozen_until_on") < pl.col("_day")))
    cited = pl.lit("QD-50-2010-TTg")
    said, law = _number("frozen_until_on"), _number("_day")
    return _differences(rows, "freeze_ended", said, law, pl.col("frozen"), cited)


@basis("QD-08-2021-TTg", "Điều 1")
def _freeze_bounds(loans: pl.DataFrame) -> pl.DataFrame:
    """Frozen beyond the longest freeze, or without an end: from report 13's day, else from the extract's, the latest possible."""
    col = pl.col
    frozen = loans.filter(col("frozen") > 0)
    cited = pl.lit("QD-08-2021-TTg, Điều 1")
    endless = frozen.filter(col("frozen_until_on").is_null())
    none = pl.lit(None)
    parts = [_differences(endless, "freeze_open", none, none, col("frozen"), cited)]
    ending = frozen.filter(col("frozen_until_on").is_not_null())
    if len(ending):
        begun = pl.min_horizontal(pl.coalesce("frozen_from_on", "_day"), "_day")
        days = nw.from_native(ending.with_columns(_from=begun.cast(pl.Int32).cast(pl.Int64)))
        months = limits.longest_freeze(nw.col("_from"))
        rows = add_months(days, "_limit", nw.col("_from"), months).to_native()
        late = rows.filter(_number("frozen_until_on") > col("_limit"))
        said, law = _number("frozen_until_on"), col("_limit")
        parts.append(_differences(late, "freeze_too_long", said, law, col("frozen"), cited))
    return pl.concat(parts)


@without_basis("so ngày với giới hạn của chương trình, mỗi giới hạn có văn bản")
def _student_due(loans: pl.DataFrame) -> pl.DataFrame:
    """The first due day of a student's loan ("Ngày KTAHSV") within the months of the programme after "Ngày ra trường"."""
    limit = pl.col("graduated_on").dt.offset_by(pl.format("{}mo", "law_grace"))
    rows = loans.filter(pl.col("balance") > 0).with_columns(_limit=limit)
    rows = rows.filter(pl.col("grace_end_on") > pl.col("_limit"))
    said, law = _number("grace_end_on"), _number("_limit")
    cited = pl.col("law_grace_basis")
    return _differences(rows, "student_due", said, law, pl.col("balance"), cited)


@without_basis("lãi tồn = lãi phải thu tháng trước trừ số đã thu trong tháng")
def _arrears(loans: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Arrears of this month are what was due at the end of the month before less what was received since."""
    col = pl.col
    owed = before.select(
        "contract",
        _owed=col("arrears_in_time") + col("arrears_overdue") + col("interest_not_due"),
    )
    rows = loans.join(owed, on="contract").filter(col("state") != "CLOSE")
    said = col("arrears_in_time") + col("arrears_overdue")
    law = pl.max_horizontal(col("_owed") - col("interest_received_month"), 0)
    rows = rows.filter(said != law)
    return _differences(rows, "arrears", said, law, said - law, pl.lit("TT-14-2017-NHNN, Điều 5"))


# What moved in the month: without one of these columns nothing is known of it, and an empty cell of them is nothing moved.
_MOVES: Final = frozenset(
    {"lent_month", "repaid_in_time_month", "repaid_overdue_month", "repaid_frozen_month"}
    | {"written_off_month", "turned_overdue_month", "turned_frozen_month"}
)
_PARTS: Final = frozenset({"in_time", "overdue", "frozen"})
_OF_ARREARS: Final = frozenset({"arrears_in_time", "arrears_overdue", "interest_received_month"})
_OWED_BEFORE: Final = frozenset({"arrears_in_time", "arrears_overdue", "interest_not_due"})
_NOTHING: Final = frozenset[str]()
# Each rule and the columns without which it would call wrong what the extract only does not say.
_RULES: Final[tuple[tuple[Rule, frozenset[str]], ...]] = (
    (_rate, _NOTHING),
    (_interest, _MOVES | _PARTS),
    (_maximum, _NOTHING),
    (_term, _NOTHING),
    (_extension, _NOTHING),
    (_not_overdue, _NOTHING),
    (_overdue, _PARTS | {"principal_paid"}),
    (_freeze_ended, _NOTHING),
    (_freeze_bounds, frozenset({"frozen_until_on"})),
    (_student_due, _NOTHING),
)


@without_basis("nói cột nào của sao kê thiếu")
def lacking(frame: pl.DataFrame) -> bool:
    """Whether an extract does not have a column that a rule needs: what the rule judges is not judged of any loan."""
    there = set(frame.columns)
    return not all(there >= needs for needs in (_OF_ARREARS, *(needs for _, needs in _RULES)))
