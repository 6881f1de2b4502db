"""The demo's life: seeded people who write by themselves, in Dutch and English, and answer what they are sent."""

from __future__ import annotations

from devices.simulated.whatsapp.filling import FIRST_LINES, SHORT_LINES, Lines, fill_media
from devices.simulated.whatsapp.messaging import Messaging
from devices.simulated.whatsapp.model import Chat, Message
from devices.simulated.whatsapp.state import AppState

_KINDS = ("text",) * 12 + ("photo", "voice", "location", "document", "sticker", "photo")


class Customers:
    """People with a phone of their own. They stop when told to; every choice comes from the app's seed."""

    def __init__(self, state: AppState, messaging: Messaging) -> None:
        self._state = state
        self._messaging = messaging
        self._lines = Lines(state.random)
        self._pause_s = 0.0
        self._answers = False
        self._round = 0
        self._seen: dict[str, int] = {}

    def live(self, pause_s: float, is_answering: bool = True) -> None:
        """Begin to write about every `pause_s` seconds; 0 stops."""
        self._pause_s = pause_s
        self._answers = is_answering
        self._round += 1
        if pause_s:
            self._state.settings.read_after_s = self._state.settings.read_after_s or 4.0
            for chat in self._state.book.chats.values():
                self._seen[chat.jid] = self._newest_own(chat)
            self._wait(self._round)
            self._listen(self._round)

    def _wait(self, number: int) -> None:
        pause = self._state.random.expovariate(1 / self._pause_s)
        self._state.host.later(min(pause, self._pause_s * 4) + 0.5, lambda: self._write(number))

    def _write(self, number: int) -> None:
        if number != self._round or not self._pause_s:
            return
        chats = [chat for chat in self._state.book.chats.values() if chat.kind != "self" and not chat.is_archived]
        if chats:
            chat = self._state.random.choice(chats)
            burst = self._state.random.choice((1, 1, 1, 2, 3))
            self._type_then_say(chat, burst, number)
        self._wait(number)

    def _type_then_say(self, chat: Chat, burst: int, number: int) -> None:
        chat.typing = self._writer(chat)
        delay = self._state.random.uniform(1.0, 3.5)
        self._state.host.later(delay, lambda: self._say(chat, burst, number))

    def _say(self, chat: Chat, burst: int, number: int) -> None:
        sender = chat.typing or self._writer(chat)
        chat.typing = ""
        if number != self._round:
            return
        self._messaging.receive(chat, self._compose(chat, sender))
        if burst > 1:
            delay = self._state.random.uniform(0.6, 2.5)
            self._state.host.later(delay, lambda: self._say(chat, burst - 1, number))

    def _writer(self, chat: Chat) -> str:
        return self._state.random.choice(sorted(chat.members)) if chat.members else chat.jid

    def _compose(self, chat: Chat, sender: str) -> Message:
        source = self._state.random
        kind = source.choice(_KINDS)
        lines = SHORT_LINES if source.random() < 0.3 else FIRST_LINES
        text = self._lines.one(lines, chat.jid) if kind == "text" else ""
        message = self._state.new_message(chat, kind, sender, text)
        fill_media(message, source)
        return message

    def _listen(self, number: int) -> None:
        """Look every second for something new from the agent, and answer it."""
        if number != self._round or not self._pause_s or not self._answers:
            return
        for chat in self._state.book.chats.values():
            newest = self._newest_own(chat)
            if chat.kind == "person" and newest > self._seen.get(chat.jid, 0):
                self._seen[chat.jid] = newest
                self._state.host.later(self._state.random.uniform(1.5, 5.0), self._answering(chat, number))
        self._state.host.later(1.0, lambda: self._listen(number))

    def _answering(self, chat: Chat, number: int) -> _Answer:
        return _Answer(self, chat, number)

    def answer(self, chat: Chat, number: int) -> None:
        """Read what the agent wrote and reply to it."""
        self._messaging.read_by_customer(chat)
        self._type_then_say(chat, 1, number)

    @staticmethod
    def _newest_own(chat: Chat) -> int:
        return max((message.id for message in chat.messages if message.is_own), default=0)


class _Answer:
    """One answer that is on its way."""

    def __init__(self, customers: Customers, chat: Chat, number: int) -> None:
        self._customers = customers
        self._chat = chat
        self._number = number

    def __call__(self) -> None:
        self._customers.answer(self._chat, self._number)
