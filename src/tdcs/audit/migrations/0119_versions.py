"""Every area of data has a version that grows in the transaction that changes it.

Triggers of the tables (tdcs.audit.versions.watch, after each migrate) note an area once a transaction in a setting of the
session; at its commit, and not before, one row trigger adds to the versions in the order of their names: two transactions
never wait for each other while they work.
"""

from __future__ import annotations

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION audit_note_area(area text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE noted text := coalesce(current_setting('tdcs.areas', true), '');
BEGIN
    IF position(',' || area || ',' IN noted) > 0 THEN RETURN; END IF;
    PERFORM set_config('tdcs.areas', CASE noted WHEN '' THEN ',' ELSE noted END || area || ',', true);
    IF noted = '' THEN INSERT INTO audit_datachange DEFAULT VALUES; END IF;
END $$;
CREATE FUNCTION audit_table_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM audit_note_area(TG_TABLE_NAME);
    IF TG_OP = 'TRUNCATE' THEN PERFORM audit_note_area(TG_TABLE_NAME || '/*'); END IF;
    RETURN NULL; END $$;
CREATE FUNCTION audit_add_to_versions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE noted text := coalesce(current_setting('tdcs.areas', true), '');
BEGIN
    DELETE FROM audit_datachange WHERE id = NEW.id;
    IF noted = '' THEN RETURN NULL; END IF;
    PERFORM set_config('tdcs.areas', '', true);
    -- A first version is the moment: an emptied table of versions never repeats one.
    INSERT INTO audit_dataversion (area, version, xid)
    SELECT a, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_current_xact_id()::text
      FROM unnest(string_to_array(btrim(noted, ','), ',')) AS a ORDER BY a
    ON CONFLICT (area) DO UPDATE SET version = audit_dataversion.version + 1, xid = EXCLUDED.xid;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_add_to_versions AFTER INSERT ON audit_datachange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_add_to_versions();
ALTER TABLE audit_datachange SET UNLOGGED;
ALTER TABLE audit_dataversion SET (fillfactor = 50);
"""
DROP = """
DROP TRIGGER audit_add_to_versions ON audit_datachange;
DROP FUNCTION audit_add_to_versions();
DROP FUNCTION audit_table_changed() CASCADE;
DROP FUNCTION audit_note_area(text);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0118_records")]
    operations = [
        migrations.CreateModel(
            "DataVersion",
            fields=[
                ("area", models.CharField("vùng dữ liệu", max_length=100, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField("phiên bản")),
                ("xid", models.CharField("giao dịch", max_length=20)),
            ],
            options={"verbose_name": "phiên bản dữ liệu"},
        ),
        migrations.CreateModel(
            "DataChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
            ],
            options={"verbose_name": "thay đổi chờ ghi nhận"},
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
