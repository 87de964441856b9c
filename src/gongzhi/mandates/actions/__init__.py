"""The writes of this room: one transaction, one act each."""

from gongzhi.mandates.actions.gaps import Found, note_gaps, settle_gap
from gongzhi.mandates.actions.lists import Loaded, end, give, load

__all__ = ["Found", "Loaded", "end", "give", "load", "note_gaps", "settle_gap"]
