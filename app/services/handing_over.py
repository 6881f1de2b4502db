"""Handing the server what was written while it was away: in order, each once, judged by the server as any reply.

Who is killed between the server's commit and the note of it here hands the same uid over again: the same as once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import AnswerBlocked, BadInput, NotAllowed, ReplyRefused
from app.domain.policy import RULES
from app.domain.ports import Clock
from app.domain.reply import Reason, ReplyState
from app.services.drafting import Drafting
from app.services.guarding import Facts, Obstacle, ObstacleKind, OtherReply
from app.services.replying import Replying
from app.store.kept import KeptFile, KeptState, KeptText

logger = logging.getLogger(__name__)

_MARGIN = timedelta(minutes=1)
"""A colleague's reply carries the time at which it was written, and may have been committed a little later."""
_NO_MORE_AFTER = timedelta(minutes=2)
"""By then a hand-over that another program began has ended one way or the other: no statement lasts so long."""
_OTHER_LOGIN = "it was written under another login"
_BEHIND = "the reply before it was not sent"
_OTHER_DRAFT = "you changed your draft in this chat on the server meanwhile"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What one hand-over did."""

    handed: int = 0
    """Now with the team."""
    taken_back: int = 0
    """Withdrawn replies that were certainly not sent."""


class HandingOver:
    """One person's, to the server."""

    def __init__(self, kept: KeptFile, replying: Replying, drafting: Drafting, clock: Clock, author: str) -> None:
        self._kept = kept
        self._replying = replying
        self._drafting = drafting
        self._clock = clock
        self._author = author

    async def push(self) -> HandedOver:
        """Hand over what waits, oldest first.

        Raises:
            StoreFailed: The server is away or fails; what it does not have waits on.
        """
        handed = taken_back = 0
        for one in await self._kept.list_all():
            if one.author != self._author:
                # This PC has joined as somebody else since; nobody's words go under another's name.
                await self._kept.give_back(one, KeptState.REFUSED, _OTHER_LOGIN, _OTHER_LOGIN)
            elif one.state is KeptState.WITHDRAWN:
                taken_back += await self._take_back(one)
            elif one.state is KeptState.WAITING and await self._kept.begin(one.uid, one.tried_at or self._clock.now()):
                handed += await (self._hand_draft(one) if one.is_draft else self._hand_reply(one))
        if handed or taken_back:
            logger.info("handed over: %d, taken back: %d", handed, taken_back)
        return HandedOver(handed, taken_back)

    async def list_untold(self) -> list[KeptText]:
        """Return what was not sent and whose author was not told so yet."""
        ended = (KeptState.RETURNED, KeptState.REFUSED)
        return [one for one in await self._kept.list_all() if one.state in ended and not one.told]

    async def _hand_reply(self, one: KeptText) -> bool:
        who = self._replying.knowing(_facts(one))
        overrides = {Reason(rule): why for rule, why in one.overrides.items()}
        try:
            if one.quote is not None:
                await who.queue_quote(one.chat, one.body, one.quote, overrides=overrides, reply_id=one.uid)
            else:
                await who.queue_reply(one.chat, one.body, overrides=overrides, reply_id=one.uid)
        except ReplyRefused as refusal:
            await self._give_back(one, RULES[refusal.reason].words["en"])
            return False
        except AnswerBlocked as blocked:
            await self._give_back(one, str(blocked).removeprefix("not sent: "))
            return False
        except (BadInput, NotAllowed) as error:
            await self._give_back(one, str(error))
            return False
        if await self._kept.end(one.uid, KeptState.WAITING):
            return True
        # Taken back on this PC in the meantime, or handed over by another program of it.
        await self._take_back(one)
        for state in (KeptState.RETURNED, KeptState.REFUSED):
            # Another program asked a moment before, when something still stood in the way.
            if await self._kept.end(one.uid, state):
                await self._forget_draft(one)
        return False

    async def _forget_draft(self, one: KeptText) -> None:
        """Take away a draft that was made of a reply which went all the same."""
        held = await self._drafting.get(one.chat)
        if held is not None and held.body == one.body:
            await self._drafting.clear(one.chat)

    async def _give_back(self, one: KeptText, words: str) -> None:
        """Make a draft of a reply that does not go; where there is another already its text stays on this PC."""
        state = KeptState.REFUSED
        try:
            held = await self._drafting.get(one.chat)
            if held is None or held.body == one.body:
                await self._drafting.save(
                    one.chat, one.body, quote=one.quote, last_seen=one.last_seen, begun_at=one.seen_at
                )
                state = KeptState.RETURNED
        except (BadInput, NotAllowed):
            logger.info("reply %s: no draft can be made of it", one.uid)
        if not await self._kept.give_back(one, state, words, _BEHIND) and state is KeptState.RETURNED:
            await self._forget_draft(one)

    async def _hand_draft(self, one: KeptText) -> bool:
        try:
            held = await self._drafting.get(one.chat)
            is_as_known = (held.changed_at.isoformat() if held is not None else "") == one.base
            if not is_as_known and held is not None and held.body != one.body:
                await self._kept.give_back(one, KeptState.REFUSED, _OTHER_DRAFT, "")
                return False
            await self._drafting.save(one.chat, one.body, last_seen=one.last_seen, begun_at=one.seen_at)
        except (BadInput, NotAllowed) as error:
            await self._kept.give_back(one, KeptState.REFUSED, str(error), "")
            return False
        return await self._kept.end(one.uid, KeptState.WAITING)

    async def _take_back(self, one: KeptText) -> bool:
        """Take a withdrawn reply back from the server too; true where it is certainly not sent."""
        waiting = {kept.uid: kept for kept in await self._kept.list_all() if kept.state is KeptState.WITHDRAWN}
        if one.uid not in waiting:
            return False
        found = await self._replying.get_reply(one.uid)
        if found is None and not self._is_over(waiting[one.uid].tried_at):
            return False
        done = found is None or await self._replying.cancel_reply(one.uid) or found.state is ReplyState.CANCELLED
        await self._kept.end(one.uid, KeptState.WITHDRAWN)
        return done

    def _is_over(self, tried_at: datetime | None) -> bool:
        return tried_at is None or self._clock.now() - tried_at > _NO_MORE_AFTER


def _facts(one: KeptText) -> Facts:
    """Return what the author knew: the copy as it was, with the colleagues' replies in it."""
    begun_at = one.seen_at - _MARGIN
    known = tuple(OtherReply(reply, None, "", begun_at, ReplyState.QUEUED) for reply in one.known)  # type: ignore[arg-type]
    accepted = (Obstacle(ObstacleKind.ANSWERED, replies=known),) if known else ()
    return Facts(begun_at, one.last_seen, accepted, one.anyway)
