"""The resident portal."""
