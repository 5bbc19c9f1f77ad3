"""The law of running loans on the loan's row; interest written off; the day's position and what reversals void, in SQL.

Interest is held in parts of a dong ten times as fine as before: 1 / (365 × 10^8), so that every percent of every rate is
whole.
"""

from django.db import migrations, models

KINDS = [
    ("disbursement", "Giải ngân"),
    ("principal", "Thu gốc"),
    ("interest", "Thu lãi"),
    ("reschedule", "Điều chỉnh kỳ hạn"),
    ("extend", "Gia hạn nợ"),
    ("freeze", "Khoanh nợ"),
    ("unfreeze", "Hết khoanh nợ"),
    ("write_off", "Xóa nợ"),
    ("write_off_interest", "Xóa lãi"),
    ("rate", "Đổi lãi suất"),
    ("reverse", "Đảo bút toán"),
]
# A reversal voids what it names unless it was itself reversed by the day (rules/events.py).
COUNTS = """
CREATE FUNCTION loans_event_counts(event bigint, through date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM loans_loanevent r
         WHERE r.reverses_id = event AND r."on" <= through AND loans_event_counts(r.id, through))
$$
"""
# The parts of the balance on a day, before its payments (rules/balance.py): every loan, one row.
POSITION = """
CREATE FUNCTION loans_position_on(day date)
RETURNS TABLE (loan_id bigint, balance bigint, overdue bigint, frozen bigint) LANGUAGE sql STABLE AS $$
    SELECT l.id, l.balance,
           CASE WHEN c.cold THEN 0
                WHEN l.by_instalment THEN
                     LEAST(l.balance, GREATEST(coalesce(f.fallen, 0) - l.paid_total - l.written_off, 0))
                WHEN l.final_session_on < day THEN l.balance
                ELSE 0 END,
           CASE WHEN c.cold THEN l.balance ELSE 0 END
      FROM loans_loan l
     CROSS JOIN LATERAL (SELECT coalesce(l.frozen_from <= day AND l.frozen_to >= day, false) AS cold) c
      LEFT JOIN LATERAL (
           SELECT sum(i.principal)::bigint AS fallen FROM loans_instalment i
            WHERE i.loan_id = l.id AND i.session_on < day) f ON l.by_instalment AND l.balance > 0
$$
"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0003_room_on_the_page"), ("programmes", "0001_initial")]
    operations = [
        migrations.AddField("loan", "overdue_base_ppm", models.BigIntegerField("lãi suất làm gốc của lãi quá hạn", default=0)),
        migrations.AddField("loan", "overdue_percent", models.PositiveSmallIntegerField("lãi quá hạn (% lãi suất)", default=0)),
        migrations.AddField("loan", "interest_written_off", models.BigIntegerField("lãi đã xóa", default=0)),
        migrations.AlterField("loanevent", "kind", models.CharField("loại", max_length=20, choices=KINDS)),
        migrations.AlterField("changerequest", "kind", models.CharField("loại", max_length=20, choices=KINDS)),
        migrations.RunSQL(
            "UPDATE loans_loan SET interest_rest = interest_rest * 10, overdue_base_ppm = current_rate_ppm,"
            " overdue_percent = 130",
            "UPDATE loans_loan SET interest_rest = interest_rest / 10",
        ),
        migrations.RunSQL(COUNTS, "DROP FUNCTION loans_event_counts(bigint, date)"),
        migrations.RunSQL(POSITION, "DROP FUNCTION loans_position_on(date)"),
    ]
