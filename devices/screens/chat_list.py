"""The chat list becomes a ChatListSeen. A row without its title (a sliver at the edge) is left out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.domain.observation import Bounds, ChatListSeen, ListRowSeen
from devices.screens import words
from devices.screens.days import parse_when
from devices.screens.profile import Profile
from devices.screens.tree import Element, is_empty

_NUMBER = re.compile(r"\d{1,9}")


def parse_chat_list(window: Element, ids: dict[str, Element], today: date, profile: Profile) -> ChatListSeen:
    """Return the rows of the list, top first.

    Args:
        window: The app's window.
        ids: Its elements by local id.
        today: The phone's own day, for "yesterday" and for times.
        profile: What the phone's words mean.
    """
    area = _area(window)
    if area is None:
        return ChatListSeen((), (0, 0, 0, 0))
    containers = [e for e in area.all("contact_row_container") if not is_empty(e.bounds)]
    bounds = area.bounds
    rows = [row for e in containers if (row := _row(e, bounds, today, profile))]
    return ChatListSeen(
        tuple(rows),
        bounds,
        ends_list="e2ee_main_text" in ids or not area.scrollable,
        cut_above=bool(containers) and min(e.bounds[1] for e in containers) <= bounds[1],
        archive_at=_archive_place(ids, bounds),
        archive_count=words.bare(ids["archive_row_counter"].text) if "archive_row_counter" in ids else "",
    )


def _archive_place(ids: dict[str, Element], area: Bounds) -> Bounds | None:
    row = ids.get("conversations_archive_header") or ids.get("archived_row")
    if row is None or is_empty(row.bounds) or row.bounds[1] < area[1] or row.bounds[3] > area[3]:
        return None
    return row.bounds


def _area(window: Element) -> Element | None:
    """The list is the nearest `list` above the first row; a screen may hold other lists."""
    lists = window.all("list", "result_list")
    return next((e for e in lists if e.first("contact_row_container")), lists[0] if lists else None)


def _row(row: Element, area: Bounds, today: date, profile: Profile) -> ListRowSeen | None:
    ids = row.by_id()
    name = ids.get("conversations_row_contact_name")
    bounds = row.bounds
    title = words.bare(name.text) if name is not None else ""
    if not title or is_empty(bounds):
        return None
    when = ids.get("conversations_row_date")
    preview = ids.get("single_msg_tv")
    sender = ids.get("msg_from_tv")
    return ListRowSeen(
        title=title,
        preview=words.bare(preview.text) if preview else "",
        sender=words.bare(sender.text).removesuffix(":").removeprefix("~").strip() if sender else "",
        when_text=words.bare(when.text) if when else "",
        when=parse_when(
            when.text if when else "", when.desc if when else "", today, month_first=profile.words.month_first
        ),
        unread=_unread(ids.get("conversations_row_message_count")),
        bounds=bounds,
        own_last="status_indicator" in ids,
        is_self=words.fold(title).endswith(words.SELF),
        muted="mute_indicator" in ids,
        pinned="pin_indicator" in ids,
        whole=bounds[1] > area[1] and bounds[3] < area[3],
    )


def _unread(badge: Element | None) -> int:
    """The number is the badge's text in older layouts, part of its description in newer ones."""
    if badge is None or is_empty(badge.bounds):
        return 0
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, -1) >= 0 else c
        for c in badge.text or badge.desc
    )
    found = _NUMBER.search(text.replace(".", "").replace("\u00a0", ""))
    # A badge without a number marks a chat that a person set to unread.
    return int(found[0]) if found else 1
