"""Time arithmetic of Chinese administration: when something is due, and why then. Pure; timetable keeps the tables.

Five units (natural hour, natural day, working hour, working day, month), holidays with make-up workdays, pauses,
extensions. Nouns: Limit, YearTable, Holidays, WorkingHours, Pause, Extension, Question, Deadline, Span.
Source: 民法典 arts 200–204; 行政许可法 art 82.
"""
