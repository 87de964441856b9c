"""The smallest nouns every room shares: clock, ids, refusals, crypto, canonical encoding. Pure Python.

Nothing here knows Django, a database or a setting; everything can run in a notebook or the offline verifier.
"""
