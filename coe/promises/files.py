"""Files that show what was done: pictures, drawn anew from their pixels; text; and PDF.

A picture is kept as its pixels alone, so it carries nothing along: no place, no comment, no second
file behind it. Text and PDF are kept as they came, and are only ever handed out to be saved.
"""

import io
import struct
from pathlib import PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from coe.promises.services import Upload
from coe.text.plain import storable_line, storable_text

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_DRAWN: Final = 2 * MOST_BYTES
"""Of a picture that was drawn anew: a small file can hold a large one."""
MOST_PIXELS: Final = 20_000_000
MOST_NAME: Final = 100
PICTURES: Final = ("PNG", "JPEG", "WEBP", "GIF")
TEXT: Final = "text/plain; charset=utf-8"
PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
SHOWN: Final = (PNG, JPEG)
"""What is shown in the page."""

UNREADABLE: Final = (OSError, ValueError, SyntaxError, TypeError, EOFError, struct.error)
"""What Pillow raises for bytes that are no picture, or say nonsense of it."""

TOO_LARGE = "This file is larger than 2 MB. Cut the picture, or link to where the file is."
UNKNOWN = "A picture (PNG, JPEG, WebP or GIF), plain text or a PDF can be added. This is neither."
TOO_MANY_PIXELS = "This picture has more than 20 million pixels. Make it smaller."


def accepted_file(given: "UploadedFile[Any]") -> Upload:
    """The file as it may be kept. Raises `ValidationError` for anything else."""
    if (given.size or 0) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    content = given.read()
    name = _named(given.name or "")
    if content.startswith(b"%PDF-"):
        return Upload(f"{name}.pdf", PDF, content)
    if picture := _picture(content):
        media_type, drawn = picture
        return Upload(f"{name}.{'png' if media_type == PNG else 'jpg'}", media_type, drawn)
    return Upload(f"{name}.txt", TEXT, _text(content))


def _named(given: str) -> str:
    """What the file was called, without what says its kind."""
    try:
        name = storable_line(PurePath(given.replace("\\", "/")).stem, max_length=1_000)
    except ValidationError:
        name = ""
    kept = "".join(each for each in name if each.isalnum() or each in " -_.()")
    return kept[: MOST_NAME - 4].strip(" .") or "evidence"


def _picture(content: bytes) -> tuple[str, bytes] | None:
    """The picture drawn anew, and what it is; None where it is none that we read."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValidationError(TOO_MANY_PIXELS)
            is_photo = opened.format == "JPEG" or (opened.format, opened.mode) == ("WEBP", "RGB")
            upright = ImageOps.exif_transpose(opened).convert("RGB" if is_photo else "RGBA")
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_MANY_PIXELS) from error
    except UNREADABLE:
        return None
    media_type, drawn = _drawn(Image.frombytes(upright.mode, upright.size, upright.tobytes()))
    if len(drawn) > MOST_DRAWN:
        raise ValidationError(TOO_LARGE)
    return media_type, drawn


def _drawn(picture: Image.Image) -> tuple[str, bytes]:
    """What has colours alone as JPEG, what can be seen through as PNG."""
    written = io.BytesIO()
    if picture.mode == "RGB":
        picture.save(written, "JPEG", quality=85)
        return JPEG, written.getvalue()
    picture.save(written, "PNG")
    return PNG, written.getvalue()


def _text(content: bytes) -> bytes:
    try:
        return storable_text(content.decode("utf-8-sig"), max_length=MOST_BYTES).encode()
    except (UnicodeDecodeError, ValidationError) as error:
        raise ValidationError(UNKNOWN) from error
