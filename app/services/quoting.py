"""Replies that quote a message: its row is found beyond doubt, quoted on the phone, checked, and only then typed under.

Whatever is not sure is refused while the entry is empty; a bar of ours never stays before a person's finger.
"""

from __future__ import annotations

import logging

from app.domain.errors import BadInput, PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.ids import ChatId, MessageId
from app.domain.message import Kind, Quote
from app.domain.observation import ChatSeen, RowSeen
from app.domain.ports import ChatTarget, PhoneThread
from app.domain.quoting import ReplyQuote, quote_of
from app.domain.reply import Reason, Reply, ReplyState
from app.mirror.planning import Verdict
from app.mirror.quoting import Sight, find_row
from app.mirror.run import begin_run, whole_rows
from app.outbox.quoting import is_quoted, names
from app.services.mirroring import OPEN_S, Mirroring
from app.store import messages, replies
from app.store.accounts import Account
from app.store.engine import Reader, Store

logger = logging.getLogger(__name__)

QUOTE_S = 45.0
WINDOWS = 8
"""Windows further up in which a message is looked for. A choice."""
_CAREFUL_WINDOWS = 3 * WINDOWS
"""Small steps, tried where ordinary ones left windows that do not join."""
_LOOKS = 3
"""So often rows may move away before they are touched."""
_MAY_HAVE_LEFT = frozenset({ReplyState.QUEUED, ReplyState.FAILED, ReplyState.CANCELLED})


