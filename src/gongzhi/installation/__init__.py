"""One installation on one machine: its home folder, its keys, its database cluster, its backups.

Promises: everything secret is random per installation and readable by its owner only; the embedded database takes no
connection without a password and listens on no network; whatever is wrong is said as what, where and what to do next.
Nouns: home, key, keyring, cluster, role, trouble. Knows no Django and none of the platform's tables.
"""
