"""The process that opens pictures which strangers sent: standard input holds one, standard output gets a small JPEG.

It has little memory and time, no way to a shell, and ends after one picture. Run as a module; the bundle starts itself
with the word `thumbnail-child`.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings

WORD = "thumbnail-child"
SIDE = 320
OK, NOT_AN_IMAGE, BROKEN, TOO_BIG = 0, 10, 11, 12
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 80_000_000
_MEMORY = 1 << 30
_CPU_S = 10


def main() -> int:
    """Make the thumbnail; return what became of it."""
    limit_self()
    code, picture = make(sys.stdin.buffer.read())
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return code


def limit_self() -> None:
    """Give up what a picture needs not; Windows has no such limits, there the deadline alone holds."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        for what, most in (
            (resource.RLIMIT_AS, _MEMORY),
            (resource.RLIMIT_CPU, _CPU_S),
            (resource.RLIMIT_FSIZE, 1 << 20),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, 32),
        ):
            resource.setrlimit(what, (most, most))


def make(body: bytes) -> tuple[int, bytes]:
    """Return what a file is, and its thumbnail where it is a picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - after the limits

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        # Only the first picture of one that moves is ever decoded.
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            image.draft("RGB", (SIDE * 2, SIDE * 2))
            image.thumbnail((SIDE, SIDE))
            turned = ImageOps.exif_transpose(image).convert("RGBA")
        small = Image.new("RGB", turned.size, "white")
        small.paste(turned, mask=turned.getchannel("A"))
    except UnidentifiedImageError:
        return NOT_AN_IMAGE, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_BIG, b""
    except Exception:  # noqa: BLE001 - a decoder may raise anything; that is what this process is for
        return BROKEN, b""
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return OK, out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
