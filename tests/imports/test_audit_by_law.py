"""The law's figures beside the core's: both sides of each boundary, and nothing called wrong that is right."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import polars as pl
import pytest
from django.test import Client
from extract_cast import DAY, frame, loan, workbook

from tdcs.access.models import User
from tdcs.demo.extracts.planting import plant
from tdcs.imports import services
from tdcs.imports.rules.auditing import CHECKS, FOUND, audit
from tdcs.imports.rules.unjudged import REASONS, unjudged

_numbers = count(1)
# Signed 06/03/2025 at 6,6%; from 01/12/2025 all run at 6,24%: 50,000,000 × 6,24% × 31/365 = 264,986.
MONTH = 264_986


def _loan(**other: Any) -> dict[str, Any]:
    """A poor household's loan to which nothing happened in October 2026; the law finds nothing wrong with it."""
    signed = other.get("signed_on", date(2025, 3, 6))
    return loan(1) | {
        "contract": f"{6600000000000000 + next(_numbers)}",
        "signed_on": signed,
        "first_disbursed_on": signed,
        "contract_due_on": date(2030, 3, 6),
        "extended_due_on": date(2030, 3, 6),
        "session_due_on": date(2030, 2, 15),
        "interest_accrued_month": MONTH,
        "interest_not_due": MONTH,
        "arrears_in_time": 0,
        "arrears_overdue": 0,
        "interest_received_month": 0,
        "principal_fallen": 0,
        "extensions": 0,
        **other,
    }


def _found(*rows: dict[str, Any], before: pl.DataFrame | None = None) -> list[tuple[str, int, int, int]]:  # fmt: skip
    found = audit(frame(*rows), DAY, before)
    assert found.schema == pl.Schema(FOUND)
    return found.select("check", "said", "law", "dong").rows()


def test_a_loan_as_the_law_has_it_is_right() -> None:
    assert _found(_loan()) == []


def test_interest_of_the_month_is_right_to_the_dong_of_rounding() -> None:
    for off in (-1, 0, 1):
        assert _found(_loan(interest_accrued_month=MONTH + off)) == []
    for off in (-2, 2):
        assert _found(_loan(interest_accrued_month=MONTH + off)) == [("interest", MONTH + off, MONTH, off)]  # fmt: skip


def test_the_rate_of_before_the_decree_is_found_and_its_own_interest_is_not() -> None:
    old = 50_000_000 * 66_000 * 31 // (365 * 10**6)
    ((check, said, law, dong),) = _found(_loan(rate=66_000, interest_accrued_month=old))
    assert (check, said, law) == ("rate", 66_000, 62_400)
    assert dong == 50_000_000 * 3_600 * 31 // (365 * 10**6)


