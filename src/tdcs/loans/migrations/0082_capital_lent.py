"""What is lent of each source follows the loans, in the same statement; more lent than received is refused (capital/0003).

What is there already: each source opens with what is lent of it; of its tier, what the ledger received beyond that opens the
source that was first. Entries up to then are not compared with receipts.
"""

from django.db import migrations

UP = """
CREATE FUNCTION loans_lend(sources bigint[], offices bigint[], programmes text[], amounts bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO capital_fundlent AS f (source_id, office_id, programme, amount)
    SELECT s, o, p, sum(a) FROM unnest(sources, offices, programmes, amounts) AS t(s, o, p, a)
     GROUP BY 1, 2, 3 HAVING sum(a) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (source_id, office_id, programme) DO UPDATE SET amount = f.amount + EXCLUDED.amount;
    PERFORM capital_judge(ARRAY(
        SELECT s FROM unnest(sources, amounts) AS t(s, a) GROUP BY 1 HAVING sum(a) > 0 ORDER BY 1));
END $$;

CREATE FUNCTION loans_lent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loans_lend(array_agg(source_id), array_agg(office_id), array_agg(programme), array_agg(amount))
       FROM (SELECT source_id, office_id, programme, sum(balance)::bigint AS amount FROM added GROUP BY 1, 2, 3) AS t
     HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION loans_relent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loans_lend(array_agg(source_id), array_agg(office_id), array_agg(programme), array_agg(amount))
       FROM (SELECT source_id, office_id, programme, sum(balance)::bigint AS amount
               FROM (SELECT source_id, office_id, programme, balance FROM is_now
                     UNION ALL SELECT source_id, office_id, programme, -balance FROM was) AS both_sides
              GROUP BY 1, 2, 3 HAVING sum(balance) <> 0) AS t
     HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION loans_unlent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loans_lend(array_agg(source_id), array_agg(office_id), array_agg(programme), array_agg(amount))
       FROM (SELECT source_id, office_id, programme, -sum(balance)::bigint AS amount FROM gone GROUP BY 1, 2, 3) AS t
     HAVING count(*) > 0;
    RETURN NULL;
END $$;

INSERT INTO capital_fundlent (source_id, office_id, programme, amount)
SELECT source_id, office_id, programme, sum(balance) FROM loans_loan WHERE balance > 0 GROUP BY 1, 2, 3;
INSERT INTO capital_fundopening (source_id, amount, "on", words, last_entry)
WITH lent AS (SELECT source_id, sum(amount)::bigint AS amount FROM capital_fundlent GROUP BY 1),
     booked AS (SELECT CASE a.code WHEN '4411' THEN 'central' ELSE 'local' END AS tier,
                       sum(p.credit - p.debit)::bigint AS amount
                  FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.code IN ('4411', '4421') GROUP BY 1),
     tiers AS (SELECT s.tier, min(s.id) AS first, sum(coalesce(l.amount, 0))::bigint AS lent
                 FROM capital_capitalsource s LEFT JOIN lent l ON l.source_id = s.id GROUP BY 1)
SELECT s.id, coalesce(l.amount, 0) + CASE WHEN t.first = s.id THEN GREATEST(coalesce(b.amount, 0) - t.lent, 0) ELSE 0 END,
       s.starts_on, 'Số dư khi bắt đầu theo dõi nhận vốn theo từng nguồn',
       (SELECT coalesce(max(id), 0) FROM ledger_journalentry)
  FROM capital_capitalsource s JOIN tiers t ON t.tier = s.tier
  LEFT JOIN lent l ON l.source_id = s.id LEFT JOIN booked b ON b.tier = s.tier
 WHERE EXISTS (SELECT FROM ledger_journalentry);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE TRIGGER loans_lent AFTER INSERT ON loans_loan
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loans_lent();
CREATE TRIGGER loans_relent AFTER UPDATE ON loans_loan
    REFERENCING NEW TABLE AS is_now OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION loans_relent();
CREATE TRIGGER loans_unlent AFTER DELETE ON loans_loan
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION loans_unlent();
"""

DOWN = """
DROP TRIGGER loans_unlent ON loans_loan;
DROP TRIGGER loans_relent ON loans_loan;
DROP TRIGGER loans_lent ON loans_loan;
DROP FUNCTION loans_unlent();
DROP FUNCTION loans_relent();
DROP FUNCTION loans_lent();
DROP FUNCTION loans_lend(bigint[], bigint[], text[], bigint[]);
ALTER TABLE capital_fundopening DISABLE TRIGGER USER;
DELETE FROM capital_fundopening;
ALTER TABLE capital_fundopening ENABLE TRIGGER USER;
DELETE FROM capital_fundlent;
DELETE FROM capital_fund;
"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0081_work12_meetings"), ("capital", "0003_capital_guard")]
    operations = [migrations.RunSQL(UP, DOWN)]
