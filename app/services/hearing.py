"""What a phone shows moves the team's own state of a chat: each message once, in the order of the chat.

History is no news: neither what is read back nor what a file brings. What a person typed on the phone is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.domain.change import Change, MessageAdded, MessageVanished
from app.domain.ids import ChatId, MessageId
from app.domain.message import Direction, Entry, Kind, Origin
from app.domain.reply import ON_THE_PHONE, Reply
from app.outbox.delivery import is_echo_of
from app.store import handling, members
from app.store.engine import Unit
from app.store.handling import Handled
from app.team.cases import NEW_CASE_AFTER
from app.team.states import ChatState, HumanOut, Inbound, PhoneOut, Record, Rules, step
from app.team.states import Kind as RecordKind


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that became known."""

    at: datetime
    text: str = ""
    is_own: bool = False
    reply: Reply | None = None
    """Whose echo it is; none: it was typed on the phone."""
    by: str = ""
    """Who found out, where a person did."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A chat before and after something was read of it.

    Attributes:
        known: The entries before.
        entries: The newest entries now, in the order of the chat.
        changes: What was decided.
        echoes: Which own bubbles are which replies.
        replies: All replies of the chat.
        when: When a message was, as far as the phone shows it.
        now: The time now.
    """

    known: Sequence[Entry]
    entries: Sequence[Entry]
    changes: Sequence[Change]
    when: Callable[[Entry], datetime | None]
    now: datetime
    echoes: Mapping[MessageId, Reply] = field(default_factory=dict)
    replies: Sequence[Reply] = ()

    def at(self, entry: Entry) -> datetime:
        """Return when a message was; a phone's clock may be ahead."""
        return min(self.when(entry) or self.now, self.now)


@dataclass(frozen=True, slots=True)
class News:
    """What of a reading is news: messages in order, and since when a customer waits who wrote behind our last."""

    heard: tuple[Heard, ...] = ()
    waits_since: datetime | None = None


def told(changes: Sequence[Change], now: datetime) -> News:
    """Return what a notification told for the first time."""
    fresh = [one for one in changes if isinstance(one, MessageAdded)]
    times = [now if one.time_ms is None else datetime.fromtimestamp(one.time_ms / 1000, UTC) for one in fresh]
    return News(tuple(Heard(min(at, now), one.content.text) for one, at in zip(fresh, times, strict=True)))


def find_news(reading: Reading) -> News:
    """Return what of a reading is news.

    What stands before the last message that a screen showed is history, as is anything older than a case lasts in a
    chat of which nothing was known. An echo is an answer wherever it stands.
    """
    before = {entry.id for entry in reading.known}
    edge = _edge(reading)
    untold = _told_anew(reading)
    heard: list[Heard] = []
    waits_since: datetime | None = None
    for place, entry in enumerate(reading.entries):
        is_inbound = entry.direction is Direction.IN and _counts(entry)
        if entry.id in before:
            if _counts(entry):
                waits_since = (waits_since or reading.at(entry)) if is_inbound else None
            continue
        if entry.id not in reading.echoes and (place <= edge or _is_old(reading, entry, edge)):
            continue
        if is_inbound and untold:
            untold -= 1
            waits_since = waits_since or reading.at(entry)
            continue
        one = _heard(reading, entry)
        if one is not None:
            heard.append(one)
            waits_since = None if one.is_own else waits_since
    return News(tuple(heard), waits_since)


def _edge(reading: Reading) -> int:
    """Return the place behind which messages are news: the last a screen had shown, else the first told; -1: none."""
    origins = {entry.id: entry.origin for entry in reading.known}
    stand = [place for place, entry in enumerate(reading.entries) if entry.id in origins and not entry.gone]
    shown = [place for place in stand if origins[reading.entries[place].id] is not Origin.NOTIFICATION]
    return shown[-1] if shown else stand[0] if stand else -1


def _told_anew(reading: Reading) -> int:
    """Return how many messages were told before, and the screen shows them as others."""
    known = {entry.id: entry for entry in reading.known}
    gone = [known.get(one.id) for one in reading.changes if isinstance(one, MessageVanished)]
    return sum(
        1 for one in gone if one is not None and one.origin is Origin.NOTIFICATION and one.direction is Direction.IN
    )


def _is_old(reading: Reading, entry: Entry, edge: int) -> bool:
    return edge < 0 and reading.now - reading.at(entry) > NEW_CASE_AFTER


def _counts(entry: Entry) -> bool:
    """Tell whether a row is a message of somebody: a call of theirs is one, one of ours is none."""
    if entry.gone or entry.content.kind is Kind.SYSTEM:
        return False
    return entry.direction is Direction.IN or entry.content.kind is not Kind.CALL


def _heard(reading: Reading, entry: Entry) -> Heard | None:
    if not _counts(entry):
        return None
    if entry.direction is Direction.IN:
        return Heard(reading.at(entry), entry.content.text)
    reply = reading.echoes.get(entry.id)
    if reply is None and any(_is_settled(one, entry) for one in reading.replies):
        # A person said that it was sent before its bubble was seen.
        return None
    at = reply.submitted_at if reply is not None and reply.submitted_at is not None else reading.at(entry)
    return Heard(at, entry.content.text, is_own=True, reply=reply)


def _is_settled(reply: Reply, entry: Entry) -> bool:
    return reply.echo is None and reply.state in ON_THE_PHONE and is_echo_of(entry.content, reply)


async def hear(unit: Unit, chat_id: ChatId, news: News) -> None:
    """Move a chat by what became known."""
    if not news.heard:
        return
    kept = await handling.load_locked(unit, chat_id)
    if kept.kind == "self":
        return
    rules = (await handling.load_rules(unit.connection, kept.account)).steps
    waited = kept.handling.waiting_since is not None
    for one in news.heard:
        kept = await _take(unit, kept, one, rules)
    if waited and news.waits_since is not None and kept.handling.waiting_since is None:
        await _wait_on(unit, kept, news.waits_since, rules)


async def answered(unit: Unit, reply: Reply, by: str) -> None:
    """Move a chat by a reply of which somebody found out that it went out though no screen showed it just now."""
    await hear(unit, reply.chat, News((Heard(reply.submitted_at or unit.now, is_own=True, reply=reply, by=by),)))


async def _take(unit: Unit, kept: Handled, one: Heard, rules: Rules) -> Handled:
    if not one.is_own:
        after, records = step(kept.handling, Inbound(one.at, one.text), rules)
        return await handling.save_handling(unit, kept, after, records)
    if one.reply is None:
        after, records = step(kept.handling, PhoneOut(one.at), rules)
        return await handling.save_handling(unit, kept, after, records)
    if await handling.is_answered_by(unit.connection, one.reply.id):
        return kept
    by = await members.author_id(unit, one.reply.author)
    # Who is no member owns nothing.
    event = HumanOut(one.at, by) if by is not None else PhoneOut(one.at)
    after, records = step(kept.handling, event, rules)
    return await handling.save_handling(unit, kept, after, records, actor=one.by or one.reply.author, reply=one.reply)


async def _wait_on(unit: Unit, kept: Handled, since: datetime, rules: Rules) -> None:
    """Say that the customer, whose message was counted before, wrote behind the answer that is only now known."""
    after, records = replace(kept.handling, waiting_since=since), list[Record]()
    if kept.state is ChatState.WAITING:
        after, lines = step(kept.handling, Inbound(since), rules)
        records = [line for line in lines if line.kind is not RecordKind.INBOUND]
    await handling.save_handling(unit, kept, after, tuple(records))
