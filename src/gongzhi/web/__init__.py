"""Web: what all doors share. Pages, API and lane differ in what they offer, not in how they refuse.

Promises: every URL declares who may open it and one that does not is closed; every refusal is a page or an RFC 9457
problem in the reader's language; a form sent twice has one effect; no page runs inline script or style; a database that
is away means 503 and "nothing was lost", never a stack trace. Holds the components (deadline chip, timeline, verb form…)
as template tags with all their states. Nouns: Visit, Door, Chip, IdempotentRequest, RateBucket, DemoPersona.
Does not know any matter: portals hand it what it shows.
"""
