"""Tables of the room: what the calendar counts with, and who is on duty, away or deputising."""

from gongzhi.timetable.models.duty import Deputyship, Leave, RosterPlace
from gongzhi.timetable.models.hours import HolidayYear, UnitHours

__all__ = ["Deputyship", "HolidayYear", "Leave", "RosterPlace", "UnitHours"]
