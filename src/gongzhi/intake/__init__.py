"""Intake: the one way in. Every door hands a raw report here; what leaves is judged, categorised, placed and routed.

Promises: everything is decided before the transaction, against snapshots that do not change meanwhile; every wrong
field is named at once, in words; a place outside every grid and a category nobody owns are recorded states, not
errors. Imports bring the past of another system in through the same judgement, once, with their source row.
Nouns: RawReport, Snapshots, Mapping, ImportRun, SourceRecord, Reject. Decides nothing about what happens afterwards.
"""
