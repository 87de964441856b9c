"""Database passwords follow the `database` key: after a rotation each role changes its own at the next start."""

import subprocess

import psycopg
from psycopg import sql

from gongzhi.installation import database, postmaster, roles
from gongzhi.installation.cluster import Cluster
from gongzhi.installation.home import Home
from gongzhi.installation.keys import keyring
from gongzhi.installation.trouble import Trouble


def settle(target: Cluster, place: Home, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Make every role's password that of the current key. Raises Trouble when no key of this home is accepted."""
    first, *older = keyring(place).all("database")
    try:
        postmaster.ready(target, database.conninfo("owner", place), process)
    except Trouble as trouble:
        if trouble.code != "postgres.password" or not older:
            raise
    for role, name in roles.NAMES.items():
        wanted = roles.password(first, role)
        for key in (first, *older):
            try:
                with psycopg.connect(
                    database.conninfo(role, place, password=roles.password(key, role)), autocommit=True
                ) as connection:
                    if key is not first:
                        connection.execute(
                            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                                sql.Identifier(name), sql.Literal(wanted)
                            )
                        )
                break
            except psycopg.OperationalError as error:
                if "authentication failed" not in str(error):
                    raise
        else:
            raise postmaster.wrong_password(target)
