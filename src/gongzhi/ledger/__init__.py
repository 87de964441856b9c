"""The ledger: an append-only tree over bytes, kept as plain files that anybody can check. Knows no Django, no database.

Promises: RFC 6962 hashing; C2SP tlog-tiles layout with signed-note checkpoints (Ed25519); never two different contents
at one path; never a checkpoint ahead of its tiles; the same entries give the same files, bit for bit.
Nouns: entry, leaf, tile, bundle, checkpoint, note, proof. What an entry means is the business of whoever wrote it.
"""
