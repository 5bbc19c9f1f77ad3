"""Columns of a table as a person chose them: on screen, in exports, for that person alone; the name of the row stays."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from grounds import Ground, stands_on
from lending_cast import Bank, lend, make_household
from lending_grounds import BANK

import tdcs
from tdcs.access.models import ColumnChoice
from tdcs.documents.reading.rows import read_rows
from tdcs.http.table_columns import ACTS, TABLES, TICK, arranged, rearranged

pytestmark = pytest.mark.django_db
SRC = Path(tdcs.__file__).parent


LENT = Ground(
    lambda bank: lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=date(2026, 3, 5)),
    date(2026, 11, 23),
    BANK,
)


@pytest.fixture
@stands_on(LENT)
def shown(bank: Bank, signed_in: Any) -> Any:
    return signed_in(bank.officer)


def _list(browser: Any) -> str:
    return str(browser.get(reverse("loans:loans"), {"state": "all"}).content.decode())


def _heads(page: str) -> list[str]:
    head = page.split("<thead>")[1].split("</thead>")[0]
    return re.findall(r'data-c="(\w+)"', head)


def _choose(browser: Any, table: str = "loans", **sent: Any) -> Any:
    return browser.post(reverse("web:columns", args=[table]), sent)


def _all(*first: str) -> list[str]:
    keys = [one.key for one in TABLES["loans"]]
    return [*first, *(key for key in keys if key not in first)]


def test_a_choice_hides_and_orders_columns_on_screen_and_in_every_file(shown: Any) -> None:
    before = _heads(_list(shown))
    assert before == [one.key for one in TABLES["loans"]]
    answer = _choose(shown, order=_all("number", "state"), show=["state", "balance"], verb="save")
    assert answer.status_code == 302
    page = _list(shown)
    # The number is what a loan is known by: it was not ticked, and stays.
    assert _heads(page) == ["number", "state", "balance"]
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<td") == 3
    assert "Lê Thị Hoa" not in body
    file = shown.get(reverse("loans:loans"), {"state": "all", "export": "xlsx"})
    rows = [row.cells for row in read_rows(file.content)]
    words = [str(cell) for row in rows for cell in row]
    assert "Lê Thị Hoa" not in words
    heading = next(row for row in rows if "Số khế ước" in row)
    assert [cell for cell in heading if cell] == [
        "Số khế ước", "Ngày giải ngân", "Hạn cuối", "Tình trạng", "Đã giải ngân (đồng)", "Dư nợ (đồng)",
    ]  # fmt: skip
    pdf = shown.get(reverse("loans:loans"), {"state": "all", "export": "pdf"})
    assert pdf["Content-Type"] == "application/pdf"


def test_the_choice_is_the_person_s_own_and_goes_back_to_the_default(
    shown: Any, bank: Bank, signed_in: Any
) -> None:
    _choose(shown, order=_all(), show=["balance"], verb="save")
    assert _heads(_list(shown)) == ["number", "balance"]
    assert len(_heads(_list(signed_in(bank.teller)))) == 9
    _choose(shown, verb="reset")
    assert len(_heads(_list(shown))) == 9
    assert not ColumnChoice.objects.exists()


def test_a_column_moves_by_its_button_without_a_script(shown: Any) -> None:
    every = [one.key for one in TABLES["loans"]]
    _choose(shown, order=_all(), show=every, move="up:place")
    assert _heads(_list(shown))[:4] == ["number", "place", "borrower", "group"]
    order = ColumnChoice.objects.get().order
    _choose(shown, order=order, show=every, move="up:place")
    # What a row is known by stays first.
    assert _heads(_list(shown))[:3] == ["number", "place", "borrower"]
    _choose(shown, order=order, show=every, move="down:state")
    assert _heads(_list(shown))[-1] == "state"


def test_an_empty_list_keeps_its_words_over_the_columns_seen(shown: Any) -> None:
    _choose(shown, order=_all(), show=["balance"], verb="save")
    page = shown.get(reverse("loans:loans"), {"q": "khôngcó"}).content.decode()
    assert re.search(r'<td\s+colspan="2"', page)


def test_unknown_tables_and_keys_are_refused_or_ignored(shown: Any, client: Any) -> None:
    assert _choose(shown, "khac", verb="save").status_code == 404
    _choose(shown, order=["nothing", "balance", "number"], show=["nothing"], verb="save")
    held = ColumnChoice.objects.get()
    assert "nothing" not in held.order + held.hidden
    assert shown.get(reverse("web:columns", args=["loans"])).status_code == 405
    # A visitor is sent to sign in.
    assert _choose(client, verb="save").status_code == 302
    assert ColumnChoice.objects.count() == 1


def test_sums_over_several_columns_keep_their_words_and_their_places() -> None:
    html = (
        '<thead><tr><th data-c="tick"></th><th data-c="code">M</th><th data-c="head">C</th>'
        '<th data-c="people">N</th></tr></thead>'
        '<tfoot><tr><td colspan="3">Cộng</td><td class="num">7</td></tr></tfoot>'
    )
    chosen = arranged("households", ["code", "head", "people"], ["commune"], changed=True)
    assert rearranged(html, chosen).count("<td") == 4
    only = arranged("households", [], ["people"], changed=True)
    made = rearranged(html, only)
    assert "N</th>" not in made
    assert ">7<" not in made
    assert "Cộng" in made


def test_a_column_that_is_new_stands_at_its_own_place_in_an_older_choice() -> None:
    older = [one.key for one in TABLES["loans"] if one.key != "place"]
    keys = [one.key for one in arranged("loans", older, changed=True).columns]
    assert keys == [one.key for one in TABLES["loans"]]


def test_every_head_that_names_columns_names_those_of_its_table() -> None:
    """A page's head and the table of columns are held together; each table has its chooser somewhere."""
    seen, choosers = set(), set()
    for file in SRC.rglob("templates/**/*.html"):
        text = file.read_text(encoding="utf-8")
        choosers |= set(re.findall(r'{% column_choice "(\w+)"', text))
        for table in re.findall(r'{% data_table columns="(\w+)"', text):
            keys = set(re.findall(r'data-c="(\w+)"', text))
            known = {one.key for one in TABLES[table]}
            assert keys - {TICK, ACTS} <= known, (file.name, keys - known)
            assert {one.key for one in TABLES[table] if one.fixed} <= keys, file.name
            seen.add(table)
    assert seen == choosers == set(TABLES)
