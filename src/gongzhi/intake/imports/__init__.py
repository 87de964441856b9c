"""Files from other systems: read, mapped, replayed as lives of matters.

decoding, lines (bytes → rows) · times, picks, mapping (what columns mean) · survey, establishing (areas, organisations,
categories a file names) · lives (row → life) · rejects · runs (the import itself).
"""
