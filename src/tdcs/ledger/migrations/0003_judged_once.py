"""An entry that was judged takes no more postings, not even in the transaction that made it.

SET CONSTRAINTS … IMMEDIATE judges entries before commit, and they are not judged again. So the judge leaves a mark for the
rest of the transaction (the highest entry judged), and postings to an entry at or below it are refused.
"""

from django.db import migrations

_JUDGE = """
CREATE OR REPLACE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
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
    END IF;{mark}
    RETURN NULL;
END $$;
"""
_MARK = """
    IF NEW.id > coalesce(nullif(current_setting('ledger.judged', true), '')::bigint, 0) THEN
        PERFORM set_config('ledger.judged', NEW.id::text, true);
    END IF;"""
_BELONG = """
CREATE OR REPLACE FUNCTION ledger_postings_belong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT format('posting %s of entry %s', n.id, n.entry_id) INTO wrong
      FROM added n JOIN ledger_journalentry e ON e.id = n.entry_id
     WHERE e.made_in <> pg_current_xact_id(){judged} LIMIT 1;
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
"""
_JUDGED = """
        OR n.entry_id <= coalesce(nullif(current_setting('ledger.judged', true), '')::bigint, 0)"""

UP = _JUDGE.replace("{mark}", _MARK) + _BELONG.replace("{judged}", _JUDGED)
DOWN = _JUDGE.replace("{mark}", "") + _BELONG.replace("{judged}", "")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_enforced")]
    operations = [migrations.RunSQL(UP, DOWN)]
