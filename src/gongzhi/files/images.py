"""Images are drawn anew from their pixels: what is not a pixel (EXIF, position, passengers, tricks) stays behind."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from gongzhi.files import refusing
from gongzhi.kernel.refusals import Refusal

PIXELS_MAX = 60_000_000
SIDE_MAX = 2560
THUMBNAIL_SIDE = 320
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_OPTIONS: dict[str, dict[str, int | bool]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 85, "method": 4},
}


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Size of the kept image in pixels."""

    width: int
    height: int


def redraw(source: Path, type_: str, target: Path, thumbnail: Path) -> Redrawn:
    """Write the image anew, at most SIDE_MAX on its longer side and upright, and a JPEG thumbnail of it.

    Only the first picture of an animation is kept. Raises Invalid for bombs and damaged files.
    """
    form = _FORMATS[type_]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source, formats=(form,)) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise refusing.bomb(PIXELS_MAX)
                picture = _pixels(image, form)
    except Refusal:
        raise
    except Image.DecompressionBombError as error:
        raise refusing.bomb(PIXELS_MAX) from error
    except MemoryError:
        raise
    except Exception as error:  # hostile bytes surface as SyntaxError, struct.error, KeyError, …
        raise refusing.damaged() from error
    picture.save(target, form, **_OPTIONS[form])
    size = Redrawn(picture.width, picture.height)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    _opaque(picture).save(thumbnail, "JPEG", quality=80)
    return size


def _pixels(image: Image.Image, form: str) -> Image.Image:
    if form == "JPEG":
        image.draft("RGB", (SIDE_MAX, SIDE_MAX))  # decode big photos at a fraction of their size
    upright = ImageOps.exif_transpose(image)
    transparent = form != "JPEG" and upright.has_transparency_data
    picture = upright.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
