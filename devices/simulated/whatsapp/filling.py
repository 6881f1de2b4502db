"""Make up an account's history: seeded people, groups and messages in Dutch and English.

Equal seeds give equal histories.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from devices.simulated.whatsapp.media_files import store_media
from devices.simulated.whatsapp.model import MEDIA_KINDS, Chat, Message, Quote
from devices.simulated.whatsapp.state import AppState

_FIRST = (
    "Sanne",
    "Daan",
    "Emma",
    "Bram",
    "Lotte",
    "Thijs",
    "Fleur",
    "Ruben",
    "Noor",
    "Jasper",
    "Olivia",
    "Harry",
    "Amelia",
    "Jack",
    "Isla",
    "Oscar",
    "Femke",
    "Sjoerd",
    "Anouk",
    "Willem",
)
_LAST = (
    "de Vries",
    "Jansen",
    "Bakker",
    "Visser",
    "Smit",
    "Mulder",
    "Bos",
    "Dekker",
    "Smith",
    "Taylor",
    "Brown",
    "Wilson",
    "van Dijk",
    "Hendriks",
    "Kuipers",
    "Hughes",
)
_GROUPS = ("Team Winkel", "Bezorgers Noord", "Weekend shift", "Familie Bakker", "Buurtapp 🏡", "Suppliers NL/UK")
FIRST_LINES = {
    "nl": (
        "Hoi, is de zwarte maat 42 nog op voorraad?",
        "Goedemorgen! Kan ik mijn bestelling vandaag ophalen?",
        "Ik heb net betaald, kun je even kijken of het gelukt is?",
        "Hoe laat zijn jullie open op zaterdag?",
        "De track & trace doet het niet 😕 kunnen jullie kijken waar mijn pakket is?",
        "Bedankt voor de snelle reactie!",
        "Ordernummer is 40{n}, alvast bedankt",
        "Kan het ook in het blauw?\nEn wat kost verzending naar België?",
        "Mag ik het ruilen voor een maatje groter?",
        "Top, dan kom ik straks langs 👍",
    ),
    "en": (
        "Hi, do you still have the black one in size 42?",
        "Good morning! Can I pick up my order today?",
        "I just paid, could you check whether it came through?",
        "What are your opening hours on Saturday?",
        "The tracking link doesn't work 😕 could you check where my parcel is?",
        "Thanks for the quick reply!",
        "Order number is 40{n}, thanks in advance",
        "Is it available in blue too?\nAnd what's shipping to Belgium?",
        "Could I exchange it for one size up?",
        "Great, I'll drop by later 👍",
    ),
}
SHORT_LINES = {
    "nl": ("ok", "ok", "Ja", "Nee", "👍", "Bedankt!", "Prima", "Oké", "Hallo?", "Is goed", "😂😂"),
    "en": ("ok", "ok", "Yes", "No", "👍", "Thanks!", "Fine", "Okay", "Hello?", "Sounds good", "😂😂"),
}
_REPLIES = {
    "nl": (
        "Ik kijk het even na.",
        "Ja, die hebben we nog!",
        "We zijn tot 18:00 open.",
        "Graag gedaan!",
        "Uw pakket is vandaag onderweg. U krijgt een sms met het tijdvak zodra de bezorger in de buurt is.",
    ),
    "en": (
        "Let me check that for you.",
        "Yes, we still have it!",
        "We're open until 18:00.",
        "You're welcome!",
        "Your parcel is out for delivery today. You will get a text with the time slot once the driver is near.",
    ),
}
_LONG = {
    "nl": "Even het hele verhaal, want het is wat lastig uit te leggen. ",
    "en": "Let me tell the whole story, because it is a bit hard to explain. ",
}
_KINDS = ("text",) * 30 + (
    "photo",
    "photo",
    "voice",
    "document",
    "sticker",
    "location",
    "contact",
    "video",
    "poll",
    "call",
    "view_once",
    "album",
    "unknown",
    "waiting",
)


class Lines:
    """Says something in the language of a chat; the same chat always speaks the same one."""

    def __init__(self, source: random.Random) -> None:
        self._random = source

    def one(self, lines: Mapping[str, tuple[str, ...]], jid: str) -> str:
        """Return a line."""
        language = "nl" if jid.startswith("31") or sum(map(ord, jid)) % 3 else "en"
        return self._random.choice(lines[language]).replace("{n}", str(self._random.randrange(100, 999)))


def fill_media(message: Message, source: random.Random) -> None:
    """Give a message that is no text what its kind needs."""
    kind = message.kind
    if kind in {"voice", "video", "gif"}:
        message.duration_s = source.randrange(2, 75)
    elif kind == "document":
        message.name = source.choice(("factuur_{n}.pdf", "Invoice {n}.pdf", "IMG_{n}.jpg", "bon-{n}.pdf"))
        message.name = message.name.replace("{n}", str(source.randrange(1000, 9999)))
        message.info = str(source.randrange(1, 5)) if message.name.endswith(".pdf") else ""
        message.size = f"{source.randrange(20, 900)} kB"
    elif kind == "location":
        message.name, message.info = "Dam 1", "1012 JS Amsterdam"
    elif kind == "contact":
        message.name = f"{source.choice(_FIRST)} {source.choice(_LAST)}"
    elif kind == "poll":
        message.name, message.options = "Wanneer komt het uit?", ("Vandaag", "Morgen", "Zaterdag")
    elif kind == "album":
        message.count = source.randrange(4, 9)


class Filling:
    """One made-up account."""

    def __init__(self, state: AppState, seed: int) -> None:
        self._state = state
        self._random = random.Random(seed)
        self._lines = Lines(self._random)
        self._texts_only = False

    def fill(self, chats: int, messages: int, group_share: float = 0.15, *, texts_only: bool = False) -> list[Chat]:
        """Add chats with about `messages` messages each, of all kinds or texts alone; return them."""
        self._texts_only = texts_only
        made = []
        for number in range(chats):
            is_group = self._random.random() < group_share and number > 1
            chat = self._group(number) if is_group else self._person(number)
            self._history(chat, max(1, round(messages * self._random.uniform(0.6, 1.4))))
            made.append(chat)
        return made

    def _number(self, number: int) -> str:
        if self._random.random() < 0.8:
            return f"316{self._random.randrange(10, 99)}{number:03}{self._random.randrange(100, 999)}"
        return f"4479{self._random.randrange(10, 99)}{number:03}{self._random.randrange(100, 999)}"

    def _person(self, number: int) -> Chat:
        chat = self._state.book.open(f"{self._number(number)}@s.whatsapp.net")
        if self._random.random() < 0.6:
            chat.name = self._unused(f"{self._random.choice(_FIRST)} {self._random.choice(_LAST)}")
        return chat

    def _unused(self, name: str) -> str:
        """Return a name that no other chat has: `add_chat` makes namesakes where a test wants them."""
        used = {chat.name for chat in self._state.book.chats.values()}
        number = 2
        while name in used:
            name = f"{name.removesuffix(f' {number - 1}')} {number}"
            number += 1
        return name

    def _group(self, number: int) -> Chat:
        chat = self._state.book.open(f"120363{self._random.randrange(10**8, 10**9)}{number:03}@g.us")
        chat.name = self._unused(self._random.choice(_GROUPS))
        for place in range(self._random.randrange(2, 6)):
            name = self._random.choice(_FIRST)
            saved = self._random.random() < 0.6
            chat.members[f"{self._number(900 + place)}@s.whatsapp.net"] = name if saved else f"~\u202f{name}"
        return chat

    def _history(self, chat: Chat, count: int) -> None:
        moments = self._moments(count)
        state = self._state
        first = moments[0] - timedelta(minutes=1)
        chat.messages.append(Message(state.book.new_id(), "e2e", first))
        for moment in moments:
            chat.messages.append(self._message(chat, moment))

    def _moments(self, count: int) -> list[datetime]:
        now = self._state.host.now().replace(microsecond=0)
        moment = now - timedelta(minutes=self._random.uniform(3, 3000))
        found = []
        for _ in range(count):
            found.append(moment + timedelta(milliseconds=self._random.randrange(1000)))
            is_burst = self._random.random() < 0.35
            step = self._random.uniform(2, 40) if is_burst else self._random.expovariate(1 / 9000)
            moment -= timedelta(seconds=step)
        return found[::-1]

    def _message(self, chat: Chat, moment: datetime) -> Message:
        source = self._random
        is_own = source.random() < 0.42
        sender = "" if is_own else source.choice(sorted(chat.members)) if chat.members else chat.jid
        kind = source.choice(_KINDS)
        if self._texts_only or (is_own and kind in {"waiting", "unknown", "call"}):
            kind = "text"
        message = Message(self._state.book.new_id(), kind, moment, sender)
        if is_own:
            message.status = source.choice(("read", "read", "read", "delivered"))
        if kind == "text":
            message.text = self._text(chat, is_own)
            self._decorate(chat, message)
        fill_media(message, source)
        if kind in MEDIA_KINDS:
            store_media(message, self._state, chat)
        return message

    def _text(self, chat: Chat, is_own: bool) -> str:
        chance = self._random.random()
        if chance < 0.25:
            return self._lines.one(SHORT_LINES, chat.jid)
        lines = _REPLIES if is_own else FIRST_LINES
        text = self._lines.one(lines, chat.jid)
        if self._texts_only:
            # With some of two sentences about twelve fill a window.
            return f"{text} {self._lines.one(lines, chat.jid)}" if chance > 0.5 else text
        if chance > 0.985:
            return self._lines.one({key: (value,) for key, value in _LONG.items()}, chat.jid) + (text + " ") * 14
        return text

    def _decorate(self, chat: Chat, message: Message) -> None:
        chance = self._random.random()
        others = [other for other in chat.messages if other.kind == "text"]
        if chance < 0.05 and others:
            other = self._random.choice(others[-8:])
            title = "You" if other.is_own else self._state.book.name_of(other.sender, chat)
            message.quote = Quote(title, other.text)
        elif chance < 0.07:
            message.reactions.append((chat.jid if message.is_own else "", self._random.choice("👍❤😂")))
        elif chance < 0.085:
            message.is_edited = True
        elif chance < 0.095:
            message.is_deleted = True
        elif chance < 0.105:
            message.is_forwarded = True