class Quoting:
    """How a quote gets over the entry of a chat, and away again."""

    def __init__(self, store: Store, mirroring: Mirroring) -> None:
        self._store = store
        self._mirroring = mirroring

    async def clear_left(
        self, phone: PhoneThread, target: ChatTarget, reply: Reply, seen: ChatSeen, ours: frozenset[str]
    ) -> ChatSeen:
        """Close a bar that a run of ours left in the chat, with what it typed; return the chat as it is then.

        Raises:
            SendRefused: It is a person's.
        """
        entry = seen.entry
        bar = entry.quote if entry is not None else None
        if entry is None or (bar is None and (reply.quote is None or not entry.text)):
            return seen
        is_ours = entry.text in ours | {"", reply.body}
        if bar is not None and is_ours:
            is_ours = any(names(bar, one, target) for one in await self._left_quotes(reply))
        if not is_ours:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        logger.info("reply %s: what was left in the entry is removed", reply.id)
        await phone.call(lambda p: p.clear_entry(target, entry.text), QUOTE_S)
        return await phone.call(lambda p: p.read_chat(target), QUOTE_S)

    async def _left_quotes(self, reply: Reply) -> list[ReplyQuote]:
        """Return what runs that died or gave up may have quoted in this chat."""
        async with self._store.read() as connection:
            left = await replies.list_replies(connection, chat_id=reply.chat, states=_MAY_HAVE_LEFT)
        # At its first attempt a reply cannot have left anything.
        found = [one.quote for one in (*left, reply) if one.id != reply.id or reply.attempts > 1]
        return [one for one in found if one is not None]

    async def type(
        self, phone: PhoneThread, account: Account, target: ChatTarget, reply: Reply, seen: ChatSeen
    ) -> ChatSeen:
        """Quote the reply's message in the open chat and type its text; return the chat as read back.

        Args:
            phone: The phone's thread.
            account: The account.
            target: The open chat.
            reply: A reply with a quote.
            seen: The chat at its newest message, as the mirror has just taken it.

        Raises:
            SendRefused: It is certain that nothing was sent; our quote and text are gone from the entry.
        """
        quoted, bar = await self._quote(phone, account, target, reply, seen)
        if quoted != reply.quote:
            async with self._store.write() as unit:
                await replies.renew_quote(unit, reply.id, quoted)
        try:
            seen = await phone.call(lambda p: p.end_of_chat(target), OPEN_S)
            return await phone.call(lambda p: p.type_reply(target, reply.body, frozenset(), bar), QUOTE_S)
        except (SendRefused, ScreenNotRecognised):
            await self.withdraw(phone, target, reply, bar)
            raise

    async def _quote(
        self, phone: PhoneThread, account: Account, target: ChatTarget, reply: Reply, seen: ChatSeen
    ) -> tuple[ReplyQuote, Quote]:
        """Have the app quote the reply's message; return it, and the bar, which names it beyond doubt."""
        for _ in range(_LOOKS):
            quoted, row, window = await self._find(phone, account, target, reply, seen)
            after = await phone.call(lambda p, row=row: p.quote_row(target, row), QUOTE_S)  # type: ignore[misc]
            bar = after.entry.quote if after.entry is not None else None
            if bar is None:
                # Something came and moved the rows; nothing was touched.
                seen = await self._again(phone, account, target, reply)
            elif is_quoted(bar, quoted, target, row, window, after):
                return quoted, bar
            else:
                await phone.call(lambda p, bar=bar: p.drop_quote(target, bar), QUOTE_S)  # type: ignore[misc]
                break
        raise SendRefused(Reason.QUOTE_NOT_TAKEN)

    async def withdraw(self, phone: PhoneThread, target: ChatTarget, reply: Reply, bar: Quote | None) -> None:
        """Leave no text of ours under a quote, and no quote of ours over another text. Never raises."""
        try:
            entry = (await phone.call(lambda p: p.read_chat(target), QUOTE_S)).entry
            if entry is not None and entry.text == reply.body and (bar or entry.quote) is not None:
                await phone.call(lambda p: p.clear_entry(target, reply.body), QUOTE_S)
            elif bar is not None:
                await phone.call(lambda p: p.drop_quote(target, bar), QUOTE_S)
        except (PhoneLost, ScreenNotRecognised, SendRefused) as error:
            logger.info("reply %s: its quote may stand in the entry: %s", reply.id, type(error).__name__)

    async def _find(
        self, phone: PhoneThread, account: Account, target: ChatTarget, reply: Reply, seen: ChatSeen
    ) -> tuple[ReplyQuote, RowSeen, ChatSeen]:
        """Return the message as it is now, its row, and the window in view, which shows it.

        Raises:
            SendRefused: It is not in the newest windows, or cannot be told from another.
        """
        sight = await self._climb(phone, target, reply, seen, careful=False)
        if isinstance(sight, Sight):
            # Something came while the chat was read, or two windows did not join.
            seen = await self._again(phone, account, target, reply)
            sight = await self._climb(phone, target, reply, seen, careful=True)
        if isinstance(sight, Sight):
            raise SendRefused(Reason.QUOTE_AMBIGUOUS if sight is Sight.AMBIGUOUS else Reason.QUOTE_NOT_FOUND)
        return sight

    async def _again(self, phone: PhoneThread, account: Account, target: ChatTarget, reply: Reply) -> ChatSeen:
        """Have the mirror take the end of the chat once more, and return it."""
        seen = await phone.call(lambda p: p.open_chat(target), OPEN_S)
        read = await self._mirroring.take_chat(phone, account, reply.chat, seen, lambda: False)
        if read.plan.verdict is not Verdict.PLACED:
            raise SendRefused(Reason.QUOTE_NOT_FOUND)
        return await phone.call(lambda p: p.open_chat(target), OPEN_S) if read.pages else seen

    async def _climb(
        self, phone: PhoneThread, target: ChatTarget, reply: Reply, seen: ChatSeen, *, careful: bool
    ) -> tuple[ReplyQuote, RowSeen, ChatSeen] | Sight:
        """Go up window by window until the message's row is in view; return why it is not found."""
        assert reply.quote is not None  # noqa: S101 - only replies with a quote get here
        wanted = reply.quote.message
        async with self._store.read() as connection:
            known = await messages.load_window(connection, reply.chat)
        entries = [entry for entry in known.entries if not entry.gone]
        run = begin_run(seen)
        for _ in range(_CAREFUL_WINDOWS if careful else WINDOWS):
            place = find_row(entries, run.rows, wanted)
            if place.sight is Sight.HERE:
                entry = next(one for one in entries if one.id == wanted)
                quoted = quote_of(entry.id, entry.direction, entry.content)
                return quoted, whole_rows(seen)[place.index], seen
            if place.sight is not Sight.FURTHER_UP or run.starts_chat:
                return place.sight
            longer, seen = await self._mirroring.go_up(phone, target, run, seen, careful=careful)
            if longer is None:
                return Sight.LOST
            run = longer
        return Sight.FURTHER_UP


async def find_quoted(connection: Reader, chat: ChatId, message: MessageId) -> ReplyQuote:
    """Return what a reply to a chat carries that quotes a message.

    Raises:
        BadInput: There is no such message in this chat, or it has no text by which the phone could be checked.
    """
    entry = await messages.get_entry(connection, chat, message)
    if entry is None or entry.gone:
        raise BadInput(f"this chat has no message {message}; `phoneshelf messages CHAT` lists them with their ids")
    if entry.content.kind is not Kind.TEXT or not entry.content.text.strip():
        raise BadInput("only a message with a text can be quoted; nothing was queued")
    return quote_of(entry.id, entry.direction, entry.content)
