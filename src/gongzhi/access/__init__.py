"""Who may do what: the mechanism. Default deny; every room declares its own policies with it.

The object decision and the list filter come from the same declaration (`Rule`), so they cannot disagree.
Nouns: Actor, Held (a role held somewhere), Rule, Policy. Does not know any model: rooms name theirs as strings.
"""
