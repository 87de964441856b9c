"""What every installation starts with: holiday years, categories and the case procedure that ship with the platform.

Only where there is none yet: a town that loaded its own keeps it, whatever a later release ships.
"""

from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import shipped
from gongzhi.catalogue.models import CategoryEdition, ProcedureVersion
from gongzhi.timetable import actions as timetable
from gongzhi.timetable import reading
from gongzhi.timetable.models import HolidayYear


@transaction.atomic
def install(*, at: datetime) -> list[str]:
    """Load what is missing; returns what was loaded (nothing on every later start)."""
    loaded: list[str] = []
    known = set(HolidayYear.objects.values_list("year", flat=True))
    for table in reading.read_years(reading.SHIPPED.read_text(encoding="utf-8")):
        if table.year not in known:
            timetable.load_year(table=table, by=SYSTEM, at=at)
            loaded.append(str(table.year))
    if not CategoryEdition.objects.exists():
        catalogue.load_categories(rows=shipped.read_categories(), by=SYSTEM, at=at)
        loaded.append("categories")
    for procedure in shipped.read_procedures():
        if not ProcedureVersion.objects.filter(code=procedure.code).exists():
            catalogue.publish_procedure(procedure=procedure, by=SYSTEM, at=at)
            loaded.append(procedure.code)
    return loaded
