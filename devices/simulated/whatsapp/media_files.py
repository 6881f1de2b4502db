"""Put small real files where the app keeps its media, named as the app names them."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from devices.simulated.whatsapp.model import Message
from devices.simulated.whatsapp.state import AppState

_FOLDERS = {
    "photo": ("Images", "IMG", "jpg"),
    "video": ("Video", "VID", "mp4"),
    "gif": ("Animated Gifs", "VID", "mp4"),
    "voice": ("Voice Notes", "PTT", "opus"),
    "document": ("Documents", "DOC", "bin"),
    "sticker": ("Stickers", "STK", "webp"),
}


def media_root(package: str) -> str:
    """Return the folder of all media of the app."""
    name = "WhatsApp Business" if package.endswith(".w4b") else "WhatsApp"
    return f"/storage/emulated/0/Android/media/{package}/{name}/Media/{name}"


def store_media(message: Message, state: AppState) -> None:
    """Write a message's file and note its path."""
    if message.kind not in _FOLDERS or message.path:
        return
    folder, prefix, ending = _FOLDERS[message.kind]
    at = message.sent_at
    base = f"{media_root(state.package)} {folder}"
    if message.kind == "voice":
        year, week, _ = at.isocalendar()
        base = f"{base}/{year}{week:02}"
    elif message.is_own:
        base = f"{base}/Sent"
    if message.kind == "document" and message.name:
        message.path = f"{base}/{message.name}"
    else:
        start = f"{base}/{prefix}-{at:%Y%m%d}-WA"
        number = sum(1 for path in state.host.files if path.startswith(start)) + 1
        message.path = f"{start}{number:04}.{ending}"
    state.host.files[message.path] = _content(message)


def _content(message: Message) -> bytes:
    seed = hashlib.sha256(f"{message.id}{message.name}".encode()).digest()
    if message.kind == "photo":
        out = io.BytesIO()
        Image.new("RGB", (96, 72), (seed[0], seed[1], seed[2])).save(out, "JPEG", quality=70)
        return out.getvalue()
    if message.kind == "sticker":
        out = io.BytesIO()
        Image.new("RGBA", (64, 64), (seed[0], seed[1], seed[2], 255)).save(out, "WEBP")
        return out.getvalue()
    if message.kind == "document" and message.name.lower().endswith(".pdf"):
        return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" + seed.hex().encode()
    if message.kind == "voice":
        return b"OggS\x00\x02" + seed * (4 + message.duration_s)
    return seed * 16