def test_interest_may_lie_between_where_money_moved_on_a_day_unknown() -> None:
    paid = {"balance": 40_000_000, "in_time": 40_000_000, "repaid_in_time_month": 10_000_000, "principal_paid": 10_000_000}  # fmt: skip
    least, most = 40_000_000 * 62_400 * 31 // (365 * 10**6), MONTH
    for said in (least, (least + most) // 2, most):
        assert _found(_loan(interest_accrued_month=said, **paid)) == []
    assert [one[0] for one in _found(_loan(interest_accrued_month=most + 5, **paid))] == [
        "interest"
    ]
    free = 30_000_000 * 62_400 * 31 // (365 * 10**6) - 5
    assert [one[0] for one in _found(_loan(interest_accrued_month=free, **paid))] == ["interest"]


def test_the_maximum_and_the_longest_term_are_the_laws() -> None:
    assert _found(_loan(disbursed=100_000_000)) == []
    assert _found(_loan(disbursed=100_000_001)) == [("maximum", 100_000_001, 100_000_000, 1)]
    far = date(2035, 3, 6)
    assert _found(_loan(contract_due_on=far, extended_due_on=far)) == []
    beyond = date(2035, 3, 7)
    assert [one[:3] for one in _found(_loan(contract_due_on=beyond, extended_due_on=beyond))] == [("term", 121, 120)]  # fmt: skip


def test_an_extension_reaches_half_the_term_of_a_longer_loan() -> None:
    terms = {"signed_on": date(2022, 3, 6), "contract_due_on": date(2026, 3, 6), "session_due_on": date(2028, 2, 15), "last_extended_on": date(2026, 3, 1), "extensions": 1}  # fmt: skip
    assert _found(_loan(**terms, extended_due_on=date(2028, 3, 6))) == []
    assert [one[0] for one in _found(_loan(**terms, extended_due_on=date(2028, 3, 7)))] == ["extension"]  # fmt: skip


def test_past_the_last_session_a_loan_is_overdue_and_not_before() -> None:
    assert _found(_loan(session_due_on=DAY)) == []
    assert [one[0] for one in _found(_loan(session_due_on=date(2026, 10, 30)))] == ["not_overdue"]
    early = {"overdue": 1_000_000, "in_time": 49_000_000, "turned_overdue_month": 1_000_000}
    assert [one[0] for one in _found(_loan(**early))] == ["overdue_early"]


def test_from_march_2026_a_missed_instalment_is_overdue_by_what_was_not_paid() -> None:
    new = {"signed_on": date(2026, 3, 6), "contract_due_on": date(2031, 3, 6), "extended_due_on": date(2031, 3, 6)}  # fmt: skip
    late = {"overdue": 5_000_000, "in_time": 45_000_000, "turned_overdue_month": 5_000_000}
    assert _found(_loan(**new, **late, principal_fallen=5_000_000)) == []
    assert _found(_loan(**new, **late, principal_fallen=4_000_000)) == [("overdue_amount", 5_000_000, 4_000_000, 1_000_000)]  # fmt: skip
    assert [one[0] for one in _found(_loan(**new, principal_fallen=5_000_000))] == ["overdue_amount"]  # fmt: skip


def test_a_freeze_ends_with_its_last_day() -> None:
    frozen = {"in_time": 0, "frozen": 50_000_000, "interest_accrued_month": 0}
    assert _found(_loan(**frozen, frozen_until_on=DAY)) == []
    assert [one[0] for one in _found(_loan(**frozen, frozen_until_on=date(2026, 10, 30)))] == ["freeze_ended"]  # fmt: skip


def test_a_freeze_is_at_most_five_years_and_has_an_end() -> None:
    frozen = {"in_time": 0, "frozen": 50_000_000, "interest_accrued_month": 0}
    begun = date(2025, 12, 31)

    def found(until: date | None, *, listed: bool) -> list[str]:
        one = _loan(**frozen, frozen_until_on=until)
        rows = pl.DataFrame({"contract": [one["contract"]], "frozen_from_on": [begun]})
        return audit(frame(one), DAY, None, rows if listed else None)["check"].to_list()

    assert found(date(2030, 12, 31), listed=True) == []
    assert found(date(2031, 1, 1), listed=True) == ["freeze_too_long"]
    # Without report 13 it may have begun on the extract's day.
    assert found(date(2031, 10, 31), listed=False) == []
    assert found(date(2031, 11, 1), listed=False) == ["freeze_too_long"]
    assert found(None, listed=True) == ["freeze_open"]


def test_a_student_owes_first_a_year_after_the_studies() -> None:
    student = {"programme": "02", "graduated_on": date(2026, 6, 30)}
    assert _found(_loan(**student, grace_end_on=date(2027, 6, 30))) == []
    assert _found(_loan(**student, grace_end_on=date(2027, 3, 1))) == []
    ((check, said, law, dong),) = _found(_loan(**student, grace_end_on=date(2027, 7, 1)))
    assert (check, said - law, dong) == ("student_due", 1, 50_000_000)


def test_what_is_not_judged_is_counted_by_its_reason() -> None:
    """Programmes that are not ours, a day before the law, empty cells; a loan that owes nothing is left out."""
    rows = [
        _loan(),
        _loan(programme="99"),
        _loan(programme="26", signed_on=date(1999, 1, 4)),
        _loan(rate=None),
        _loan(session_due_on=None, extended_due_on=None, contract_due_on=None),
        _loan(interest_accrued_month=None),
        _loan(signed_on=date(2026, 3, 6), principal_fallen=None),
        _loan(programme="02", graduated_on=date(2026, 6, 30)),
        _loan(programme="99", balance=0, in_time=0),
    ]
    found = unjudged(frame(*rows), DAY)
    assert found.schema == pl.Schema(FOUND)
    told = dict(found.select("contract", "check").iter_rows())
    by_loan = [one for one in REASONS if one != "no_columns"]
    assert [told.get(row["contract"]) for row in rows] == [None, *by_loan, None]
    assert set(found["dong"]) == {50_000_000}


def test_planted_errors_are_found_and_nothing_else() -> None:
    """One of each kind that needs a freeze or studies; planted elsewhere, `tdcs bench audit` has the others."""
    frozen = {"in_time": 0, "frozen": 50_000_000, "interest_accrued_month": 0, "frozen_until_on": date(2028, 1, 31)}  # fmt: skip
    student = {"programme": "02", "graduated_on": date(2026, 6, 30), "grace_end_on": date(2027, 6, 30), "disbursed": 50_000_000}  # fmt: skip
    extract = frame(*(_loan(**frozen) for _ in range(3)), *(_loan(**student) for _ in range(3)))
    assert audit(extract, DAY).is_empty()
    planted = plant(extract, DAY, 31, 1)
    kinds = {check for _, check in planted.errors}
    assert {"freeze_ended", "freeze_too_long", "freeze_open", "student_due"} <= kinds
    found = audit(planted.frame, DAY)
    assert set(found.select("contract", "check").rows()) == planted.errors


def test_arrears_follow_from_the_month_before() -> None:
    one = _loan(interest_received_month=200_000, arrears_in_time=64_986)
    before = frame(one | {"arrears_in_time": 0, "interest_not_due": 264_986})
    assert _found(one, before=before) == []
    wrong = one | {"arrears_in_time": 65_986}
    assert _found(wrong, before=before) == [("arrears", 65_986, 64_986, 1_000)]


def test_a_programme_that_the_law_does_not_know_is_left_alone() -> None:
    assert _found(_loan(programme="99", rate=1)) == []


@pytest.mark.django_db
def test_the_page_says_kinds_and_loans_and_gives_a_workbook(
    planner: User, head: User, teller: User, client: Client
) -> None:
    on = date(2026, 11, 23)
    client.force_login(planner)
    assert "Chưa có sao kê" in client.get("/sao-ke/doi-chieu/").content.decode()
    elsewhere = _loan(office="004607", office_name="PGD Vĩnh Cửu", disbursed=200_000_000)
    files = [
        ("a.xlsx", workbook(_loan(rate=66_000), _loan(), _loan(rate=None))),
        ("b.xlsx", workbook(elsewhere)),
    ]
    made = services.receive(files=files, by=planner, on=on, key="audit-1")
    services.read(imported=made, by=planner, on=on)
    services.commit(imported=made, by=planner, on=on, key="audit-2")
    page = client.get("/sao-ke/doi-chieu/").content.decode()
    assert CHECKS["rate"][0] in page and CHECKS["maximum"][0] in page
    # What was not judged is said, counted, shown and in the file.
    assert "3 chênh lệch trong 4 khoản vay" in page and "1 khoản vay chưa xét được đủ" in page
    assert REASONS["no_rate"][0] in page
    assert "50.000.000" in client.get("/sao-ke/doi-chieu/?check=no_rate").content.decode()
    file = client.get("/sao-ke/doi-chieu/?export=csv").content.decode()
    assert REASONS["no_rate"][0] in file
    drilled = client.get("/sao-ke/doi-chieu/?check=rate").content.decode()
    assert "6,60%" in drilled and "6,24%" in drilled
    assert client.get("/sao-ke/doi-chieu/?export=xlsx").status_code == 200
    assert client.get("/sao-ke/doi-chieu/?check=la").status_code == 404
    assert client.get("/sao-ke/doi-chieu/?day=2020-01-31").status_code == 404
    client.force_login(head)
    mine = client.get("/sao-ke/doi-chieu/").content.decode()
    assert CHECKS["rate"][0] in mine and CHECKS["maximum"][0] not in mine
    client.force_login(teller)
    assert client.get("/sao-ke/doi-chieu/").status_code == 403


def test_what_an_extract_does_not_have_is_not_called_wrong() -> None:
    """Columns of the month's movements, of freezes and arrears that a form leaves out: nothing is found, and it is told."""
    paid = {"balance": 40_000_000, "in_time": 40_000_000, "principal_paid": 10_000_000, "repaid_in_time_month": 10_000_000}  # fmt: skip
    frozen = {"in_time": 0, "frozen": 50_000_000, "interest_accrued_month": 0, "frozen_until_on": DAY}  # fmt: skip
    whole = frame(_loan(**paid), _loan(**frozen))
    assert audit(whole, DAY, whole).filter(pl.col("check") != "arrears").is_empty()
    assert "no_columns" not in set(unjudged(whole, DAY)["check"])
    for left_out in ("repaid_in_time_month", "frozen_until_on", "interest_received_month"):
        less = whole.drop(left_out)
        assert audit(less, DAY).is_empty(), left_out
        told = unjudged(less, DAY).filter(pl.col("check") == "no_columns")
        assert len(told) == 2, left_out
    assert "arrears" not in set(audit(whole.drop("interest_received_month"), DAY, whole)["check"])
    # It would have been called wrong.
    moved = whole.with_columns(repaid_in_time_month=pl.lit(0))
    assert set(audit(moved, DAY)["check"]) == {"interest"}
