"""Months of the act table. Ten years are made at installation; `doctor` warns a year before they end."""

from datetime import datetime

from django.db import connection


def last_month() -> tuple[int, int]:
    """(year, month) of the last partition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(right(inhrelid::regclass::text, 7)) FROM pg_inherits WHERE inhparent = 'acts_act'::regclass"
        )
        year, month = cursor.fetchone()[0].split("_")
    return int(year), int(month)


def months_left(at: datetime) -> int:
    """Whole months for which acts can still be recorded after the present one."""
    year, month = last_month()
    return (year - at.year) * 12 + month - at.month


def add_months(months: int) -> int:
    """Make sure of partitions for `months` months after the last one; returns how many were made. Role owner only."""
    year, month = last_month()
    with connection.cursor() as cursor:
        cursor.execute("SELECT acts_add_months(make_date(%s, %s, 1), %s)", [year, month, months + 1])
        return int(cursor.fetchone()[0])
