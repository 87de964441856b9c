"""Small invented photographs: evidence needs bytes, and no real picture belongs into a demo."""

import random
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (640, 480)


def after(seed: str) -> BinaryIO:
    """A tidy street under an evening sky; every seed its own, the same seed always the same bytes."""
    return BytesIO(_street(seed))


@lru_cache(maxsize=64)
def _street(seed: str) -> bytes:
    chance = random.Random(seed)  # noqa: S311 (a picture, not a secret)
    picture = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(picture)
    top, low = (chance.randint(70, 150), chance.randint(120, 180), chance.randint(170, 220)), (232, 222, 205)
    for y in range(300):
        share = y / 300
        draw.line(
            [(0, y), (640, y)], fill=tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        )
    x = 0
    while x < 640:
        width, height = chance.randint(60, 120), chance.randint(90, 220)
        tone = chance.randint(120, 190)
        draw.rectangle([x, 300 - height, x + width, 300], fill=(tone, tone - 8, tone - 18))
        for wx in range(x + 10, x + width - 12, 22):
            for wy in range(312 - height, 285, 28):
                lit = chance.random() < 0.4
                draw.rectangle([wx, wy, wx + 10, wy + 14], fill=(246, 220, 150) if lit else (92, 104, 118))
        x += width + 4
    draw.rectangle([0, 300, 640, 340], fill=(176, 172, 164))
    draw.rectangle([0, 340, 640, 480], fill=(88, 90, 94))
    for dash in range(-20, 640, 90):
        draw.polygon([(dash, 408), (dash + 44, 408), (dash + 40, 416), (dash - 6, 416)], fill=(226, 224, 214))
    for post in range(chance.randint(40, 100), 640, 190):
        draw.line([(post, 150), (post, 322)], fill=(70, 74, 80), width=5)
        draw.ellipse([post - 9, 138, post + 9, 156], fill=(255, 240, 190))
    kept = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(kept, "JPEG", quality=82)
    return kept.getvalue()
