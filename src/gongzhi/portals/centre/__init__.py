"""The centre portal."""
