"""The table in which limits of sign-ins are counted (settings.CACHES), as `createcachetable` would make it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0003_handover")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE access_limits (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX access_limits_expires ON access_limits (expires);
            """,
            "DROP TABLE access_limits",
        )
    ]
