import psycopg
import pytest


@pytest.mark.django_db
def test_the_owner_connects() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_user, show_trgm('路灯不亮'), current_database()")
        print(cursor.fetchone())


def test_app_may_not_make_tables(app_connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute("create table t (i int)")
