"""When may the next reply go? One phone has one typist, and customers are people: that is all the pace is for.

The oldest reply that nothing else holds is next, and nobody overtakes it while it waits for its pace: so none starves.
Times are aware; a window of an hour holds its end and not its beginning.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from app.domain.ids import ChatId, ReplyId
from app.domain.policy import Policy, QuietHours
from app.domain.reply import Reason, Reply, Wait

HOUR = timedelta(hours=1)
_FORESEEN = 200
"""Sends that a forecast looks ahead; what is behind them waits at least as long as the last."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What an account may do and did: its policy, its phone's zone, and when it tapped Send, oldest first.

    `taps` holds at least those of the last hour, and the newest one however old.
    """

    policy: Policy
    zone: tzinfo
    taps: tuple[datetime, ...] = ()

    def after(self, tap: datetime) -> Pace:
        """Return the pace after one more tap."""
        return replace(self, taps=(*self.taps, tap))


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is now: a reply, or nobody's and when to ask again (None: when something changes)."""

    reply: Reply | None = None
    ask_again_at: datetime | None = None


def typing_s(body: str, policy: Policy) -> float:
    """Return the seconds that a text takes to type, by its length."""
    return min(len(body) / policy.chars_per_s, policy.typing_cap_s)


def quiet_until(now: datetime, quiet: QuietHours, zone: tzinfo) -> datetime | None:
    """Return when the quiet hours that are now end, None outside of them.

    Where the clock is put forward or back over a border, the longer quiet counts.
    """
    today = now.astimezone(zone).date()
    ends = []
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        last = day if quiet.end > quiet.start else day + timedelta(days=1)
        begins = min(_moments(day, quiet.start.hour * 60 + quiet.start.minute, zone))
        over = max(_moments(last, quiet.end.hour * 60 + quiet.end.minute, zone))
        if begins <= now < over:
            ends.append(over)
    return max(ends, default=None)


def _moments(day: date, minute: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the moments that a minute of the wall clock may mean: two where the clock changes, else twice the same."""
    shown = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)


def room_at(now: datetime, pace: Pace) -> datetime:
    """Return when the hourly ceiling has room for one more tap: now, or when an earlier tap is an hour old."""
    if len(pace.taps) < pace.policy.per_hour:
        return now
    return max(now, pace.taps[-pace.policy.per_hour] + HOUR)


def find_hold(reply: Reply, pace: Pace, now: datetime) -> Wait | None:
    """Return what holds this one reply, whatever waits beside it, and until when; None when nothing does.

    Holds follow each other: a reply whose undo ends in the quiet hours waits for their end.
    """
    overridden = {one.rule for one in reply.overrides}
    at, reason = now, None
    if reply.not_before is not None and reply.not_before > at:
        at, reason = reply.not_before, reply.reason or Reason.UNDO
    while True:
        moved = at, reason
        over = quiet_until(at, pace.policy.quiet, pace.zone) if pace.policy.quiet is not None else None
        if over is not None and Reason.QUIET_HOURS not in overridden:
            at, reason = over, Reason.QUIET_HOURS
        room = room_at(at, pace)
        if room > at and Reason.HOURLY_CEILING not in overridden:
            at, reason = room, Reason.HOURLY_CEILING
        if (at, reason) == moved:
            return None if reason is None else Wait(at, reason)


def typed_at(reply: Reply, pace: Pace) -> datetime:
    """Return when the typist is done with a reply: begun when it was queued, or a gap after the last tap."""
    begun = reply.queued_at
    if pace.taps:
        begun = max(begun, pace.taps[-1] + timedelta(seconds=pace.policy.gap_s))
    return begun + timedelta(seconds=typing_s(reply.body, pace.policy))


def take_turn(queue: Sequence[Reply], busy: Collection[ChatId], pace: Pace, now: datetime) -> Turn:
    """Return which reply goes now.

    Args:
        queue: The account's queued replies, oldest first.
        busy: Chats with a reply in hand: what follows in them waits, or its order would be lost.
        pace: The account's pace.
        now: The time now.
    """
    held: list[datetime] = []
    for reply in _heads(queue, busy):
        hold = find_hold(reply, pace, now)
        if hold is not None:
            held.append(hold.until)
            continue
        at = typed_at(reply, pace)
        if at <= now:
            return Turn(reply)
        held.append(at)
        break
    return Turn(ask_again_at=min(held, default=None))


def _heads(queue: Sequence[Reply], busy: Collection[ChatId]) -> list[Reply]:
    """Return the oldest reply of each chat that has none in hand."""
    seen = set(busy)
    heads = []
    for reply in queue:
        if reply.chat not in seen:
            seen.add(reply.chat)
            heads.append(reply)
    return heads


def foresee(queue: Sequence[Reply], busy: Collection[ChatId], pace: Pace, now: datetime) -> dict[ReplyId, Wait]:
    """Return until when each queued reply waits at least, and why, if every send takes no time and nothing changes.

    A reply that may go now is not in it; one behind a reply in hand is told to wait for others, until now.
    """
    first = take_turn(queue, busy, pace, now).reply
    left, at, ahead = list(queue), now, pace
    waits: dict[ReplyId, Wait] = {}
    for _ in range(2 * _FORESEEN):  # a send, and the wait before it
        turn = take_turn(left, busy, ahead, at)
        if turn.reply is not None:
            left.remove(turn.reply)
            ahead = ahead.after(at)
            waits[turn.reply.id] = Wait(at, _why(turn.reply, queue, busy, pace, now))
        elif turn.ask_again_at is not None:
            at = turn.ask_again_at
        else:
            break
    waits |= {reply.id: Wait(at, _why(reply, queue, busy, pace, now)) for reply in left}
    if first is not None:
        del waits[first.id]
    return waits


def _why(reply: Reply, queue: Sequence[Reply], busy: Collection[ChatId], pace: Pace, now: datetime) -> Reason:
    hold = find_hold(reply, pace, now)
    if hold is not None:
        return hold.reason
    before = queue[: queue.index(reply)]
    in_order = reply.chat in busy or any(one.chat == reply.chat for one in before)
    if in_order or any(find_hold(one, pace, now) is None for one in before):
        return Reason.BEHIND_OTHERS
    return Reason.PACE
