"""Keeps what the calendar computes with (holiday years, working hours) and who is on duty, away or deputising.

A year is loaded, and loaded anew when the notice is corrected; what was in force before stays readable. `duty` says, pure,
whom a message reaches at an instant. Nouns: HolidayYear, UnitHours, RosterPlace, Leave, Deputyship. Other rooms react to
the act `timetable.load_year` (provisional deadlines are counted again).
"""
