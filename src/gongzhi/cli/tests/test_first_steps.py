"""A town's first hour: what ships is there, the first account can be made, mistakes are said."""

from datetime import UTC, datetime

import pytest

from gongzhi.catalogue.models import CategoryEdition, ProcedureVersion
from gongzhi.cli import shipped
from gongzhi.cli.main import parser_for
from gongzhi.timetable.models import HolidayYear

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_what_ships_is_loaded_once_and_a_town_s_own_is_left_alone() -> None:
    assert "case" in shipped.install(at=AT)
    assert HolidayYear.objects.filter(year=2026).exists()
    before = (CategoryEdition.objects.count(), ProcedureVersion.objects.count(), HolidayYear.objects.count())
    assert shipped.install(at=AT) == []
    assert (
        CategoryEdition.objects.count(),
        ProcedureVersion.objects.count(),
        HolidayYear.objects.count(),
    ) == before


def test_the_account_command_takes_several_roles_and_a_place() -> None:
    options = parser_for("accounts").parse_args(
        ["create", "wang", "--role", "dispatcher", "--role", "window", "--area", "430102"]
    )
    assert options.role == ["dispatcher", "window"]
    assert options.area == "430102"
