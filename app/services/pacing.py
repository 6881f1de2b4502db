"""Whose turn it is, what each reply waits for, and the last look at the rules before a reply is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.errors import SendRefused
from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.ports import Clock
from app.domain.reply import IN_HAND, Reason, Reply, ReplyState, Wait
from app.outbox.pacing import HOUR, Pace, Turn, find_hold, foresee, take_turn
from app.outbox.policy import ChatHistory, refuse
from app.services.mirroring import zone_of
from app.store import accounts, chats, consents, messages, replies
from app.store.accounts import Account
from app.store.chats import Chat
from app.store.engine import Reader, Store

_ON_THEIR_WAY = IN_HAND | {ReplyState.QUEUED}


class Postponed(Exception):
    """A rule of time holds a reply that was about to be typed; nothing was typed."""


class Pacing:
    """The rules of time, for whoever drives a phone."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def claim_next(self, account: AccountId, holder: str, epoch: int) -> Turn:
        """Take the reply whose turn it is; without one, return when to ask again."""
        async with self._store.read() as connection:
            turn = await _turn(connection, account, self._clock.now())
        if turn.reply is None:
            return turn
        async with self._store.write() as unit:
            # Asked again where nobody else writes: the first look only spares a transaction where nothing waits.
            while True:
                turn = await _turn(unit.connection, account, unit.now)
                if turn.reply is None:
                    return turn
                claimed = await replies.claim(unit, turn.reply.id, holder, epoch)
                if claimed is not None:
                    return Turn(claimed)
                # On a server somebody took it back, or took it, in between: it is queued no more.

    async def first_waiting(self, account: AccountId) -> ChatId | None:
        """Return the chat of the reply that waits longest."""
        async with self._store.read() as connection:
            queue, _ = await replies.list_queue(connection, account)
        return queue[0].chat if queue else None

    async def check_before_typing(self, reply: Reply) -> None:
        """Ask the rules once more, of the chat as it was read just now.

        Raises:
            SendRefused: The reply may not be sent.
            Postponed: It may not be sent now.
        """
        async with self._store.read() as connection:
            account = await accounts.get_account(connection, reply.account)
            chat = await chats.get_chat(connection, reply.chat)
            if chat is None:
                raise LookupError(reply.chat)
            history = await read_history(connection, chat, with_waiting=False)
            pace = await _pace(connection, account, self._clock.now())
        reason = refuse(history, account.policy, {one.rule for one in reply.overrides})
        if reason is not None:
            raise SendRefused(reason)
        if find_hold(reply, pace, self._clock.now()) is not None:
            raise Postponed


async def with_waits(connection: Reader, found: list[Reply], now: datetime) -> list[Reply]:
    """Return replies with what each queued one waits for."""
    waits: dict[ReplyId, Wait] = {}
    held: set[AccountId] = set()
    for account in {one.account for one in found if one.state is ReplyState.QUEUED}:
        if await accounts.is_read_only(connection, account, now):
            # Nobody can tell until when.
            held.add(account)
            continue
        queue, busy = await replies.list_queue(connection, account)
        pace = await _pace(connection, await accounts.get_account(connection, account), now)
        waits |= foresee(queue, busy, pace, now)
    return [
        replace(one, reason=Reason.LAYOUT_UNKNOWN)
        if one.account in held and one.state is ReplyState.QUEUED
        else replace(one, wait=waits.get(one.id))
        for one in found
    ]


async def read_history(connection: Reader, chat: Chat, *, with_waiting: bool) -> ChatHistory:
    """Return what is known of a chat, for the rules.

    Args:
        connection: Where to read.
        chat: The chat.
        with_waiting: Count replies that are queued or in hand: for one that would come behind them.
    """
    sides = await messages.read_sides(connection, chat.id)
    ours = sides.own_since + await replies.count_in_doubt(connection, chat.id, sides.inbound_seen_at)
    under_way = await replies.count_under_way(connection, chat.id, _ON_THEIR_WAY) if with_waiting else 0
    never_read = sides.is_empty and chat.verified_until is None
    return ChatHistory(
        has_inbound=sides.inbound_seen_at is not None,
        has_consent=await consents.has_consent(connection, chat.id),
        unanswered=ours + under_way,
        under_way=under_way,
        is_certain=not (never_read or sides.has_gap_since or chat.unread),
        is_self=chat.kind == "self",
    )


async def _turn(connection: Reader, account: AccountId, now: datetime) -> Turn:
    queue, busy = await replies.list_queue(connection, account)
    if not queue:
        return Turn()
    return take_turn(queue, busy, await _pace(connection, await accounts.get_account(connection, account), now), now)


async def _pace(connection: Reader, account: Account, now: datetime) -> Pace:
    taps = await replies.list_taps(connection, account.id, now - HOUR)
    return Pace(account.policy, zone_of(account.zone), taps)
