"""A dump restored into a fresh database goes on where it was: positions, cursors, ledger."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

import gongzhi
from gongzhi.acts.models import ReactionCursor
from gongzhi.acts.sealer import Sealer, signer
from gongzhi.acts.sequencer import sequence_all, sequence_once
from gongzhi.installation import database
from gongzhi.installation.cluster import cluster
from gongzhi.installation.home import home
from gongzhi.installation.initdb import TEST_TEMPLATE
from gongzhi.ledger import judge

CONTINUE = """
import json, sys
from pathlib import Path
from django.conf import settings
settings.DATABASES["default"] |= json.loads(sys.argv[1])
import django; django.setup()
from gongzhi.acts.fsck import check
from gongzhi.acts.models import Leaf, ReactionCursor
from gongzhi.acts.sealer import Sealer
from gongzhi.acts.sequencer import sequence_all
before = list(Leaf.objects.order_by("position").values_list("position", "act_id"))
given = sequence_all()
Sealer(Path(sys.argv[2])).seal_all()
print(json.dumps({
    "before": [[p, str(a)] for p, a in before],
    "given": given,
    "positions": list(Leaf.objects.order_by("position").values_list("position", flat=True)),
    "cursor": ReactionCursor.objects.get().position,
    "findings": [f.kind for f in check()],
}))
"""


def tool(name: str) -> str:
    found = shutil.which(name) if database.url() else str(cluster(home()).binaries / name)
    if not found or not Path(found).exists():
        pytest.skip(f"no {name} for this database")
    return found


@pytest.fixture
def target(transactional_db):
    """libpq parameters of an empty second database."""
    known = connection.settings_dict
    name = known["NAME"] + "_restored"
    admin = database.conninfo("owner", dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEST_TEMPLATE}')
    yield {one: known[one] for one in ("USER", "PASSWORD", "HOST", "PORT")} | {"NAME": name}
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_positions_cursors_and_ledger_survive_dump_and_restore(target, recorded, tmp_path):
    made = recorded(30)
    sequence_once(20)
    ReactionCursor.objects.create(reaction="t.kept", position=7)
    sealer = Sealer(tmp_path / "log")
    sealer.seal_all()
    sealer.close()
    dump = tmp_path / "dump"
    source = database.conninfo("owner", dbname=connection.settings_dict["NAME"])
    subprocess.run([tool("pg_dump"), "--format=custom", f"--file={dump}", source], check=True)
    restored = database.conninfo("owner", dbname=target["NAME"])
    subprocess.run(
        [tool("pg_restore"), "--no-owner", "--no-comments", f"--dbname={restored}", str(dump)], check=True
    )

    environment = os.environ | {
        "PYTHONPATH": str(Path(gongzhi.__file__).parents[1]),
        "DJANGO_SETTINGS_MODULE": "gongzhi.config.settings",
    }
    command = [sys.executable, "-c", CONTINUE, json.dumps(target), str(tmp_path / "log")]
    found = json.loads(subprocess.check_output(command, env=environment))
    assert found == {
        "before": [[position, str(id_)] for position, id_ in enumerate(made[:20])],
        "given": 10,
        "positions": list(range(30)),
        "cursor": 7,
        "findings": [],
    }
    assert judge.verify(tmp_path / "log", signer().verifier).size == 30
    assert sequence_all() == 10, "the original was not touched"
