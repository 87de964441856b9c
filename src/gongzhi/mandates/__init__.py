"""mandates (责任清单): who must do what, where, on which legal basis, until when.

Promises: `rules.route` gives the lead with its reason in words, or says that several claim it (joint consultation) or
nobody (a gap, kept as a fact); lists of streets and communities are obeyed (`rules.refuse`); a mandate is ended and
followed by another, never rewritten. Nouns: Mandate, MandateTable (immutable snapshot), Route, MandateGap.
Does not know a matter.
"""
