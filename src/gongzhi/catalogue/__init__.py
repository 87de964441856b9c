"""catalogue: what kinds of matter exist and by which published procedure each of them runs.

Promises: a published procedure version is never changed, only followed by another; what is published has passed
every check of `checking`; the same text published twice is one version. Nouns: Category (tree of three levels),
Procedure (states, verbs, clocks, escalation, numbers with their legal basis), ProcedureVersion. Does not know a
matter: guards and effects are names here, matters gives them meaning.
"""
