"""Doors for programs: our own OpenAPI (v1) and Open311 GeoReport v2. Both call the same actions the pages call.

A program shows an access token (`Authorization: Bearer gz_…`) and has the rights of its account; pages of ours may
use the session with a CSRF token. Errors are RFC 9457 problems. Writes take an `Idempotency-Key`.
"""
