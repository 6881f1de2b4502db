"""Post and withdraw the app's notifications: one a chat with its unread messages, and one that sums them up."""

from __future__ import annotations

import base64
import hashlib

from devices.simulated.contract import Notification, NotifiedMessage
from devices.simulated.whatsapp.model import Chat, Message
from devices.simulated.whatsapp.state import AppState
from devices.simulated.whatsapp.words import Words, clock_length

_ID = 1
_EMOJI = {
    "photo": "📷",
    "album": "📷",
    "view_once": "📷",
    "video": "🎥",
    "gif": "👾",
    "voice": "🎤",
    "document": "📄",
    "sticker": "💟",
    "location": "📌",
    "contact": "👤",
    "poll": "📊",
    "call": "📞",
}


def tag_of(jid: str) -> str:
    """Return a chat's notification tag: base64 of a hash, ending in a newline."""
    return base64.b64encode(hashlib.sha256(jid.encode()).digest()).decode() + "\n"


def notified_text(message: Message, words: Words) -> str:
    """Return a message as its notification says it."""
    emoji = _EMOJI.get(message.kind)
    if emoji is None:
        return message.text or words("unknown")
    return f"{emoji} {message.text or _media_words(message, words)}"


def _media_words(message: Message, words: Words) -> str:
    if message.kind == "voice":
        return f"{words('voice')} ({clock_length(message.duration_s)})"
    if message.kind == "call":
        return words(message.name or "missed_call")
    if message.kind in {"document", "contact", "poll"}:
        return message.name
    return words("photo" if message.kind in {"album", "view_once"} else message.kind)


class Notifier:
    """The app's notifications as they stand."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self._shown: dict[str, list[tuple[int, NotifiedMessage]]] = {}

    def post(self, chat: Chat, message: Message) -> None:
        """Show a message that nobody has read."""
        words = self._state.look().words
        sender = self._state.book.name_of(message.sender, chat) if chat.kind == "group" else chat.title
        stamp = round(message.sent_at.timestamp() * 1000)
        line = NotifiedMessage(sender, notified_text(message, words), stamp)
        self._shown.setdefault(chat.jid, []).append((message.id, line))
        self._summarize(chat)
        self._show(chat)

    def change(self, chat: Chat, message: Message) -> None:
        """Show an edited or deleted message anew, if it stands in a notification."""
        lines = self._shown.get(chat.jid, [])
        words = self._state.look().words
        for position, (number, line) in enumerate(lines):
            if number == message.id:
                text = words("deleted") if message.is_deleted else notified_text(message, words)
                lines[position] = (number, NotifiedMessage(line.sender, text, line.time_ms))
                self._show(chat)

    def read(self, chat: Chat) -> None:
        """Take a chat's notification away, and the summary with the last one."""
        if self._shown.pop(chat.jid, None) is None:
            return
        host, package = self._state.host, self._state.package
        host.cancel(package, _ID, tag_of(chat.jid))
        if not self._shown:
            host.cancel(package, _ID, None)

    def _show(self, chat: Chat) -> None:
        words = self._state.look().words
        lines = self._shown[chat.jid]
        last = lines[-1][1]
        counted = chat.title
        if len(lines) > 1:
            counted = f"{chat.title} ({words.counted('messages', len(lines))})"
        is_group = chat.kind == "group"
        self._state.host.post(
            Notification(
                package=self._state.package,
                id=_ID,
                tag=tag_of(chat.jid),
                channel=_channel(chat),
                title=f"{counted}: {last.sender}" if is_group else chat.title,
                text=last.text,
                messages=tuple(line for _, line in lines),
                shortcut=chat.jid,
                conversation_title=counted if is_group else "",
                is_group=is_group,
                number=len(lines),
                last_row_id=lines[-1][0],
                self_name=words("you"),
                actions=(words("reply"), words("mark_read"), words("mute")),
            )
        )

    def _summarize(self, chat: Chat) -> None:
        words = self._state.look().words
        number = sum(len(lines) for lines in self._shown.values())
        counted = words.counted("messages", number)
        text = self._shown[chat.jid][-1][1].text
        if len(self._shown) > 1:
            text = words("chats_many", messages=counted, chats=len(self._shown))
        business = self._state.package.endswith(".w4b")
        self._state.host.post(
            Notification(
                package=self._state.package,
                id=_ID,
                tag=None,
                channel="silent_notifications_3",
                title="WA Business" if business else "WhatsApp",
                text=text,
                shortcut=chat.jid,
                is_summary=True,
                ticker=words("message_from", name=chat.title),
                number=number,
                self_name=words("you"),
            )
        )


def _channel(chat: Chat) -> str:
    if chat.is_muted:
        return "silent_notifications_3"
    return "group_chat_defaults_2" if chat.kind == "group" else "individual_chat_defaults_1"
