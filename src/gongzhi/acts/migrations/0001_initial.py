from pathlib import Path

from django.db import migrations, models

from gongzhi.installation.roles import APP, ERASER, where_role


def sql(name):
    return (Path(__file__).parent.parent / 'sql' / name).read_text()


# Default privileges gave the application everything on new tables; evidence is only added to, and recorded_at is
# the database's own.
RIGHTS = [
    ('app', f'REVOKE INSERT, UPDATE, DELETE ON acts_act, acts_content, acts_leaf, acts_tombstone FROM {APP}'),
    ('app', f'GRANT INSERT ON acts_content, acts_leaf TO {APP}'),
    ('app', f'GRANT INSERT (id, at, by, under, verb, subject_kind, subject_id, area_path, origin, request) ON acts_act TO {APP}'),
    ('eraser', f'GRANT EXECUTE ON FUNCTION acts_erase(uuid, text, text) TO {ERASER}'),
    ('eraser', f'GRANT SELECT ON acts_act, acts_content, acts_leaf, acts_pending, acts_tombstone TO {ERASER}'),
    ('eraser', f'GRANT INSERT ON acts_content, acts_pending TO {ERASER}'),
    ('eraser', f'GRANT INSERT (id, at, by, under, verb, subject_kind, subject_id, area_path, origin, request) ON acts_act TO {ERASER}'),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(sql('act.sql'), migrations.RunSQL.noop)],
            state_operations=[
                migrations.CreateModel(
                name='Act',
                fields=[
                    ('id', models.UUIDField(primary_key=True, serialize=False)),
                    ('recorded_at', models.DateTimeField(help_text='set by the database when the row is written, never by us')),
                    ('at', models.DateTimeField(help_text='when it happened; earlier than recorded_at for imports and offline work')),
                    ('by', models.TextField(help_text='pseudonymous reference of the actor')),
                    ('under', models.TextField(blank=True, help_text='role and mandate acted under')),
                    ('verb', models.TextField()),
                    ('subject_kind', models.TextField()),
                    ('subject_id', models.TextField()),
                    ('area_path', models.TextField(blank=True)),
                    ('origin', models.TextField(help_text='installation that recorded it')),
                    ('request', models.TextField(blank=True)),
                ],
                options={
                    'db_table': 'acts_act',
                },
            ),
            ],
        ),
        migrations.CreateModel(
            name='ActContent',
            fields=[
                ('act_id', models.UUIDField(primary_key=True, serialize=False)),
                ('type', models.TextField()),
                ('version', models.PositiveSmallIntegerField()),
                ('payload', models.TextField(help_text='canonical JSON (gongzhi.kernel.canonical), exactly the bytes sealed')),
                ('salt', models.BinaryField(max_length=16)),
            ],
            options={
                'db_table': 'acts_content',
            },
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('act_id', models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'acts_pending',
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('act_id', models.UUIDField(primary_key=True, serialize=False)),
                ('erased_at', models.DateTimeField()),
                ('by', models.TextField()),
                ('reason', models.TextField(help_text='code of the legal ground')),
            ],
            options={
                'db_table': 'acts_tombstone',
            },
        ),
        migrations.CreateModel(
            name='DeadLetter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reaction', models.TextField()),
                ('position', models.BigIntegerField()),
                ('act_id', models.UUIDField()),
                ('error', models.TextField()),
                ('attempts', models.PositiveIntegerField(default=1)),
                ('failed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'db_table': 'acts_dead_letter',
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['failed_at'], name='acts_dead_letter_open')],
                'constraints': [models.UniqueConstraint(fields=('reaction', 'position'), name='acts_dead_letter_once')],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('act_id', models.UUIDField(unique=True)),
                ('entry', models.BinaryField(help_text='the bytes sealed in the ledger (entries.py)')),
            ],
            options={
                'db_table': 'acts_leaf',
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 0)), name='acts_leaf_position_from_0')],
            },
        ),
        migrations.CreateModel(
            name='ReactionCursor',
            fields=[
                ('reaction', models.TextField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=-1)),
            ],
            options={
                'db_table': 'acts_reaction_cursor',
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', -1)), name='acts_cursor_from_minus_1')],
            },
        ),
        migrations.RunSQL(sql('evidence.sql'), migrations.RunSQL.noop),
        *[migrations.RunSQL(where_role(role, statement), migrations.RunSQL.noop) for role, statement in RIGHTS],
    ]
