"""What a file is by its first bytes. Its name is never asked: whoever sent it chose that."""

from __future__ import annotations

HEAD = 512
"""So many bytes tell."""
UNKNOWN = "application/octet-stream"
_STARTS: dict[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"PK\x05\x06": "application/zip",
    b"MZ": "application/x-msdownload",
    b"\x7fELF": "application/x-executable",
    b"#!": "text/x-script",
    b"#!AMR": "audio/amr",
    b"ID3": "audio/mpeg",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/x-ole-storage",
    b"\x1aE\xdf\xa3": "video/x-matroska",
    b"Rar!\x1a\x07": "application/vnd.rar",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
    b"\x1f\x8b": "application/gzip",
    b"BM": "image/bmp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
_BRANDS = {b"heic": "image/heic", b"mif1": "image/heic", b"avif": "image/avif", b"M4A ": "audio/mp4"}
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf", "video/mp4": ".mp4", "video/3gpp": ".3gp", "audio/ogg": ".opus", "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3", "audio/amr": ".amr",
}  # fmt: skip
THUMBNAILED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def sniff(head: bytes) -> str:
    """Return the media type that the first bytes of a file tell; markup and text are told from other bytes."""
    # The longest mark counts: "#!AMR" is no script.
    found = max((mark for mark in _STARTS if head.startswith(mark)), key=len, default=None)
    return _STARTS[found] if found else _sniff_parts(head)


def _sniff_parts(head: bytes) -> str:
    """Tell what has its mark further in, or several."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], UNKNOWN)
    if head[:4] == b"OggS":
        return "audio/ogg"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand, "video/3gpp" if brand.startswith(b"3gp") else "video/mp4")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"
    return _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    if not head or b"\x00" in head:
        return UNKNOWN
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<?xml", b"<svg", b"<!doctype svg")):
        return "image/svg+xml" if b"<svg" in text or b"doctype svg" in text else "text/xml"
    if text.startswith((b"<!doctype html", b"<html", b"<script")):
        return "text/html"
    if text.startswith(b"begin:vcard"):
        return "text/vcard"
    return "text/plain" if all(byte >= 32 or byte in b"\t\r\n\f\x1b" for byte in head) else UNKNOWN


def ending_of(mime: str) -> str:
    """Return the ending that files of a type have, "" where none is safe to give."""
    return _ENDINGS.get(mime, "")
