from django.db import migrations, models


class Migration(migrations.Migration):
    """One running clock of a kind per matter becomes one per matter and fact. The new index stands before the old one
    goes, so at no moment are two running clocks of one kind possible; built without holding up anybody.
    """

    atomic = False
    dependencies = [("matters", "0003_the_whole_loop")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(  # one that was killed halfway leaves an invalid index behind
                    "DROP INDEX CONCURRENTLY IF EXISTS matters_clock_of_runs_once", migrations.RunSQL.noop
                ),
                migrations.RunSQL(
                    """CREATE UNIQUE INDEX CONCURRENTLY matters_clock_of_runs_once
                    ON matters_clockrun (matter_id, code, "of") NULLS NOT DISTINCT WHERE stopped_at IS NULL""",
                    "DROP INDEX CONCURRENTLY matters_clock_of_runs_once",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "clockrun",
                    models.UniqueConstraint(
                        fields=["matter", "code", "of"],
                        condition=models.Q(stopped_at__isnull=True),
                        nulls_distinct=False,
                        name="matters_clock_of_runs_once",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint("clockrun", "matters_clock_runs_once"),
    ]
