"""People: customers who write in bursts and repeat themselves, owners with the phone in hand, an agent who answers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from app.domain.attached import ReplyFile
from app.domain.errors import BadInput, StoreFailed
from app.domain.ids import ReplyId
from app.domain.message import Kind
from app.services.browsing import Chat, MessageRow
from tests.fakes.pictures import picture
from tests.faults.stage import Stage

_SHORT = ("ok", "ja", "nee", "👍", "dank u", "thanks", "hello?", "😂😂", "oké", "yes please")
_WORDS = [
    "levering",
    "bestelling",
    "morgen",
    "factuur",
    "where",
    "is",
    "my",
    "order",
    "please",
    "wanneer",
    "kan",
    "ik",
    "komen",
    "retour",
    "maat",
    "prijs",
    "blue",
]
_LONG = 0.03
_KINDS = ("photo", "photo", "voice", "document", "sticker", "location", "video")


_FILES = 0.2
"""The share of replies that carry one."""
_QUOTES = 0.2
"""The share of the others that quote one of the newest messages."""


@dataclass(slots=True)
class Asked:
    """A reply that the outbox accepted."""

    address: str
    title: str
    body: str
    quote: str = ""
    """The text of the message that it quotes, as the mirror had it then."""


@dataclass(slots=True)
class Crowd:
    """Everybody who acts, from one seed."""

    stage: Stage
    dice: random.Random
    replies: dict[ReplyId, Asked] = field(default_factory=dict)
    did: Counter[str] = field(default_factory=Counter)
    _chats: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    async def meet(self) -> None:
        """Learn who is on each phone, and archive one of them there."""
        for address in self.stage.phones.addresses:
            found = await self.stage.ask(address, "truth")
            self._chats[address] = [chat for chat in found if chat["messages"]]
            await self.stage.ask(address, "add_chat", jid=self._chats[address][2]["jid"], is_archived=True)

    async def write(self, a_minute: float) -> None:
        """Let customers and owners write until cancelled."""
        while True:
            await asyncio.sleep(self.dice.expovariate(a_minute / 60))
            address = self.dice.choice(self.stage.phones.addresses)
            chat = self._pick(address)
            act = self.dice.choices(
                (self._say, self._burst, self._send_media, self._by_hand, self._change, self._late, self._tick),
                (60, 5, 8, 6, 8, 2, 11),
            )[0]
            await act(address, chat["jid"])

    async def answer(self, a_minute: float) -> None:
        """Queue replies until cancelled."""
        while True:
            await asyncio.sleep(self.dice.expovariate(a_minute / 60))
            try:
                await self._queue()
            except (BadInput, StoreFailed) as error:
                self.stage.note("", f"reply refused: {type(error).__name__}")

    def _pick(self, address: str) -> dict[str, Any]:
        """Some chats are much busier than others."""
        chats = self._chats[address]
        return chats[min(int(self.dice.expovariate(0.6)), len(chats) - 1)]

    def _text(self) -> str:
        if self.dice.random() < 0.4:
            return self.dice.choice(_SHORT)
        if self.dice.random() < _LONG:
            # The app cuts it.
            return " ".join(self.dice.choices(_WORDS, k=200))
        words = self.dice.sample(_WORDS, self.dice.randint(2, 7))
        return " ".join(words) + self.dice.choice(("", "?", "!", " 🙏", "\nGroet"))

    async def _say(self, address: str, jid: str) -> None:
        await self._do("message", address, "customer_writes", chat=jid, text=self._text())

    async def _burst(self, address: str, jid: str) -> None:
        for _ in range(self.dice.randint(3, 14)):
            await self._say(address, jid)

    async def _send_media(self, address: str, jid: str) -> None:
        kind = self.dice.choice(_KINDS)
        for _ in range(self.dice.choice((1, 1, 2, 5)) if kind == "photo" else 1):
            await self._do("media", address, "customer_writes", chat=jid, kind=kind)

    async def _by_hand(self, address: str, jid: str) -> None:
        await self._do("by hand", address, "owner_types_by_hand", chat=jid, text=self._text())

    async def _change(self, address: str, jid: str) -> None:
        verb, more = self.dice.choice((("edit", {"text": self._text()}), ("revoke", {}), ("react", {"emoji": "❤️"})))
        truth = await self.stage.ask(address, "truth", chat=jid)
        mine = [m for m in truth["messages"] if not m["own"] and m["kind"] == "text" and not m["deleted"]]
        if mine:
            one = self.dice.choice(mine[-6:])
            self.stage.earlier.setdefault((address, one["id"]), []).append(one)
            await self._do(verb, address, verb, chat=jid, message=one["id"], **more)

    async def _late(self, address: str, jid: str) -> None:
        await self._do("late", address, "late_arrival", chat=jid, text=self._text() + " (late)")

    async def _tick(self, address: str, jid: str) -> None:
        await self._do("ticks", address, "advance_ticks", chat=jid, to=self.dice.choice(("delivered", "read")))

    async def _do(self, name: str, address: str, verb: str, **arguments: object) -> None:
        await self.stage.ask(address, verb, **arguments)
        self.did[name] += 1

    async def _queue(self) -> None:
        program = self.stage.program
        chats = [chat for chat in await program.browsing.list_chats() if chat.kind == "person" and chat.number]
        if not chats:
            return
        chat = self.dice.choice(chats[:8])
        number = len(self.replies) + 1
        body = "Ok" if self.dice.random() < 0.1 else f"Antwoord {number}: {self.dice.choice(_WORDS)} 👍"
        file = self._file(number) if self.dice.random() < _FILES and body != "Ok" else None
        quoted = await self._quoted(chat) if file is None and body != "Ok" and self.dice.random() < _QUOTES else None
        if quoted is not None and quoted.message is not None:
            reply = await program.replying.queue_quote(chat.id, body, quoted.message)
        else:
            reply = await program.replying.queue_reply(chat.id, body, file=file)
        quote = reply.quote.text if reply.quote else ""
        self.replies[reply.id] = Asked(await self._address_of(chat), chat.title, body, quote)
        self.did["reply with a file" if file else "reply with a quote" if quote else "reply"] += 1

    async def _quoted(self, chat: Chat) -> MessageRow | None:
        """Choose one of the newest texts of a chat; most people quote one of the last."""
        rows = await self.stage.program.browsing.list_messages(chat.id, 30)
        texts = [row for row in rows if row.message is not None and row.content.kind is Kind.TEXT and not row.gone]
        texts = [row for row in texts if row.content.text]
        return texts[-min(1 + int(self.dice.expovariate(0.4)), len(texts))] if texts else None

    def _file(self, number: int) -> ReplyFile:
        """Take a photo or a document from the agent's own disk."""
        is_photo = self.dice.random() < 0.5
        path = self.stage.program.settings.home / (f"photo {number}.jpg" if is_photo else f"offer {number}.pdf")
        path.write_bytes(picture() if is_photo else b"%PDF-1.4 offer " + str(number).encode())
        return self.stage.program.attaching.take(path, "caption")

    async def _address_of(self, chat: Chat) -> str:
        accounts = await self.stage.program.browsing.list_accounts()
        return next(one.serial for one in accounts if one.id == chat.account)
