"""The database keeps entries balanced and unchanged, whatever program writes to it.

- An entry is judged at commit, once: both sides agree, on the balance and off it, with two postings at least.
- Postings can only be added to an entry of the same transaction, so the judgement at commit is final.
- An account with a sub-ledger demands a subject, others forbid it; headings of the chart take no postings.
- Entries, postings and operations are never changed, deleted or emptied. (An operation's answer is written once.)
"""

from django.db import migrations

UP = """
ALTER TABLE ledger_journalentry ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint; on_balance numeric; off_balance numeric;
BEGIN
    SELECT count(*),
           coalesce(sum(p.debit - p.credit) FILTER (WHERE NOT a.off_balance), 0),
           coalesce(sum(p.debit - p.credit) FILTER (WHERE a.off_balance), 0)
      INTO lines, on_balance, off_balance
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id;
    IF lines < 2 OR on_balance <> 0 OR off_balance <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % lines, % on and % off the balance',
            NEW.id, lines, on_balance, off_balance USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

CREATE FUNCTION ledger_postings_belong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT format('posting %s of entry %s', n.id, n.entry_id) INTO wrong
      FROM added n JOIN ledger_journalentry e ON e.id = n.entry_id
     WHERE e.made_in <> pg_current_xact_id() LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '% : the entry was posted before', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT format('posting %s on account %s', n.id, a.code) INTO wrong
      FROM added n JOIN ledger_account a ON a.id = n.account_id
     WHERE NOT a.postable OR (a.subledger = '') <> (n.subject IS NULL) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '% : the account takes no postings, or its sub-ledger wants a subject', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_postings_belong AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_belong();

CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: the ledger is never changed, only reversed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER ledger_posting_stays BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER ledger_posting_no_truncate BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();

CREATE FUNCTION ledger_operation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.answer = '{}'::jsonb AND NEW.key = OLD.key AND NEW.action = OLD.action
       AND NEW.request_hash = OLD.request_hash AND NEW."on" = OLD."on"
       AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id AND NEW.recorded_at = OLD.recorded_at THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on an operation: it was done once', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_operation_stays BEFORE UPDATE OR DELETE ON ledger_operation
    FOR EACH ROW EXECUTE FUNCTION ledger_operation_stays();
"""

DOWN = """
DROP TRIGGER ledger_operation_stays ON ledger_operation;
DROP TRIGGER ledger_posting_no_truncate ON ledger_posting;
DROP TRIGGER ledger_entry_no_truncate ON ledger_journalentry;
DROP TRIGGER ledger_posting_stays ON ledger_posting;
DROP TRIGGER ledger_entry_stays ON ledger_journalentry;
DROP TRIGGER ledger_postings_belong ON ledger_posting;
DROP TRIGGER ledger_entry_balances ON ledger_journalentry;
DROP FUNCTION ledger_operation_stays();
DROP FUNCTION ledger_never_changes();
DROP FUNCTION ledger_postings_belong();
DROP FUNCTION ledger_entry_balances();
ALTER TABLE ledger_journalentry DROP COLUMN made_in;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
