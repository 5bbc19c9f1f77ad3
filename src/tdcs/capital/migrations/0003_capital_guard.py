"""A source never lends more than it received: the database keeps what came in and judges whenever more is lent or less is held.

``capital_fund.received`` follows receipts and openings by trigger. ``capital_fundlent`` follows the loans (loans/0082), a row
for each source, office and programme, so that collections in different offices never wait for each other. Whoever lends more
of a source, or takes money out of it, updates the source's one row first (``capital_judge``): two at once judge one after the
other. Receipts are never changed or deleted. Parts of a decision never exceed it.
"""

from django.db import migrations

UP = """
CREATE FUNCTION capital_judge(sources bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
    held bigint;
    used bigint;
BEGIN
    FOREACH one IN ARRAY sources LOOP
        -- An update, not a mere lock: a transaction that sees an older state of the data is refused by the database.
        UPDATE capital_fund SET judged = judged + 1 WHERE source_id = one RETURNING received INTO held;
        SELECT coalesce(sum(amount), 0) INTO used FROM capital_fundlent WHERE source_id = one;
        IF used > coalesce(held, 0) THEN
            RAISE EXCEPTION 'capital source %: % lent of % received', one, used, coalesce(held, 0)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_never_below_zero';
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION capital_take_in(sources bigint[], amounts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    less bigint[];
BEGIN
    INSERT INTO capital_fund (source_id, received, judged)
    SELECT s, sum(a), 0 FROM unnest(sources, amounts) AS t(s, a) GROUP BY 1 HAVING sum(a) >= 0 ORDER BY 1
    ON CONFLICT (source_id) DO UPDATE SET received = capital_fund.received + EXCLUDED.received;
    UPDATE capital_fund f SET received = f.received + t.amount
      FROM (SELECT s, sum(a) AS amount FROM unnest(sources, amounts) AS u(s, a) GROUP BY 1 HAVING sum(a) < 0) AS t
     WHERE f.source_id = t.s;
    less := ARRAY(SELECT s FROM unnest(sources, amounts) AS u(s, a) GROUP BY 1 HAVING sum(a) < 0 ORDER BY 1);
    PERFORM capital_judge(less);
END $$;

CREATE FUNCTION capital_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM capital_take_in(array_agg(source_id), array_agg(amount)) FROM added HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER capital_received AFTER INSERT ON capital_fundreceipt
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION capital_received();
CREATE TRIGGER capital_opened AFTER INSERT ON capital_fundopening
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION capital_received();

CREATE FUNCTION capital_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: a receipt is reversed by another', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER capital_receipt_stays BEFORE UPDATE OR DELETE ON capital_fundreceipt
    FOR EACH ROW EXECUTE FUNCTION capital_stays();
CREATE TRIGGER capital_opening_stays BEFORE UPDATE OR DELETE ON capital_fundopening
    FOR EACH ROW EXECUTE FUNCTION capital_stays();

CREATE FUNCTION capital_parts_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole bigint;
BEGIN
    SELECT amount INTO whole FROM capital_fundingcontract WHERE id = NEW.contract_id FOR UPDATE;
    IF whole < (SELECT sum(amount) FROM capital_tranche WHERE contract_id = NEW.contract_id AND state <> 'cancelled') THEN
        RAISE EXCEPTION 'tranches of contract % exceed it', NEW.contract_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tranches_fit_their_contract';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER capital_parts_fit AFTER INSERT OR UPDATE ON capital_tranche
    FOR EACH ROW EXECUTE FUNCTION capital_parts_fit();
"""

DOWN = """
DROP TRIGGER capital_parts_fit ON capital_tranche;
DROP TRIGGER capital_opening_stays ON capital_fundopening;
DROP TRIGGER capital_receipt_stays ON capital_fundreceipt;
DROP TRIGGER capital_opened ON capital_fundopening;
DROP TRIGGER capital_received ON capital_fundreceipt;
DROP FUNCTION capital_parts_fit();
DROP FUNCTION capital_stays();
DROP FUNCTION capital_received();
DROP FUNCTION capital_take_in(bigint[], bigint[]);
DROP FUNCTION capital_judge(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("capital", "0002_capital_funds")]
    operations = [migrations.RunSQL(UP, DOWN)]
