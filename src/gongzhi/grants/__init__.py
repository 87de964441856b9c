"""Grants: who holds which role, where, and from when until when. The only source of an Actor's rights.

Promises: a right has a period, a giver and an act; the three administrators (system, security, audit) never meet in one
account, refused by the database itself; a disabled account holds nothing. `queries.actor_of` is one query.
Nouns: Grant, Role. Does not decide what a role may do: every room declares that (`gongzhi.access`).
"""
