"""Learns the words of each phone from what its chats show, and keeps them with its account."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.ids import AccountId, ChatId, MessageId
from app.domain.message import Entry
from app.domain.observation import ListRowSeen, RowSeen
from app.domain.words import LearnedWords, WordEvidence
from app.mirror.learning import find_cut, find_dates, find_deleted, follow_ticks, pair_rows
from app.store import accounts, chats
from app.store.engine import Store, Unit

_MOST_SAID = 5_000


class Learning:
    """What own messages said last, and what follows from it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._said: dict[MessageId, str] = {}
        self._fresh: set[AccountId] = set()

    async def take_rows(
        self, unit: Unit, chat_id: ChatId, before: Sequence[Entry], after: Sequence[Entry], rows: Sequence[RowSeen]
    ) -> None:
        """Learn from rows that were just placed.

        Args:
            unit: The transaction that placed them.
            chat_id: Their chat.
            before: The newest messages as they were known before.
            after: The same, as they are known now.
            rows: The rows, up to the newest message.
        """
        pairs = pair_rows(after, rows)
        now, ticks = follow_ticks(pairs, self._said)
        self._remember(now)
        news = ticks.joined(find_cut(pairs)).joined(find_deleted(before, rows))
        if news == WordEvidence():
            return
        chat = await chats.get_chat(unit.connection, chat_id)
        if chat is not None:
            await self._keep(unit, chat.account, news)

    async def take_list(self, unit: Unit, account: AccountId, rows: Sequence[ListRowSeen]) -> None:
        """Learn from a window of the chat list."""
        news = find_dates(rows)
        if news != WordEvidence():
            await self._keep(unit, account, news)

    async def fresh_words(self, account: AccountId) -> LearnedWords | None:
        """Return the words of a phone if they changed since this was last asked."""
        if account not in self._fresh:
            return None
        self._fresh.discard(account)
        async with self._store.read() as connection:
            return (await accounts.get_account(connection, account)).words

    async def read_evidence(self, account: AccountId) -> WordEvidence:
        """Return what was seen of the words of a phone."""
        async with self._store.read() as connection:
            return (await accounts.get_account(connection, account)).evidence

    async def forget(self, account: AccountId) -> None:
        """Begin anew; the driver forgets when it connects to the phone the next time."""
        async with self._store.write() as unit:
            await accounts.set_words(unit, account, None)
        self._fresh.add(account)

    def _remember(self, now: dict[MessageId, str]) -> None:
        for one in now:
            self._said.pop(one, None)
        self._said |= now
        for one in list(self._said)[: max(0, len(self._said) - _MOST_SAID)]:
            del self._said[one]

    async def _keep(self, unit: Unit, account: AccountId, news: WordEvidence) -> None:
        known = (await accounts.get_account(unit.connection, account)).evidence
        both = known.joined(news)
        if both != known:
            await accounts.set_words(unit, account, both)
            if both.learned() != known.learned():
                self._fresh.add(account)
