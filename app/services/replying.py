"""An agent's wish to answer: one row in the outbox, nothing else. The phone is never touched from here."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.attached import ReplyFile
from app.domain.errors import BadInput, ReplyRefused
from app.domain.ids import ChatId, MessageId, ReplyId
from app.domain.policy import LIMITS, RULES, Role
from app.domain.ports import Clock
from app.domain.reply import Override, Reason, Reply, ReplyState
from app.outbox.policy import refuse_early, refuse_text
from app.services.guarding import Facts, clear_way
from app.services.hearing import answered
from app.services.pacing import read_history, with_waits
from app.services.quoting import find_quoted
from app.services.sharing import Sharing
from app.store import accounts, chats, handling, replies
from app.store.chats import Chat
from app.store.engine import Reader, Store, Unit
from app.team.canned import unfilled

OVERRIDABLE = tuple(reason.value for reason, rule in RULES.items() if rule.may_override is not None)
"""The rules that somebody may set aside."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What beside the text somebody wants of a reply."""

    undo_s: float | None
    overrides: Mapping[Reason, str]
    reply_id: ReplyId | None
    file: ReplyFile | None = None
    quoted: MessageId | None = None


class Replying:
    """Queueing, cancelling and settling replies."""

    def __init__(
        self, store: Store, clock: Clock, author: str, role: Role = Role.AGENT, sharing: Sharing | None = None
    ) -> None:
        self._store = store
        self._sharing = sharing
        self._clock = clock
        self._author = author
        self._role = role
        self._facts = Facts()

    def knowing(self, facts: Facts) -> Replying:
        """Return the same, with what the author of an answer knew and what stands in its way that they accept."""
        other = copy.copy(self)
        other._facts = facts
        return other

    async def queue_reply(
        self,
        chat_id: ChatId,
        body: str,
        *,
        undo_s: float | None = None,
        overrides: Mapping[Reason, str] | None = None,
        reply_id: ReplyId | None = None,
        file: ReplyFile | None = None,
    ) -> Reply:
        """Put a reply into the outbox and return it. Rules that only time decides do not refuse it: it waits for them.

        Args:
            chat_id: The one chat that it goes to.
            body: The text, as typed.
            undo_s: So many seconds it can be taken back: at least what the account's policy says, at most 15. None: it
                goes when it can.
            overrides: Rules that are set aside for this reply, each with why.
            reply_id: The client's own id, for a command that is tried again.
            file: A file that was taken into the vault; the text is then its caption.

        Raises:
            AnswerBlocked: A colleague writes or answered, or the customer wrote; nothing was queued.
            BadInput: Neither text nor file, an open slot, no such chat, or an override that cannot be.
            ReplyRefused: A rule forbids it for certain; nothing was queued.
        """
        text = _clean(body, may_be_empty=file is not None)
        return await self._queue(chat_id, text, _Wish(undo_s, overrides or {}, reply_id, file))

    async def queue_quote(
        self,
        chat_id: ChatId,
        body: str,
        message: MessageId,
        *,
        undo_s: float | None = None,
        overrides: Mapping[Reason, str] | None = None,
        reply_id: ReplyId | None = None,
    ) -> Reply:
        """Put a text that quotes a message of its chat into the outbox; the rest is as for any reply.

        Raises:
            BadInput: As for any reply; or no such message in this chat, or one without a text.
            ReplyRefused: A rule forbids it for certain; nothing was queued.
        """
        text = _clean(body, may_be_empty=False)
        return await self._queue(chat_id, text, _Wish(undo_s, overrides or {}, reply_id, quoted=message))

    async def _queue(self, chat_id: ChatId, text: str, wish: _Wish) -> Reply:
        now = self._clock.now()
        kept = tuple(self._override(rule, why, now) for rule, why in wish.overrides.items())
        if wish.file is not None and self._sharing is not None:
            # Whoever drives the phone has to have it before the reply's turn comes.
            await self._sharing.share(wish.file.sha256)
        async with self._store.write() as unit:
            known = await replies.get_reply(unit.connection, wish.reply_id) if wish.reply_id else None
            if known is not None:
                return known
            chat = await chats.get_chat(unit.connection, chat_id)
            if chat is None:
                raise BadInput(f"there is no chat {chat_id}")
            if wish.reply_id is not None:
                # Of two who hand in the same reply at once the second finds it here.
                await handling.lock_chat(unit, chat_id)
                known = await replies.get_reply(unit.connection, wish.reply_id)
                if known is not None:
                    return known
            await clear_way(unit, chat_id, self._author, self._facts)
            if wish.file is not None and not (chat.kind == "person" and chat.number):
                raise ReplyRefused(Reason.NEEDS_NUMBER)
            quoted = wish.quoted
            quote = await find_quoted(unit.connection, chat_id, quoted) if quoted is not None else None
            least_s = await self._ask_rules(unit.connection, chat, kept)
            undo = min(max(wish.undo_s, least_s), LIMITS["undo_s"][1]) if wish.undo_s is not None else 0.0
            reply = Reply(
                id=wish.reply_id or ReplyId(uuid.uuid4().hex),
                account=chat.account,
                chat=chat_id,
                body=text,
                author=self._author,
                state=ReplyState.QUEUED,
                queued_at=now,
                not_before=now + timedelta(seconds=undo) if undo else None,
                overrides=kept,
                file=wish.file,
                quote=quote,
            )
            await self._add(unit, reply, self._facts)
            return (await with_waits(unit.connection, [reply], now))[0]

    async def _add(self, unit: Unit, reply: Reply, facts: Facts) -> None:
        """Put a reply that nothing forbids where it waits."""
        await replies.add_reply(unit, reply)

    async def _ask_rules(self, connection: Reader, chat: Chat, overrides: tuple[Override, ...]) -> float:
        """Refuse what is certain to be refused; return the account's undo window in seconds.

        Raises:
            ReplyRefused: A rule forbids a reply to this chat.
        """
        policy = (await accounts.get_account(connection, chat.account)).policy
        history = await read_history(connection, chat, with_waiting=True)
        reason = refuse_early(history, policy, {one.rule for one in overrides})
        if reason is not None:
            raise ReplyRefused(reason)
        return policy.undo_s

    def _override(self, rule: Reason, why: str, now: datetime) -> Override:
        """Return the record of an override.

        Raises:
            BadInput: The rule is none, this person may not, or no reason was given.
        """
        if rule not in RULES:
            raise BadInput(f"{rule} is no rule; known are {', '.join(OVERRIDABLE)}")
        needed = RULES[rule].may_override
        if needed is None:
            hint = "; record a consent instead" if rule is Reason.FIRST_CONTACT else ""
            raise BadInput(f"nobody may set {rule} aside{hint}")
        if not self._role.may(needed):
            raise BadInput(f"to set {rule} aside takes a {needed}; this profile is for a {self._role}")
        if not why.strip():
            raise BadInput("say why the rule is set aside: it is kept with the reply")
        return Override(rule, self._author, now, why.strip())

    async def cancel_reply(self, reply_id: ReplyId) -> bool:
        """Take a reply back while it waits; false once the phone has it in hand."""
        async with self._store.write() as unit:
            return await replies.move(unit, reply_id, ReplyState.QUEUED, ReplyState.CANCELLED)

    async def settle_reply(self, reply_id: ReplyId, *, was_sent: bool) -> bool:
        """A person looked at the phone and says what became of an unknown reply."""
        target = ReplyState.SENT if was_sent else ReplyState.FAILED
        async with self._store.write() as unit:
            done = await replies.move(unit, reply_id, ReplyState.UNKNOWN, target, reason=Reason.SETTLED_BY_PERSON)
            settled = await replies.get_reply(unit.connection, reply_id) if done and was_sent else None
            if settled is not None:
                await answered(unit, settled, self._author)
            return done

    async def get_reply(self, reply_id: ReplyId) -> Reply | None:
        """Return a reply as it is now."""
        async with self._store.read() as connection:
            found = await replies.get_reply(connection, reply_id)
            return (await with_waits(connection, [found], self._clock.now()))[0] if found is not None else None


def _clean(body: str, *, may_be_empty: bool) -> str:
    """Return a text as it is sent.

    Raises:
        BadInput: There is none, it cannot be written, or a slot of a canned reply is open in it.
        ReplyRefused: It is too long.
    """
    text = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and not may_be_empty:
        raise BadInput("a reply needs a text")
    reason = refuse_text(text)
    if reason is not None:
        raise ReplyRefused(reason)
    if not _is_text(text):
        raise BadInput("the text holds bytes that are no characters; nothing was queued")
    slots = unfilled(text)
    if slots:
        named = ", ".join(f"{{{{{slot}}}}}" for slot in slots)
        raise BadInput(f"the text still holds {named}; fill it in or take it out. Nothing was queued")
    return text


def _is_text(text: str) -> bool:
    """Tell whether the text can be written at all: a shell may hand over halves of characters."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
