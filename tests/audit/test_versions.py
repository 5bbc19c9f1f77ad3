"""Every table of the rooms carries its version."""

from __future__ import annotations

import pytest
from django.db import connection

from tdcs.audit.versions import note_all, watch
from tdcs.audit.watched import PARTS, READ_BY, every_table, watched
from tdcs.http.kept import Making, tables_in

pytestmark = pytest.mark.django_db


def _triggers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'audit_changed%'"
        )
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
    return found


def test_every_table_of_a_room_is_watched_and_the_trail_is_not() -> None:
    found = _triggers()
    assert set(found) == watched()
    assert len(watched()) > 60
    assert not any(table.startswith(("audit_", "django_", "web_")) for table in watched())
    for table in watched():
        parts = (
            {"audit_changed_i", "audit_changed_u", "audit_changed_d"} if table in PARTS else set()
        )
        assert found[table] == {"audit_changed", *parts}, table


def test_watching_again_changes_nothing() -> None:
    before = _triggers()
    watch()
    assert _triggers() == before


def test_everything_may_be_noted_at_once() -> None:
    note_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tdcs.areas')")
        noted = cursor.fetchone()[0].strip(",").split(",")
    assert {*watched(), *(f"{table}/*" for table in watched())} <= set(noted)


def test_a_statement_names_its_tables() -> None:
    sql = 'SELECT * FROM "loans_loan" l JOIN households_household h ON l.household_id = h.id, plans_plan'
    assert tables_in(sql) == {"loans_loan", "households_household", "plans_plan"}
    assert tables_in("SELECT 1") == frozenset()
    assert "django_session" in every_table()


def test_a_page_follows_whole_tables_unless_it_is_of_one_part() -> None:
    tables = {"loans_loan", "plans_plan", "ledger_journalentry", "django_session"}
    whole = Making(frozenset({"ledger_journalentry"}), set(tables))
    assert whole.areas() == ("loans_loan", "plans_plan")
    whole.parts = {"loan": (7,), "group": (3,)}
    assert whole.areas() == ("loans_loan/*", "loans_loan/loan-7", "plans_plan")
    group = Making(frozenset(), {"entrustment_groupprofile"}, {"loan": (7,), "group": (3,)})
    assert group.areas() == ("entrustment_groupprofile/*", "entrustment_groupprofile/group-3")


def test_a_list_follows_its_rows_and_their_choice() -> None:
    tables = {"loans_loan", "loans_instalment", "entrustment_groupprofile"}
    shown = Making(frozenset(), tables, {"loan": (7, 8)}, chosen=True)
    assert shown.areas() == (
        "entrustment_groupprofile",
        "loans_instalment/*",
        "loans_instalment/loan-7",
        "loans_instalment/loan-8",
        "loans_loan/*",
        "loans_loan/loan-7",
        "loans_loan/loan-8",
        "loans_loan/set",
    )


def test_what_a_function_of_the_database_reads_counts_as_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND p.prorettype <> 'trigger'::regtype"
            " AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c') AND p.proname <> 'audit_note_area'"
            # What came with the queue of jobs reads its own tables only; no page shows them.
            " AND p.proname NOT LIKE 'procrastinate%'"
        )
        sources = dict(cursor.fetchall())
    assert set(sources) == set(READ_BY)
    for name, source in sources.items():
        named = tables_in(source) - frozenset({name})
        assert named == READ_BY[name], name
    assert tables_in("SELECT * FROM loans_position_on(%s)") == READ_BY["loans_position_on"]


def test_a_page_that_reads_what_has_no_version_follows_nothing() -> None:
    assert Making(frozenset(), {"audit_auditline", "plans_plan"}).areas() is None
