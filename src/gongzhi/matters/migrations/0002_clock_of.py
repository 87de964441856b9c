import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Rates and the on-time report ask for one run of one clock per matter: measured three times as fast with this index
    (10⁵ matters of six runs), which replaces the foreign key's own, so that writing costs the same. Built without
    holding up anybody; the owner's lock_timeout guards the short locks at its ends.
    """

    atomic = False
    dependencies = [("matters", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(  # one that was killed halfway leaves an invalid index behind
                    "DROP INDEX CONCURRENTLY IF EXISTS matters_clock_of", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    "CREATE INDEX CONCURRENTLY matters_clock_of ON matters_clockrun (matter_id, code, started_at)",
                    "DROP INDEX CONCURRENTLY matters_clock_of",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    "clockrun",
                    models.Index(fields=["matter", "code", "started_at"], name="matters_clock_of"),
                )
            ],
        ),
        migrations.AlterField(
            "clockrun",
            "matter",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clock_runs",
                to="matters.matter",
            ),
        ),
    ]
