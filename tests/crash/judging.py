"""What must be true afterwards, asked of the database itself."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from gongzhi.installation import database
from gongzhi.installation.home import Home

# Each finds nothing in a whole house.
INVARIANTS = {
    "a gap in the positions": """SELECT position FROM (SELECT position, lag(position, 1, -1::bigint)
        OVER (ORDER BY position) AS before FROM acts_leaf) l WHERE position <> before + 1""",
    "an act without position": """SELECT id FROM acts_act a WHERE NOT EXISTS
        (SELECT FROM acts_leaf l WHERE l.act_id = a.id)""",
    "a position without act": """SELECT position FROM acts_leaf l WHERE NOT EXISTS
        (SELECT FROM acts_act a WHERE a.id = l.act_id)""",
    "two leads at a time": """SELECT matter_id FROM matters_assignment WHERE role = 'lead' AND ended_at IS NULL
        GROUP BY matter_id HAVING count(*) > 1""",
    "a matter without its words": """SELECT id FROM matters_matter m WHERE NOT EXISTS
        (SELECT FROM matters_mattertext t WHERE t.matter_id = m.id)""",
    "a matter without its opening": """SELECT id FROM matters_matter m WHERE NOT EXISTS
        (SELECT FROM acts_act a WHERE a.subject_id = m.id::text AND a.verb = 'matters.open')""",
    "two matters for one text": """SELECT text FROM matters_mattertext WHERE text LIKE '路灯不亮 caller%'
        GROUP BY text HAVING count(*) > 1""",
}


def connect(home: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(database.conninfo("owner", Home(home)), autocommit=True, connect_timeout=10)


def broken(home: Path) -> dict[str, list[object]]:
    """Invariant → what breaks it."""
    with connect(home) as connection:
        found = {name: connection.execute(query).fetchmany(5) for name, query in INVARIANTS.items()}
    return {name: list(rows) for name, rows in found.items() if rows}


def stored(home: Path) -> Mapping[str, str]:
    """Key → number of every report of the callers."""
    with connect(home) as connection:
        rows = connection.execute(
            "SELECT t.text, m.number FROM matters_matter m JOIN matters_mattertext t ON t.matter_id = m.id"
            " WHERE t.text LIKE '路灯不亮 caller%'"
        )
        return {str(text).removeprefix("路灯不亮 "): str(number) for text, number in rows}


def pending(home: Path) -> int:
    with connect(home) as connection:
        row = connection.execute("SELECT count(*) FROM acts_pending").fetchone()
        return int(str(row[0])) if row else 0


def said(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of ours on that home."""
    return _run(home, "-m", "gongzhi.cli.main", *words)


def python(home: Path, program: str) -> str:
    """What a small program prints that works in that home."""
    done = _run(home, "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GONGZHI_", "DATABASE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *words],
        env={**kept, "GONGZHI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
