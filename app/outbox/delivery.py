"""What the phone shows decides what became of a reply. After the tap nothing is ever sent again by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.message import Content, Direction, Entry, Kind, Tick
from app.domain.observation import ChatSeen, ComposerSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reply, ReplyState
from app.outbox.quoting import carries
from app.outbox.quoting import plain as _plain

_AWAITING = frozenset({ReplyState.SUBMITTED, ReplyState.UNKNOWN})
_STATE_OF = {Tick.DELIVERED: ReplyState.DELIVERED, Tick.READ: ReplyState.READ}


def is_echo(content: Content, body: str) -> bool:
    """Tell whether an own bubble shows this body; the app takes emphasis marks away and may cut a long text."""
    if content.kind is not Kind.TEXT:
        return False
    shown, sent = _plain(content.text), _plain(body)
    return shown == sent or (content.cut and bool(shown) and sent.startswith(shown))


_SHOWN_AS = {
    Kind.PHOTO: frozenset({Kind.PHOTO}),
    Kind.VIDEO: frozenset({Kind.VIDEO}),
    Kind.VOICE: frozenset({Kind.VOICE}),
    Kind.DOCUMENT: frozenset({Kind.DOCUMENT}),
}
_GIF = "image/gif"
"""The app makes a video of it."""


def is_echo_of(content: Content, reply: Reply) -> bool:
    """Tell whether an own bubble shows a reply: its text, or its file's kind, caption and, of a document, name."""
    file = reply.file
    if file is None:
        return is_echo(content, reply.body)
    kinds = _SHOWN_AS.get(file.kind, frozenset()) | ({Kind.VIDEO} if file.mime == _GIF else frozenset())
    if content.kind not in kinds or (content.media is not None and content.media.count):
        return False
    if file.kind is Kind.DOCUMENT and not _is_name(content.media.name if content.media else "", file.name):
        return False
    # What has no room for a caption shows none; an empty one may not stand for a text either.
    return is_echo(replace(content, kind=Kind.TEXT), reply.body)


def _is_name(shown: str, name: str) -> bool:
    """Tell whether a document's bubble shows this name; the app may leave the ending to the line below it."""
    said, known = _plain(shown), _plain(name)
    return said in (known, known.rpartition(".")[0] or known)


def holds(composer: ComposerSeen, reply: Reply, target: ChatTarget) -> bool:
    """Tell whether a composer that was left held this reply's file: to one, with its caption."""
    if composer.files != 1 or len(composer.recipients) != 1 or _plain(composer.caption) != _plain(reply.body):
        return False
    (name,) = composer.recipients
    digits = "".join(c for c in name if c.isdigit())
    return _plain(name) == _plain(target.title) or (target.number is not None and digits == target.number)


_EARLY, _LATE = timedelta(minutes=2), timedelta(minutes=10)
"""A bubble shows a minute of the phone's clock, which may be off; a connection may be slow."""


def _may_be_late(reply: Reply, at: datetime | None) -> bool:
    """Tell whether a file in doubt may have made a bubble of this time: one photo without a caption is like another."""
    if reply.file is None or reply.state is not ReplyState.UNKNOWN or reply.submitted_at is None:
        return True
    return at is not None and -_EARLY <= at - reply.submitted_at <= _LATE


def match_echoes(
    replies: Sequence[Reply], entries: Sequence[Entry], moment: Callable[[Entry], datetime | None] = lambda _: None
) -> list[tuple[Reply, Entry]]:
    """Return which new own messages are which replies: in order, each once.

    A reply in flight comes before one in doubt: the chat was read right before its tap, an older bubble was seen then.

    Args:
        replies: Replies of the chat, oldest first; only submitted and unknown ones without an echo count.
        entries: Own messages that were just added, in the phone's order.
        moment: When a message was, as the phone shows it; None where it does not.
    """
    waiting = [r for r in replies if r.state in _AWAITING and r.echo is None]
    waiting.sort(key=lambda r: r.state is ReplyState.UNKNOWN)
    pairs: list[tuple[Reply, Entry]] = []
    for entry in entries:
        if entry.direction is not Direction.OUT:
            continue
        at = moment(entry)
        fits = [r for r in waiting if is_echo_of(entry.content, r) and _may_be_late(r, at)]
        # A quote tells equal texts apart; the text alone still makes it ours.
        found = min(fits, key=lambda r: _has_other_quote(entry.content, r), default=None)
        if found is not None:
            waiting.remove(found)
            pairs.append((found, entry))
    return pairs


def _has_other_quote(content: Content, reply: Reply) -> bool:
    return content.quoted is not None if reply.quote is None else not carries(content, reply.quote)


def lost_quote(content: Content, reply: Reply) -> bool:
    """Tell whether a reply was to quote a message and its bubble does not."""
    return reply.quote is not None and not carries(content, reply.quote)


def state_of(tick: Tick | None) -> ReplyState:
    """Return the state that a bubble with this tick proves; a bubble alone proves that the phone took it."""
    return _STATE_OF.get(tick, ReplyState.SENT) if tick is not None else ReplyState.SENT


def count_equal(seen: ChatSeen, reply: Reply) -> int:
    """Return how many own bubbles in view show the reply: the baseline before a tap."""
    return sum(1 for row in seen.rows if row.direction is Direction.OUT and is_echo_of(row.content, reply))


class AfterTap(StrEnum):
    """What one look after the tap proves."""

    ARRIVED = "arrived"
    STILL_TYPED = "still_typed"
    """The entry holds the body, or the composer the file, and no new bubble is there: the tap did nothing."""
    OPEN = "open"


def judge(seen: ChatSeen | None, reply: Reply, baseline: int, *, has_echo: bool) -> AfterTap:
    """Return what a look proves about a reply that was submitted.

    Args:
        seen: The chat; None where the composer of a file still covers it.
        reply: The reply.
        baseline: Equal bubbles before the tap.
        has_echo: Its bubble is in the mirror.
    """
    if has_echo:
        return AfterTap.ARRIVED
    if seen is None:
        return AfterTap.STILL_TYPED
    if reply.file is not None:
        # A draft in the entry is somebody else's, whatever it says.
        return AfterTap.OPEN
    if seen.entry is not None and seen.entry.text == reply.body and count_equal(seen, reply) <= baseline:
        return AfterTap.STILL_TYPED
    return AfterTap.OPEN
