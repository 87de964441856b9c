"""Places: the tree of areas from province to micro-grid, their shapes, names and the answer to "where is this?".

Promises: a point inside the town finds its most specific grid or says plainly that it is outside every grid; a text
finds candidates with reasons and never guesses silently; both are answered from an immutable snapshot in memory,
rebuilt off the hot path when the tables' revision moves. Coordinates are WGS-84 inside; GCJ-02 and BD-09 are converted
at the door. Nouns: Area, PlaceName, Revision, PlaceIndex, Located, Candidate. Does not know who may do what.
"""
