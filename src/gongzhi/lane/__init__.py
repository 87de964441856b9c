"""The front door and the fast lane: plain ASGI on the one public port.

It takes reports at a high rate (many requests, one commit), holds the live streams, serves static files and
ledger tiles, and hands everything else to the web process over a unix socket. When web or the database is
away it says so (503 with Retry-After) and recovers by itself.
"""
