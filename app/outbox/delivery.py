"""What the phone shows decides what became of a reply. After the tap nothing is ever sent again by itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from app.domain.message import Content, Direction, Entry, Kind, Tick
from app.domain.observation import ChatSeen
from app.domain.reply import Reply, ReplyState

_AWAITING = frozenset({ReplyState.SUBMITTED, ReplyState.UNKNOWN})
_MARKS = str.maketrans(
    "", "", "*_~`\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufe0f\u2066\u2067\u2068\u2069"
)
_STATE_OF = {Tick.DELIVERED: ReplyState.DELIVERED, Tick.READ: ReplyState.READ}


def is_echo(content: Content, body: str) -> bool:
    """Tell whether an own bubble shows this body; the app takes emphasis marks away and may cut a long text."""
    if content.kind is not Kind.TEXT:
        return False
    shown, sent = _plain(content.text), _plain(body)
    return shown == sent or (content.cut and bool(shown) and sent.startswith(shown))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.translate(_MARKS)).split())


def match_echoes(replies: Sequence[Reply], entries: Sequence[Entry]) -> list[tuple[Reply, Entry]]:
    """Return which new own messages are which replies: in order, each once.

    A reply in flight comes before one in doubt: the chat was read right before its tap, an older bubble was seen then.

    Args:
        replies: Replies of the chat, oldest first; only submitted and unknown ones without an echo count.
        entries: Own messages that were just added, in the phone's order.
    """
    waiting = [r for r in replies if r.state in _AWAITING and r.echo is None]
    waiting.sort(key=lambda r: r.state is ReplyState.UNKNOWN)
    pairs: list[tuple[Reply, Entry]] = []
    for entry in entries:
        if entry.direction is not Direction.OUT:
            continue
        found = next((r for r in waiting if is_echo(entry.content, r.body)), None)
        if found is not None:
            waiting.remove(found)
            pairs.append((found, entry))
    return pairs


def state_of(tick: Tick | None) -> ReplyState:
    """Return the state that a bubble with this tick proves; a bubble alone proves that the phone took it."""
    return _STATE_OF.get(tick, ReplyState.SENT) if tick is not None else ReplyState.SENT


def count_equal(seen: ChatSeen, body: str) -> int:
    """Return how many own bubbles in view show the body: the baseline before a tap."""
    return sum(1 for row in seen.rows if row.direction is Direction.OUT and is_echo(row.content, body))


class AfterTap(StrEnum):
    """What one look after the tap proves."""

    ARRIVED = "arrived"
    STILL_TYPED = "still_typed"
    """The entry holds the body and no new bubble is there: the tap did nothing."""
    OPEN = "open"


def judge(seen: ChatSeen, body: str, baseline: int, *, has_echo: bool) -> AfterTap:
    """Return what a look at the chat proves about a reply that was submitted."""
    if has_echo:
        return AfterTap.ARRIVED
    if seen.entry is not None and seen.entry.text == body and count_equal(seen, body) <= baseline:
        return AfterTap.STILL_TYPED
    return AfterTap.OPEN
