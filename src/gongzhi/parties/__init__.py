"""Parties: the people and organisations the town deals with, their posts, contact points and accounts.

Promises: names and contact values are encrypted at rest and shown masked; the clear text is read only through
`unmasking`, with a purpose, and leaves an act; a value is found by its exact number without decrypting anything; keys
rotate while people work; an account locks after repeated failures. Nothing is deleted here: facts are ended.
Nouns: Person, Organisation, Post, ContactPoint, Account, LoginAttempt. Does not know areas or roles.
"""
