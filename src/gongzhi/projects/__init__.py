"""共性问题专题: one plan and three lists for what keeps coming back; a city's 每月一题 is the yearly plan of them.

Nouns: Project, Entry (a line of the list of tasks, of duties or of policies), Milestone, Link (a case that belongs to it). What
it changed is counted, not claimed: reports of its kinds and area, month by month, before and after it began.
"""
