"""Compares what simulated phones really hold with what the mirror holds. For the demo's closing table."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from app.domain.message import Direction, Kind
from app.domain.reply import ON_THE_PHONE, Reply
from app.services.browsing import MessageRow

_KIND_OF = {
    "e2e": "system", "notice": "system", "business": "system", "album": "photo", "gif": "video",
    "waiting": "text", "unknown": "text",
}  # fmt: skip
_NOT_A_MESSAGE = {"group_card"}

Key = tuple[str, str, str]


@dataclass(slots=True)
class Tally:
    """One phone's figures. Times in seconds."""

    phone: str
    on_phone: int = 0
    mirrored: int = 0
    missing: int = 0
    doubled: int = 0
    out_of_order: int = 0
    asked: int = 0
    sent: int = 0
    sent_doubled: int = 0
    differences: list[str] = field(default_factory=list)
    """Where phone and mirror differ, as lines of a diff; made-up texts of made-up people."""
    seconds_in: list[float] = field(default_factory=list)
    seconds_out: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is missing, doubled or in another order."""
        return not (self.missing or self.doubled or self.out_of_order or self.sent_doubled or self.asked != self.sent)

    def row(self) -> tuple[object, ...]:
        """Return the figures as `HEADINGS` names them."""
        return (
            self.phone, self.on_phone, self.mirrored, self.missing, self.doubled, self.out_of_order,
            self.asked, self.sent, self.sent_doubled, _median(self.seconds_in), _median(self.seconds_out),
        )  # fmt: skip


HEADINGS = (
    "phone", "messages on the phone", "mirrored", "missing", "doubled", "out of order", "replies asked", "on the phone",
    "doubled", "median s in", "median s out",
)  # fmt: skip


def _median(values: list[float]) -> str:
    return f"{median(values):.2f}" if values else ""


def count_chat(tally: Tally, truth: Sequence[dict[str, Any]], rows: Sequence[MessageRow], since: datetime) -> None:
    """Add one chat's figures.

    Args:
        tally: The phone's figures so far.
        truth: The chat's messages as the phone holds them, oldest first.
        rows: The mirror's, oldest first.
        since: Messages younger than this count for the time in.
    """
    real = [m for m in truth if m["kind"] not in _NOT_A_MESSAGE]
    wanted = [true_key(m) for m in real]
    found = _matched_to(wanted, [key_of(row) for row in rows])
    tally.on_phone += len(wanted)
    tally.mirrored += len(found)
    tally.missing += sum((Counter(wanted) - Counter(found)).values())
    tally.doubled += sum((Counter(found) - Counter(wanted)).values())
    if Counter(wanted) == Counter(found) and wanted != found:
        tally.out_of_order += sum(a != b for a, b in zip(wanted, found, strict=True))
    if wanted != found:
        lines = difflib.unified_diff(
            [str(k) for k in wanted], [str(k) for k in found], "phone", "mirror", lineterm="", n=2
        )
        tally.differences += lines
    else:
        tally.seconds_in += _delays(real, rows, since)


def _delays(real: Sequence[dict[str, Any]], rows: Sequence[MessageRow], since: datetime) -> list[float]:
    delays = []
    for one, row in zip(real, rows, strict=True):
        at = datetime.fromtimestamp(one["at_ms"] / 1000, UTC)
        if not one["own"] and at > since and row.first_seen_at is not None and one["kind"] not in ("e2e", "notice"):
            delays.append((row.first_seen_at - at).total_seconds())
    return delays


def count_replies(tally: Tally, replies: Sequence[Reply], chats: Sequence[dict[str, Any]]) -> None:
    """Add what became of the replies: the phone's own bubbles are counted, not our word for it."""
    bodies = Counter(_plain(r.body) for r in replies)
    shown = Counter(_plain(m["text"]) for chat in chats for m in chat["messages"] if m["own"] and not m["by_hand"])
    tally.asked += len(replies)
    tally.sent += sum(min(n, shown[body]) for body, n in bodies.items())
    tally.sent_doubled += sum(max(0, shown[body] - n) for body, n in bodies.items())
    tally.seconds_out += [
        (r.settled_at - r.queued_at).total_seconds() for r in replies if r.settled_at and r.state in ON_THE_PHONE
    ]


def true_key(one: dict[str, Any]) -> Key:
    """Return what is compared of a message as the phone holds it."""
    kind = "deleted" if one["deleted"] else _KIND_OF.get(one["kind"], one["kind"])
    direction = Direction.OUT if one["own"] else Direction.IN
    return direction.value, kind, _plain(one["text"]) if kind == "text" and one["kind"] == "text" else ""


def key_of(row: MessageRow) -> Key:
    """Return what is compared of a message as the mirror holds it."""
    text = _plain(row.content.text) if row.content.kind is Kind.TEXT else ""
    return row.direction.value, row.content.kind.value, text


def _matched_to(wanted: list[Key], found: list[Key]) -> list[Key]:
    """Give texts that the phone itself shows cut, or under another kind of row, the truth's own key."""
    if len(wanted) != len(found):
        return found
    return [
        truth
        if (truth[:2] == seen[:2] and ((truth[2].startswith(seen[2]) and len(seen[2]) > 40) or not truth[2]))
        else seen
        for truth, seen in zip(wanted, found, strict=True)
    ]


def _plain(text: str) -> str:
    return " ".join(text.split())
