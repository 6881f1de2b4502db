"""Types one reply on the phone: at most once, never in another chat, its fate always known.

SUBMITTED is committed before the tap. After the tap only the phone's screen, or a person, says what happened.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import LeaseLost, PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.ids import ChatId
from app.domain.message import Direction
from app.domain.observation import ChatSeen
from app.domain.ports import ChatTarget, Clock, PhoneThread
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.mirror.planning import Verdict
from app.outbox.delivery import AfterTap, count_equal, holds, judge
from app.services.attaching import Attaching, Ready, TypedText
from app.services.drafts import Drafts
from app.services.mirroring import OPEN_S, Mirroring, moment_of, zone_of
from app.services.pacing import Pacing, Postponed
from app.services.quoting import Quoting
from app.store import messages, replies
from app.store.accounts import Account
from app.store.engine import Store

logger = logging.getLogger(__name__)

TYPE_S = 45.0
TAP_S = 30.0
CONFIRM_S = 12.0
CONFIRM_FILE_S = 25.0
"""The app may have to make a file smaller before it shows a bubble."""
RETAP_AFTER_S = 3.0
_LOOK_S = 0.25
_YIELD_S = 60
_MAX_YIELDS = 5
_HICCUP_S = 3
_MAX_HICCUPS = 3
_NEWEST = 30
_HICCUPS = frozenset({Reason.TEXT_NOT_ACCEPTED, Reason.QUOTE_NOT_TAKEN})
_BEFORE_TAP = frozenset({ReplyState.CLAIMED, ReplyState.TYPING})
_NOT_READ = frozenset({ReplyState.UNKNOWN, ReplyState.SENT, ReplyState.DELIVERED})
_FOLLOWED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Attempt:
    reply: Reply
    target: ChatTarget
    ready: Ready
    baseline: int


class Sending:
    """The way down: one reply at a time, on one phone."""

    def __init__(self, store: Store, clock: Clock, mirroring: Mirroring, attaching: Attaching) -> None:
        self._store = store
        self._pacing = Pacing(store, clock)
        self._clock = clock
        self._mirroring = mirroring
        self._attaching = attaching
        self._quoting = Quoting(store, mirroring)
        self._drafts = Drafts(store, clock)

    async def deliver(
        self, phone: PhoneThread, account: Account, reply: Reply, may_tap: Callable[[], bool]
    ) -> ReplyState:
        """Bring a claimed reply to the phone and return the state it ends in.

        Args:
            phone: The thread of the account's phone.
            account: The account the reply goes out from.
            reply: A reply in CLAIMED.
            may_tap: Asked right before the tap: is this process still the one that drives the phone?

        Raises:
            PhoneLost: The phone went away. Before the tap the reply is queued again, after it it is UNKNOWN.
            ScreenNotRecognised: A person must look at the phone; the reply is queued again.
            ValueError: The reply is one of another account: a bug.
        """
        if reply.account != account.id:
            raise ValueError(f"reply {reply.id} is of account {reply.account}, not of {account.id}")
        try:
            attempt = await self._prepare(phone, account, reply)
        except SendRefused as refusal:
            return await self._refused(reply, refusal.reason)
        except Postponed:
            await self._requeue(reply)
            return ReplyState.QUEUED
        except (PhoneLost, ScreenNotRecognised):
            await self._requeue(reply)
            raise
        if not may_tap():
            await self._requeue(reply)
            raise LeaseLost
        return await self._submit(phone, account, attempt, may_tap)

    async def _prepare(self, phone: PhoneThread, account: Account, reply: Reply) -> _Attempt:
        """Open the chat, mirror it, and put the reply there."""
        chat = await self._mirroring.get_chat(reply.chat)
        target = await self._mirroring.target(chat)
        _refuse_target(target, reply)
        is_plain = reply.file is None and reply.quote is None
        prefill = await self._mirroring.prefill(chat.id, reply.body) if is_plain else None
        if prefill is None:
            return await self._put_there(
                phone, account, reply, target, await self._mirroring.open(phone, chat.id, target)
            )
        # The text may be in the chat before the chat was read: a run that dies here has left it there.
        await self._step(reply, ReplyState.CLAIMED, ReplyState.TYPING)
        seen = await self._mirroring.open(phone, chat.id, target, prefill)
        try:
            return await self._put_there(phone, account, reply, target, seen)
        except (SendRefused, Postponed, ScreenNotRecognised):
            if seen.entry is not None and seen.entry.text == reply.body:
                await self._clear(phone, reply, target)
            raise

    async def _clear(self, phone: PhoneThread, reply: Reply, target: ChatTarget) -> None:
        """Take a text out of the entry again; where that fails the next reply to this chat knows it."""
        try:
            await phone.call(lambda p: p.clear_entry(target, reply.body), TYPE_S)
        except (SendRefused, ScreenNotRecognised):
            logger.info("reply %s: left in the entry", reply.id)

    async def _put_there(
        self, phone: PhoneThread, account: Account, reply: Reply, target: ChatTarget, seen: ChatSeen
    ) -> _Attempt:
        """Mirror the open chat, ask the rules, put the reply in place, and mirror what changed meanwhile."""
        chat = await self._mirroring.get_chat(reply.chat)
        read = await self._mirroring.take_chat(phone, account, chat.id, seen, lambda: False)
        if target.has_namesake and (read.plan.verdict is not Verdict.PLACED or read.plan.has_gap):
            # The number's own link opened it; that it also says what this chat said is the second proof.
            raise SendRefused(Reason.CHAT_AMBIGUOUS)
        if read.pages:
            seen = await phone.call(lambda p: p.open_chat(target), OPEN_S)
        if seen.read_only_notice:
            raise SendRefused(Reason.READ_ONLY)
        if seen.lacks:
            # What could not be read must not count as what was never written.
            seen = await phone.call(lambda p: p.need_whole_chat(target), TYPE_S)
        await self._refuse_if_sent(account, reply)
        # The chat was read a moment ago: the rules get their last word before anything is typed.
        await self._pacing.check_before_typing(reply)
        if await self._state(reply) is not ReplyState.TYPING:
            await self._step(reply, ReplyState.CLAIMED, ReplyState.TYPING)
        if reply.file is not None:
            await self._drafts.keep(reply.chat, seen)
            ready = await self._offer(phone, target, reply)
            return _Attempt(reply, target, ready, count_equal(seen, reply))
        typed = await self._type(phone, account, target, reply, seen)
        if typed.rows != seen.rows:
            await self._mirroring.take_chat(phone, account, chat.id, typed, lambda: False)
        return _Attempt(reply, target, TypedText(target, typed), count_equal(typed, reply))

    async def _refuse_if_sent(self, account: Account, reply: Reply) -> None:
        """Refuse a text that an earlier run may have left in the entry, and that a person then sent from there."""
        if reply.attempts < 2 or reply.file is not None:
            return
        async with self._store.read() as connection:
            newest = await messages.list_messages(connection, reply.chat, _NEWEST)
        since, zone = reply.queued_at - timedelta(minutes=1), zone_of(account.zone)
        for one in newest:
            is_same = (
                one.reply is None and one.entry.direction is Direction.OUT and one.entry.content.text == reply.body
            )
            at = moment_of(one.entry, zone) if is_same and not one.entry.gone else None
            if at is not None and at >= since:
                raise SendRefused(Reason.SENT_BY_HAND)

    async def _offer(self, phone: PhoneThread, target: ChatTarget, reply: Reply) -> Ready:
        """Have the composer hold a file; the app may take a person's draft along, which is put back."""
        try:
            return await self._attaching.offer(phone, target, reply)
        except (SendRefused, ScreenNotRecognised):
            await self._drafts.put_back(phone, reply.chat, target)
            raise

    async def _type(
        self, phone: PhoneThread, account: Account, target: ChatTarget, reply: Reply, seen: ChatSeen
    ) -> ChatSeen:
        """Type a text, under its quote where it has one; a draft that nobody goes on with gives way for so long."""
        await self._settle_left(reply.chat, seen)
        ours = await self._drafts.put_aside(reply, seen, await self._own_texts(reply.chat))
        try:
            seen = await self._quoting.clear_left(phone, target, reply, seen, ours)
            if reply.quote is not None:
                return await self._quoting.type(phone, account, target, reply, seen)
            return await phone.call(lambda p: p.type_reply(target, reply.body, ours), TYPE_S)
        except (SendRefused, ScreenNotRecognised):
            await self._drafts.put_back(phone, reply.chat, target)
            raise

    async def _withdraw(self, phone: PhoneThread, attempt: _Attempt) -> None:
        """Leave nothing of a file or a quote that certainly was not sent on the phone."""
        if attempt.reply.file is not None:
            await self._attaching.withdraw(phone, attempt.ready)
        elif isinstance(attempt.ready, TypedText) and attempt.ready.typed.entry is not None:
            await self._quoting.withdraw(phone, attempt.target, attempt.reply, attempt.ready.typed.entry.quote)
        await self._drafts.put_back(phone, attempt.reply.chat, attempt.target)

    async def _settle_left(self, chat_id: ChatId, seen: ChatSeen) -> None:
        """A text in doubt that still stands in the entry, with no bubble more than before its tap, was not sent.

        Its run died before the tap. Settled so it gives way to the next reply at once, as any text of ours; before it
        gives way, for afterwards nothing would prove it any more.
        """
        text = seen.entry.text if seen.entry is not None else ""
        if not text:
            return
        async with self._store.read() as connection:
            doubted = await replies.list_replies(connection, chat_id=chat_id, states=frozenset({ReplyState.UNKNOWN}))
        left = [one for one in doubted if one.file is None and one.body == text]
        # Of equal ones only the last was typed there.
        if left and count_equal(seen, left[-1]) <= left[-1].baseline:
            await self._move(left[-1], ReplyState.UNKNOWN, ReplyState.FAILED, reason=Reason.PROGRAM_STOPPED)
            logger.info("reply %s: it was left in the entry, so it was not sent", left[-1].id)

    async def _own_texts(self, chat_id: ChatId) -> frozenset[str]:
        """Return texts that runs which died or gave up may have left in the chat's entry: what they had in hand."""
        states = frozenset({ReplyState.QUEUED, ReplyState.TYPING, ReplyState.FAILED, ReplyState.CANCELLED})
        async with self._store.read() as connection:
            left = await replies.list_replies(connection, chat_id=chat_id, states=states)
        return frozenset(one.body for one in left if one.file is None and one.attempts)

    async def _submit(
        self, phone: PhoneThread, account: Account, attempt: _Attempt, may_tap: Callable[[], bool]
    ) -> ReplyState:
        reply = attempt.reply
        await self._step(reply, ReplyState.TYPING, ReplyState.SUBMITTED, baseline=attempt.baseline)
        if not may_tap():
            # This process was held up while it wrote that down. Who drives the phone now looks at what stands there.
            await self._doubt(reply)
            raise LeaseLost
        try:
            await phone.call(attempt.ready.tap, TAP_S)
        except SendRefused as refusal:
            # The phone looked once more and did not tap: certain.
            await self._move(reply, ReplyState.SUBMITTED, ReplyState.FAILED, reason=refusal.reason)
            await self._withdraw(phone, attempt)
            return ReplyState.FAILED
        except (PhoneLost, ScreenNotRecognised):
            await self._doubt(reply)
            raise
        try:
            state = await self._confirm(phone, account, attempt)
        except (PhoneLost, ScreenNotRecognised, SendRefused):
            await self._doubt(reply)
            raise
        if state in ON_THE_PHONE:
            await self._drafts.put_back(phone, reply.chat, attempt.target)
            await self._attaching.drop_when_sent(phone, attempt.ready, reply)
        return state

    async def _doubt(self, reply: Reply) -> None:
        logger.info("reply %s: submitted, not confirmed", reply.id)
        await self._move(reply, ReplyState.SUBMITTED, ReplyState.UNKNOWN, reason=Reason.NOT_CONFIRMED)

    async def _confirm(self, phone: PhoneThread, account: Account, attempt: _Attempt) -> ReplyState:
        """Look until the bubble is there. What still stands there shows a tap that did nothing; it is repeated once."""
        reply, started, tapped_again = attempt.reply, self._clock.monotonic(), False
        confirm_s = CONFIRM_S if reply.file is None else CONFIRM_FILE_S
        while True:
            seen = await phone.call(attempt.ready.look, TYPE_S)
            if seen is not None:
                read = await self._mirroring.take_chat(phone, account, reply.chat, seen, lambda: False)
                if read.pages or not seen.ends_chat:
                    # The phone shows something further up now; the bubble is at the end.
                    seen = await phone.call(lambda p: p.open_chat(attempt.target), OPEN_S)
            state = await self._state(reply)
            verdict = judge(seen, reply, attempt.baseline, has_echo=state in ON_THE_PHONE)
            waited = self._clock.monotonic() - started
            if verdict is AfterTap.ARRIVED:
                return state
            if verdict is AfterTap.STILL_TYPED and waited > RETAP_AFTER_S and not tapped_again:
                tapped_again = True
                await phone.call(attempt.ready.tap, TAP_S)
            elif waited > confirm_s:
                return await self._give_up(phone, attempt, verdict)
            await self._clock.sleep(_LOOK_S)

    async def _give_up(self, phone: PhoneThread, attempt: _Attempt, verdict: AfterTap) -> ReplyState:
        """Time is up: what still stands there proves that nothing went out, anything else proves nothing."""
        reply = attempt.reply
        if verdict is AfterTap.STILL_TYPED:
            await phone.call(attempt.ready.take_back, TYPE_S)
            reason = Reason.TEXT_NOT_ACCEPTED if reply.file is None else Reason.FILE_NOT_OFFERED
            await self._move(reply, ReplyState.SUBMITTED, ReplyState.FAILED, reason=reason)
            await self._withdraw(phone, attempt)
            return ReplyState.FAILED
        await self._move(reply, ReplyState.SUBMITTED, ReplyState.UNKNOWN, reason=Reason.NOT_CONFIRMED)
        return ReplyState.UNKNOWN

    async def settle_by_looking(self, phone: PhoneThread, account: Account, reply: Reply) -> ReplyState:
        """Read the chat of an unknown reply: its bubble proves it sent, what still stands there proves it not."""
        chat = await self._mirroring.get_chat(reply.chat)
        target = await self._mirroring.target(chat)
        left = await phone.call(lambda p: p.leave_composer(), TYPE_S) if reply.file is not None else None
        seen = await self._mirroring.open(phone, chat.id, target)
        await self._mirroring.take_chat(phone, account, chat.id, seen, lambda: False)
        state = await self._state(reply)
        if state is not ReplyState.UNKNOWN:
            return state
        is_typed = reply.file is None and seen.entry is not None and seen.entry.text == reply.body
        if is_typed:
            await phone.call(lambda p: p.clear_entry(target, reply.body), TYPE_S)
        if is_typed or (left is not None and holds(left, reply, target)):
            await self._move(reply, ReplyState.UNKNOWN, ReplyState.FAILED, reason=Reason.PROGRAM_STOPPED)
            return ReplyState.FAILED
        return state

    async def drafts_aside(self, account: Account) -> list[ChatId]:
        """Return chats in which a person's draft is still to be put back."""
        return await self._drafts.list_aside(account.id)

    async def put_draft_back(self, phone: PhoneThread, chat_id: ChatId) -> None:
        """Open a chat and put the draft back that a run which died took out of its entry.

        A text of ours that is still there is taken out first.
        """
        target = await self._mirroring.target(await self._mirroring.get_chat(chat_id))
        seen = await self._mirroring.open(phone, chat_id, target)
        text = seen.entry.text if seen.entry is not None else ""
        if text and text in await self._own_texts(chat_id):
            await phone.call(lambda p: p.clear_entry(target, text), TYPE_S)
        await self._drafts.put_back(phone, chat_id, target)

    async def recover(self, account: Account, lease: tuple[str, int] | None = None) -> list[Reply]:
        """At start: what a dead run held goes back, what it had submitted is unknown. Returns the unknown ones.

        Args:
            account: The account whose phone is driven now.
            lease: By whom and with which fencing number; a server refuses the same from a run that lost the phone.
        """
        signed = {"claimed_by": lease[0], "claim_epoch": lease[1]} if lease is not None else {}
        async with self._store.write() as unit:
            held = await replies.list_replies(
                unit.connection, account_id=account.id,
                states=frozenset({ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED}),
            )  # fmt: skip
            for reply in held:
                if reply.state is ReplyState.SUBMITTED:
                    stopped = signed | {"reason": Reason.PROGRAM_STOPPED}
                    await replies.move(unit, reply.id, reply.state, ReplyState.UNKNOWN, **stopped)
                else:
                    await replies.move(unit, reply.id, reply.state, ReplyState.QUEUED, **signed)
            return await replies.list_replies(
                unit.connection, account_id=account.id, states=frozenset({ReplyState.UNKNOWN})
            )

    async def is_unread(self, chat_id: ChatId) -> bool:
        """Tell whether a reply to this chat is on its way to be read, or in doubt."""
        async with self._store.read() as connection:
            return bool(await replies.list_replies(connection, chat_id=chat_id, states=_NOT_READ))

    async def chats_with_unread(self, account: Account) -> list[ChatId]:
        """Return chats with a reply of the last day that was not read yet."""
        since = self._clock.now() - _FOLLOWED
        async with self._store.read() as connection:
            found = await replies.list_replies(connection, account_id=account.id, states=_NOT_READ)
        return list(dict.fromkeys(reply.chat for reply in found if reply.queued_at >= since))

    async def _refused(self, reply: Reply, reason: Reason) -> ReplyState:
        """Before the tap: certainly not sent. Somebody typing on the phone is waited for; a hiccup is tried again."""
        is_young = self._clock.now() - reply.queued_at < timedelta(seconds=_MAX_YIELDS * _YIELD_S)
        if reason is Reason.SOMEONE_ELSE_TYPING and (is_young or reply.attempts < _MAX_YIELDS):
            await self._requeue(reply, delay_s=_YIELD_S, reason=reason)
            return ReplyState.QUEUED
        if reason in _HICCUPS and reply.attempts < _MAX_HICCUPS:
            await self._requeue(reply, delay_s=_HICCUP_S)
            return ReplyState.QUEUED
        await self._move(reply, await self._state_in_hand(reply), ReplyState.FAILED, reason=reason)
        logger.info("reply %s: failed, %s", reply.id, reason)
        return ReplyState.FAILED

    async def put_back(self, reply: Reply) -> None:
        """Let a claimed reply wait again: its phone is not free."""
        await self._requeue(reply)

    async def _requeue(self, reply: Reply, delay_s: float = 0, reason: Reason | None = None) -> None:
        not_before = self._clock.now() + timedelta(seconds=delay_s) if delay_s else reply.not_before
        state = await self._state_in_hand(reply)
        await self._move(reply, state, ReplyState.QUEUED, not_before=not_before, reason=reason)

    async def _step(self, reply: Reply, source: ReplyState, target: ReplyState, **values: object) -> None:
        """Go one step towards the tap.

        Raises:
            LeaseLost: The reply is no longer where this process left it: another one took it back.
        """
        if not await self._move(reply, source, target, **values):
            raise LeaseLost

    async def _move(self, reply: Reply, source: ReplyState, target: ReplyState, **values: object) -> bool:
        async with self._store.write() as unit:
            return await replies.move(unit, reply.id, source, target, reply.attempts, **values)

    async def _state_in_hand(self, reply: Reply) -> ReplyState:
        """Return the state of a reply before its tap.

        Raises:
            LeaseLost: It is no longer in this process's hand: another one took it back.
        """
        async with self._store.read() as connection:
            found = await replies.get_reply(connection, reply.id)
        if found is None or found.attempts != reply.attempts or found.state not in _BEFORE_TAP:
            raise LeaseLost
        return found.state

    async def _state(self, reply: Reply) -> ReplyState:
        async with self._store.read() as connection:
            found = await replies.get_reply(connection, reply.id)
        return found.state if found is not None else reply.state


def _refuse_target(target: ChatTarget, reply: Reply) -> None:
    """Refuse a chat that cannot be told for certain from another.

    Raises:
        SendRefused: It cannot.
    """
    if target.has_namesake and target.number is None:
        # Whichever of them is in front, the header reads the same: the text could go to the other one.
        raise SendRefused(Reason.CHAT_AMBIGUOUS)
    if reply.file is not None and (target.number is None or target.is_group):
        raise SendRefused(Reason.NEEDS_NUMBER)
