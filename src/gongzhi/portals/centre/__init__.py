"""The centre: the desk of dispatchers, units, windows, call-back, leaders and auditors.

Promises: one inbox by role, where every count means work; a case page that says who, by when and why; only verbs the
procedure allows *this* reader now; whatever the list shows, the object, the search and the export show too, and nothing
more. Pages make one call down. Nouns: SavedFilter. Decides nothing: the rooms below do.
"""
