"""Keeps what the calendar computes with: published holiday years and working hours, versioned, with their source.

A year is loaded, and loaded anew when the notice is corrected; what was in force before stays readable. Nouns:
HolidayYear, UnitHours. Other rooms react to the act `timetable.load_year` (provisional deadlines are counted again).
"""
