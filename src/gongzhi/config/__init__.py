"""Wiring only: settings, URLs, server entry points. Knows every room; no room knows it."""
