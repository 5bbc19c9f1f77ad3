"""An office's cash never falls below zero: the database keeps what moved on each day and judges at commit.

``ledger_cashday`` is written by a trigger on postings alone. An outflow that leaves the end of its day, or of a later day,
below zero is refused, unless the same transaction writes the case (``ledger_cashshortfall``) of an entry that arrived late:
dated before another entry that its book held already. What stands below zero when this migration runs gets a case.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

UP = """
CREATE FUNCTION ledger_cash_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time in a book, whoever posts: two outflows on two days must see each other.
    PERFORM 1 FROM ledger_book b WHERE b.id IN (
        SELECT e.book_id FROM added n JOIN ledger_account a ON a.id = n.account_id AND a.never_below_zero
          JOIN ledger_journalentry e ON e.id = n.entry_id) ORDER BY b.id FOR UPDATE;
    INSERT INTO ledger_cashday (book_id, account_id, day, moved)
    SELECT e.book_id, n.account_id, e."on", sum(n.debit - n.credit)
      FROM added n JOIN ledger_account a ON a.id = n.account_id AND a.never_below_zero
      JOIN ledger_journalentry e ON e.id = n.entry_id
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (book_id, account_id, day) DO UPDATE SET moved = ledger_cashday.moved + EXCLUDED.moved;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_cash_moves AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_cash_moves();

-- The lowest end of a day from ``since`` on, and the first day that ends below zero.
CREATE FUNCTION ledger_cash_low(of_book bigint, of_account bigint, since date, OUT low bigint, OUT first_day date)
LANGUAGE sql STABLE AS $$
    WITH carried AS (
        SELECT coalesce(sum(moved), 0) AS held FROM ledger_cashday
         WHERE book_id = of_book AND account_id = of_account AND day <= since),
    ends AS (
        SELECT since AS day, held FROM carried
        UNION ALL
        SELECT d.day, c.held + sum(d.moved) OVER (ORDER BY d.day) FROM ledger_cashday d, carried c
         WHERE d.book_id = of_book AND d.account_id = of_account AND d.day > since)
    SELECT min(held)::bigint, min(day) FILTER (WHERE held < 0) FROM ends
$$;

CREATE FUNCTION ledger_cash_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT * INTO found FROM ledger_cash_low(NEW.book_id, NEW.account_id, NEW.day);
    IF found.low < 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_cashshortfall s JOIN ledger_journalentry e ON e.id = s.entry_id
         WHERE s.book_id = NEW.book_id AND s.account_id = NEW.account_id AND e."on" = NEW.day
           AND e.made_in = pg_current_xact_id()
           AND EXISTS (SELECT 1 FROM ledger_journalentry b
                        WHERE b.book_id = e.book_id AND b.number < e.number AND b."on" > e."on")) THEN
        RAISE EXCEPTION 'cash of book % on %: % below zero', NEW.book_id, found.first_day, -found.low
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_cash_stays_first AFTER INSERT ON ledger_cashday
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.moved < 0) EXECUTE FUNCTION ledger_cash_stays();
CREATE CONSTRAINT TRIGGER ledger_cash_stays AFTER UPDATE ON ledger_cashday
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.moved < OLD.moved) EXECUTE FUNCTION ledger_cash_stays();

UPDATE ledger_account SET never_below_zero = true WHERE code IN ('1011', '1031');
INSERT INTO ledger_cashday (book_id, account_id, day, moved)
SELECT e.book_id, p.account_id, e."on", sum(p.debit - p.credit)
  FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.never_below_zero
  JOIN ledger_journalentry e ON e.id = p.entry_id GROUP BY 1, 2, 3;
INSERT INTO ledger_cashshortfall (book_id, account_id, day, amount, note, recorded_at)
SELECT book_id, account_id, min(day), -min(held), 'Số dư âm có từ trước khi hệ thống chặn', now()
  FROM (SELECT book_id, account_id, day, sum(moved) OVER (PARTITION BY book_id, account_id ORDER BY day) AS held
          FROM ledger_cashday) ends
 WHERE held < 0 GROUP BY 1, 2;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

DOWN = """
DROP TRIGGER ledger_cash_stays ON ledger_cashday;
DROP TRIGGER ledger_cash_stays_first ON ledger_cashday;
DROP TRIGGER ledger_cash_moves ON ledger_posting;
DROP FUNCTION ledger_cash_stays();
DROP FUNCTION ledger_cash_low(bigint, bigint, date);
DROP FUNCTION ledger_cash_moves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_behind_a_snapshot"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="account",
            name="never_below_zero",
            field=models.BooleanField(default=False, verbose_name="không được âm"),
        ),
        migrations.CreateModel(
            name="CashDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                ("moved", models.BigIntegerField(verbose_name="thu trừ chi")),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account")),
                ("book", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="cash_days", to="ledger.book")),
            ],
            options={"verbose_name": "tiền mặt trong ngày"},
        ),
        migrations.AddConstraint(
            model_name="cashday",
            constraint=models.UniqueConstraint(fields=("book", "account", "day"), name="cashday_once"),
        ),
        migrations.CreateModel(
            name="CashShortfall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="âm từ ngày")),
                ("amount", models.BigIntegerField(verbose_name="số thiếu nhiều nhất")),
                ("resolved_on", models.DateField(null=True, verbose_name="hết âm từ ngày")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="giải trình")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account")),
                ("book", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="shortfalls", to="ledger.book")),
                ("entry", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.journalentry")),
                ("resolved_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "vụ việc thiếu tiền mặt"},
        ),
        migrations.AddConstraint(
            model_name="cashshortfall",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="shortfall_amount"),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
