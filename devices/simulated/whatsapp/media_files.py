"""Put small real files where the app keeps its media, named, numbered and dated as the app does.

Folders and the forms of names are known; each thing that no capture shows is marked as invented.
"""

from __future__ import annotations

import posixpath
from datetime import datetime

from devices.simulated.whatsapp.media_bytes import content_of, shown_size
from devices.simulated.whatsapp.model import Chat, Message
from devices.simulated.whatsapp.state import AppState

_FOLDERS = {
    "photo": ("Images", "IMG", "jpg"),
    "album": ("Images", "IMG", "jpg"),
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


def old_media_root(package: str) -> str:
    """Return the folder that phones before Android 11 have."""
    name = "WhatsApp Business" if package.endswith(".w4b") else "WhatsApp"
    return f"/storage/emulated/0/{name}/Media/{name}"


def store_media(message: Message, state: AppState, chat: Chat | None = None) -> None:
    """Write a message's files, once the phone has them, and note their paths."""
    if message.kind not in _FOLDERS or message.paths:
        return
    if message.kind in ("photo", "video", "document") and not message.size:
        message.size = shown_size(len(content_of(message, 0)))
    if message.is_downloaded and not _reuses(message, state):
        _write(message, state, message.sent_at, chat is not None and chat.is_media_private)


def download_media(message: Message, state: AppState, chat: Chat) -> None:
    """A person asks for the file of an older message: its time is now, its name has the day of the message.

    invented: which day the name has.
    """
    message.change(is_downloaded=True)
    if message.kind in _FOLDERS and not message.paths:
        _write(message, state, state.host.now(), chat.is_media_private)


def drop_media(message: Message, state: AppState) -> None:
    """Delete the files of a message that was deleted for everyone. invented: own ones stay."""
    if not message.is_own:
        for path in message.paths:
            state.host.remove(path)


def _reuses(message: Message, state: AppState) -> bool:
    """What is forwarded by hand gets no second file. invented: which file it is, for no test forwards a certain one."""
    if not (message.is_own and message.is_forwarded):
        return False
    others = [m for chat in state.book.chats.values() for m in chat.messages if m.kind == message.kind and m.paths]
    if others:
        message.paths = list(others[-1].paths)
    return bool(others)


def _write(message: Message, state: AppState, at: datetime, is_private: bool) -> None:
    folder = _folder(message, state, is_private)
    for place in range(max(1, message.count) if message.kind == "album" else 1):
        path = _path(message, state, folder)
        state.host.save(path, content_of(message, place), at)
        message.paths.append(path)


def _folder(message: Message, state: AppState, is_private: bool) -> str:
    root = old_media_root(state.package) if state.settings.has_old_folders else media_root(state.package)
    base = f"{root} {_FOLDERS[message.kind][0]}"
    if message.kind == "voice":
        year, week, _ = message.sent_at.isocalendar()
        return f"{base}/{year}{week:02}"
    below = "Sent" if message.is_own else "Private" if is_private else ""
    if below and f"{base}/{below}/.nomedia" not in state.host.files:
        state.host.save(f"{base}/{below}/.nomedia", b"", message.sent_at)
    return posixpath.join(base, below) if below else base


def _path(message: Message, state: AppState, folder: str) -> str:
    if message.kind == "document" and message.name:
        return _unused(f"{folder}/{message.name}", state)
    _, prefix, ending = _FOLDERS[message.kind]
    start = f"{prefix}-{message.sent_at:%Y%m%d}-WA"
    # One count a day for all chats, own and received. invented: that each kind has a count of its own.
    number = state.media_counts[start] = state.media_counts.get(start, -1) + 1
    return f"{folder}/{start}{number:04}.{ending}"


def _unused(path: str, state: AppState) -> str:
    """invented: how the second document of one name is called."""
    stem, dot, ending = path.rpartition(".")
    stem, ending = (stem, dot + ending) if dot and "/" not in ending else (path, "")
    number = 0
    while path in state.host.files:
        number += 1
        path = f"{stem} ({number}){ending}"
    return path
