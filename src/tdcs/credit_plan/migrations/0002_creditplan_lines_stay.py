"""A line of an approved plan is never edited nor deleted, whatever program writes: it may only end, once."""

from django.db import migrations

UP = """
CREATE FUNCTION credit_plan_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL
       AND NEW.id = OLD.id AND NEW.amount = OLD.amount AND NEW.starts_on = OLD.starts_on
       AND NEW.allotment_id = OLD.allotment_id
       AND NEW.adjustment_id IS NOT DISTINCT FROM OLD.adjustment_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of an approved line: a plan changes by an adjustment', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER credit_plan_line_stays BEFORE UPDATE OR DELETE ON credit_plan_planline
    FOR EACH ROW EXECUTE FUNCTION credit_plan_line_stays();
"""
DOWN = """
DROP TRIGGER credit_plan_line_stays ON credit_plan_planline;
DROP FUNCTION credit_plan_line_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("credit_plan", "0001_creditplan_plan")]

    operations = [migrations.RunSQL(UP, DOWN)]
