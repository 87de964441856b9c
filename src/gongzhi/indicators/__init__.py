"""Indicators: rates, curves and the on-time report, computed from facts and from nothing else.

Promises: every figure can be computed again for any past period with the formula then in force; a unit without a
denominator shows none; small numbers show their interval and no rank. Nouns: Formula, Facts, Rate, Curve. Owns no
tables.
"""
