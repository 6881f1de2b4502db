"""Messages come in, go out and change afterwards. Every send writes the ledger before the bubble appears."""

from __future__ import annotations

from datetime import datetime

from devices.simulated.whatsapp.conversation import Conversation
from devices.simulated.whatsapp.media_files import drop_media, store_media
from devices.simulated.whatsapp.model import MEDIA_KINDS, TICKS, Chat, Message
from devices.simulated.whatsapp.notifying import Notifier
from devices.simulated.whatsapp.state import AppState
from devices.simulated.whatsapp.words import clock_length

_TICK_DELAYS_S = {"sent": (0.15, 0.7), "delivered": (0.3, 1.8)}


class Messaging:
    """The flow of messages through the app."""

    def __init__(self, state: AppState, notifier: Notifier) -> None:
        self._state = state
        self._notifier = notifier

    def begin(self, chat: Chat, at: datetime) -> None:
        """Put the encryption notice at the top of a chat that has nothing yet."""
        if not chat.messages and chat.kind != "self":
            chat.messages.append(Message(self._state.book.new_id(), "e2e", at, "system"))

    def receive(self, chat: Chat, message: Message, before_id: int = 0) -> Message:
        """Put an incoming message into its chat; tell the person unless the chat is before their eyes."""
        self.begin(chat, message.sent_at)
        if message.kind in MEDIA_KINDS:
            self._take_file(chat, message)
        chat.place(message, before_id)
        chat.typing, chat.preview = "", ""
        chat.is_archived = chat.is_archived and (chat.is_muted or self._state.settings.keeps_archived)
        self._keep_view(chat)
        if self._state.is_watched(chat):
            return message
        chat.unread += 1
        screen = self._state.conversation
        if screen is not None and screen.chat is chat:
            self._begin_unread(screen, message)
        if not chat.is_archived:
            self._notifier.post(chat, message)
        return message

    def _take_file(self, chat: Chat, message: Message) -> None:
        # Voice messages come whatever is set; a sticker is never asked for.
        if not self._state.settings.is_auto_download and message.kind in ("photo", "video", "document", "gif", "album"):
            message.is_downloaded = False
        store_media(message, self._state, chat)

    @staticmethod
    def _begin_unread(screen: Conversation, message: Message) -> None:
        if not screen.unread_from:
            screen.unread_from, screen.unread_count = message.id, 0
        screen.unread_count += 1

    def _keep_view(self, chat: Chat) -> None:
        """Hold what a person reads further up in place when a row is added at the end."""
        screen = self._state.conversation
        if screen is None or screen.chat is not chat or screen.is_at_end():
            return
        look = self._state.look()
        before = screen.rows.copy()
        screen.measure(look)
        added = [row[2] for number, row in screen.rows.items() if number not in before]
        screen.offset += sum(added)

    def send(self, chat: Chat, message: Message) -> Message:
        """Send one's own message: ledger, bubble, then the ticks one after another."""
        self.begin(chat, message.sent_at)
        if message.kind in MEDIA_KINDS:
            store_media(message, self._state, chat)
        self._state.host.record(
            "sent",
            chat=chat.jid,
            text=message.text,
            message=message.id,
            message_kind=message.kind,
            name=message.name,
            by_hand=message.is_by_hand,
            quote=message.quote.text if message.quote is not None else "",
            at=message.sent_at.isoformat(timespec="milliseconds"),
        )
        chat.place(message)
        chat.preview = ""
        screen = self._state.conversation
        if screen is not None and screen.chat is chat:
            screen.offset = 0
            screen.unread_from = screen.unread_count = 0
        self._tick(chat, message, "sent")
        return message

    def _tick(self, chat: Chat, message: Message, status: str) -> None:
        if self._state.settings.is_offline:
            return
        low, high = _TICK_DELAYS_S[status]

        def arrive() -> None:
            if TICKS.index(message.status) < TICKS.index(status) and not self._state.settings.is_offline:
                message.change(status=status)
            if status == "sent":
                self._tick(chat, message, "delivered")
            elif self._state.settings.read_after_s:
                wait = self._state.settings.read_after_s * self._state.random.uniform(0.6, 1.6)
                self._state.host.later(wait, lambda: self.read_by_customer(chat))

        self._state.host.later(self._state.random.uniform(low, high), arrive)

    def retry_pending(self) -> None:
        """Send what waited for a connection."""
        for chat in self._state.book.chats.values():
            for message in chat.messages:
                if message.is_own and message.status == "pending":
                    self._tick(chat, message, "sent")

    def read_by_customer(self, chat: Chat) -> None:
        """Turn the ticks of everything that was delivered to read."""
        for message in chat.messages:
            if message.is_own and message.status == "delivered":
                message.change(status="read")

    def edit(self, chat: Chat, message: Message, text: str) -> None:
        """Change a message's text, as its sender does."""
        message.change(text=text, is_edited=True)
        self._notifier.change(chat, message)

    def revoke(self, chat: Chat, message: Message) -> None:
        """Delete a message for everyone."""
        message.change(is_deleted=True, reactions=[])
        drop_media(message, self._state)
        self._notifier.change(chat, message)

    def react(self, chat: Chat, message: Message, by: str, emoji: str) -> None:
        """Put, change or (with "") take back a reaction."""
        kept = [one for one in message.reactions if one[0] != by]
        message.change(reactions=[*kept, (by, emoji)] if emoji else kept)
        words = self._state.look().words
        text = message.text or (clock_length(message.duration_s) if message.kind == "voice" else "")
        key = "reacted" if by else "reacted_own"
        chat.preview = words(key, emoji=emoji, text=text or words("photo")) if emoji else ""

    def read(self, chat: Chat) -> None:
        """The person sees the chat: nothing of it is unread any more."""
        chat.unread = 0
        self._notifier.read(chat)
