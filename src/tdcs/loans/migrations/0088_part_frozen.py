from django.db import migrations, models


# Of a loan that was frozen in part when its book began, the part alone is frozen; what is paid fills it last.
POSITION = """
CREATE OR REPLACE FUNCTION loans_position_on(day date)
RETURNS TABLE (loan_id bigint, balance bigint, overdue bigint, frozen bigint) LANGUAGE sql STABLE AS $$
    SELECT l.id, l.balance,
           CASE WHEN l.reported THEN l.reported_overdue WHEN h.held >= l.balance THEN 0
                WHEN l.by_instalment THEN
                     LEAST(l.balance - h.held, GREATEST(coalesce(f.fallen, 0) - l.paid_total - l.written_off, 0))
                WHEN l.final_session_on < day THEN l.balance - h.held
                ELSE 0 END,
           CASE WHEN l.reported THEN l.reported_frozen ELSE h.held END
      FROM loans_loan l
     CROSS JOIN LATERAL (
           SELECT CASE WHEN NOT coalesce(l.frozen_from <= day AND l.frozen_to >= day, false) THEN 0
                       WHEN l.frozen_part > 0 THEN LEAST(l.frozen_part, l.balance)
                       ELSE l.balance END AS held) h
      LEFT JOIN LATERAL (
           SELECT sum(i.principal)::bigint AS fallen FROM loans_instalment i
            WHERE i.loan_id = l.id AND i.session_on < day) f ON l.by_instalment AND l.balance > 0
$$;
"""
# As 0085 left it.
BEFORE = """
CREATE OR REPLACE FUNCTION loans_position_on(day date)
RETURNS TABLE (loan_id bigint, balance bigint, overdue bigint, frozen bigint) LANGUAGE sql STABLE AS $$
    SELECT l.id, l.balance,
           CASE WHEN l.reported THEN l.reported_overdue WHEN c.cold THEN 0
                WHEN l.by_instalment THEN
                     LEAST(l.balance, GREATEST(coalesce(f.fallen, 0) - l.paid_total - l.written_off, 0))
                WHEN l.final_session_on < day THEN l.balance
                ELSE 0 END,
           CASE WHEN l.reported THEN l.reported_frozen WHEN c.cold THEN l.balance ELSE 0 END
      FROM loans_loan l
     CROSS JOIN LATERAL (SELECT coalesce(l.frozen_from <= day AND l.frozen_to >= day, false) AS cold) c
      LEFT JOIN LATERAL (
           SELECT sum(i.principal)::bigint AS fallen FROM loans_instalment i
            WHERE i.loan_id = l.id AND i.session_on < day) f ON l.by_instalment AND l.balance > 0
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0087_cutover18_opening_parts'),
    ]

    operations = [
        migrations.AddField(
            model_name='loan',
            name='frozen_part',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='phần gốc khoanh'),
        ),
        migrations.RunSQL(POSITION, BEFORE),
    ]
