"""`{% assets %}`: the built front end, found through Vite's manifest."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
MANIFEST = Path(__file__).resolve().parent.parent / "static" / "dist" / "manifest.json"


@register.simple_tag
def assets(entry: str = "src/main.ts") -> SafeString:
    """Link and script elements of one entry; a comment where the front end has not been built."""
    built = _manifest(MANIFEST.stat().st_mtime_ns if MANIFEST.exists() else 0).get(entry)
    if built is None:
        return format_html("<!-- {} -->", "front end not built: make build")
    prefix = f"{settings.STATIC_URL}dist/"
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}{}">', ((prefix, f) for f in built.get("css", []))
    )
    return format_html('{}\n<script type="module" src="{}{}"></script>', styles, prefix, built["file"])


@lru_cache(maxsize=2)
def _manifest(_changed_at: int) -> dict[str, Any]:
    """Read once per build."""
    if not MANIFEST.exists():
        return {}
    loaded: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    return loaded
