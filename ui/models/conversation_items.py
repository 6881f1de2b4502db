"""The rows of a conversation as they are drawn: messages, and days, gaps and beginnings between them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.domain.message import Direction, Kind
from app.services.browsing import MessageRow


class ItemKind(Enum):
    """What a row is drawn as."""

    MESSAGE = "message"
    NOTICE = "notice"
    DAY = "day"
    GAP = "gap"
    BEHIND = "behind"
    START = "start"
    UNREAD_ABOVE = "unread_above"


@dataclass(frozen=True, slots=True)
class Item:
    """One drawn row. `opens_group` tells that the message above is by somebody else."""

    key: str
    kind: ItemKind
    row: MessageRow | None = None
    day: date | None = None
    opens_group: bool = True


def build_items(rows: list[MessageRow], *, has_older: bool, is_complete: bool, is_behind: bool = False) -> list[Item]:
    """Return what to draw for these messages.

    Args:
        rows: Messages and replies on their way, oldest first.
        has_older: More of the mirror lies above.
        is_complete: The first message of the chat is in the mirror.
        is_behind: The phone shows more at the end.
    """
    items: list[Item] = []
    if not has_older:
        kind = ItemKind.START if is_complete else ItemKind.UNREAD_ABOVE
        items.append(Item(f"top-{kind.value}", kind))
    days: dict[date, int] = {}
    last_day: date | None = None
    above: MessageRow | None = None
    for row in rows:
        if row.gap_before:
            items.append(Item(f"gap-{row.key}", ItemKind.GAP))
            above = None
        if row.order is not None and row.shown.day is not None and row.shown.day != last_day:
            last_day = row.shown.day
            days[last_day] = days.get(last_day, 0) + 1
            items.append(Item(f"day-{last_day.isoformat()}-{days[last_day]}", ItemKind.DAY, day=last_day))
            above = None
        items.append(_message(row, above))
        above = row
    if is_behind:
        items.append(Item("end-behind", ItemKind.BEHIND))
    return items


def _message(row: MessageRow, above: MessageRow | None) -> Item:
    if row.content.kind is Kind.SYSTEM:
        return Item(row.key, ItemKind.NOTICE, row)
    same = above is not None and above.content.kind is not Kind.SYSTEM and _voice(above) == _voice(row)
    return Item(row.key, ItemKind.MESSAGE, row, opens_group=not same)


def _voice(row: MessageRow) -> tuple[Direction, str | None]:
    return row.direction, row.author if row.direction is Direction.OUT else row.content.sender
