"""The quote bar of a phone in memory: the part of the `Phone` port that quotes messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import SendRefused
from app.domain.message import Direction, Quote
from app.domain.observation import ChatSeen, RowSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from tests.fakes.attaching import FakeComposer
from tests.fakes.chat import Sent

if TYPE_CHECKING:
    from tests.fakes.phone import FakeChat

OURSELVES = "You"


def bar_of(title: str, one: Sent) -> Quote:
    """Return how the app names a message that is quoted."""
    return Quote(OURSELVES if one.direction is Direction.OUT else title, one.text)


class FakeQuotes(FakeComposer):
    """Swipes over messages. `dead_swipes` do nothing; `slipped_swipes` meet the message above."""

    def __init__(self) -> None:
        super().__init__()
        self.dead_swipes = 0
        self.slipped_swipes = 0
        self.drops_quotes = False
        """The app forgets the quote when a text is sent."""

    def _at(self, target: ChatTarget) -> FakeChat:
        raise NotImplementedError

    def _here(self, chat: FakeChat) -> ChatSeen:
        raise NotImplementedError

    def quote_row(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        self._enter("quote_row")
        chat = self._at(target)
        seen = self._here(chat)
        places = [(one.bounds, one.content.text) for one in seen.rows]
        place = (row.bounds, row.content.text)
        if chat.entry or chat.quoting is not None:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if place not in places:
            return seen
        self._swipe(chat, chat.content.in_view()[places.index(place)])
        self._leave("quote_row")
        if chat.quoting is None:
            raise SendRefused(Reason.QUOTE_NOT_TAKEN)
        return self._here(chat)

    def _swipe(self, chat: FakeChat, one: Sent) -> None:
        if self.dead_swipes:
            self.dead_swipes -= 1
            return
        sent = chat.content.sent
        if self.slipped_swipes:
            self.slipped_swipes -= 1
            one = sent[max(1, sent.index(one) - 1)]
        chat.quoting = one

    def end_of_chat(self, target: ChatTarget) -> ChatSeen:
        self._enter("end_of_chat")
        return self._end(self._at(target))

    def drop_quote(self, target: ChatTarget, bar: Quote) -> None:
        self._enter("drop_quote")
        chat = self._at(target)
        if chat.quoting is not None and bar_of(chat.title, chat.quoting) == bar:
            chat.quoting = None
