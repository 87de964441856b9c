"""timetable: promise to be written by its builder."""
