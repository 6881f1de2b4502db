"""The conversation screen becomes a ChatSeen. Rows the edge cuts are marked, never dropped or completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.message import Direction, Quote, Shown
from app.domain.observation import Bounds, ChatSeen, EntrySeen, RowSeen
from devices.screens import words
from devices.screens.days import parse_day
from devices.screens.profile import Profile
from devices.screens.rows import parse_row
from devices.screens.selftest import find_lacks
from devices.screens.tree import Element, is_empty

NOTICE_MARK = "\u200c"
"""The encryption notice, first row of every chat, begins with this character (phone-screens.md 10.2)."""


def parse_conversation(window: Element, ids: dict[str, Element], today: date, profile: Profile) -> ChatSeen:
    """Return what a window with `conversation_root_layout` shows.

    Args:
        window: The app's window.
        ids: Its elements by local id.
        today: The phone's own day.
        profile: What the parts of the screen are called, and what the phone's words mean.
    """
    area = _message_list(ids, window)
    rows, days, starts = _rows(area, today, profile) if area else ((), (), False)
    name = ids.get("conversation_contact_name")
    status = ids.get("conversation_contact_status")
    read_only = ids.get("read_only_chat_info")
    scrollable = area is not None and area.scrollable
    return ChatSeen(
        title=words.bare(name.text or name.desc) if name else "",
        subtitle=words.bare(status.text) if status else "",
        rows=_with_sticky_day(rows, ids, area, today, profile),
        entry=_entry(ids),
        list_bounds=area.bounds if area else (0, 0, 0, 0),
        read_only_notice=words.bare(read_only.text) if read_only else "",
        starts_chat=starts,
        ends_chat="scroll_bottom" not in ids,
        days=days,
        fits=area is not None and not scrollable and bool(rows),
    )


def parse_whole_conversation(window: Element, ids: dict[str, Element], today: date, profile: Profile) -> ChatSeen:
    """Return what a chat that nothing covers shows, with what it lacks of what sending needs."""
    chat = parse_conversation(window, ids, today, profile)
    lacks = find_lacks(window, ids, chat, _message_list(ids, window), profile)
    return replace(chat, lacks=lacks) if lacks else chat


def _message_list(ids: dict[str, Element], window: Element) -> Element | None:
    layout = ids.get("conversation_layout") or ids.get("coordinator") or window
    return layout.first("list") or window.first("list")


def _rows(area: Element, today: date, profile: Profile) -> tuple[tuple[RowSeen, ...], tuple[date, ...], bool]:
    """Return rows with the day of the divider above them, the dividers' days, and whether the chat begins here."""
    rows: list[RowSeen] = []
    days: list[date] = []
    day: date | None = None
    starts, unread_next, day_next = False, False, False
    bounds, scrollable = area.bounds, area.scrollable
    for child in area.children:
        ids = child.by_id()
        divider = ids.get("conversation_row_date_divider")
        if divider is not None and divider.text:
            day, day_next = parse_day(divider.text, today, month_first=profile.words.month_first), True
            if day is not None:
                days.append(day)
        if "unread_divider_tv" in ids:
            unread_next = True
        row = parse_row(child, ids, bounds, profile, is_scrollable=scrollable)
        if row is None:
            continue
        info = ids.get("info")
        is_first = not rows and row.whole
        starts = starts or (is_first and info is not None and info.text.startswith(NOTICE_MARK))
        if day is not None or unread_next or day_next:
            shown = Shown(row.shown.minute, day)
            row = replace(row, shown=shown, after_unread_divider=unread_next, starts_day=day_next)
        rows.append(row)
        unread_next = day_next = False
    return _carry_senders(tuple(rows)), tuple(days), starts


def _carry_senders(rows: tuple[RowSeen, ...]) -> tuple[RowSeen, ...]:
    """In a group only the first message of a run names its sender; at the top of a window it stays unknown."""
    sender: str | None = None
    carried: list[RowSeen] = []
    for row in rows:
        if row.direction is Direction.OUT or row.shown.minute is None:
            sender = None
            carried.append(row)
            continue
        sender = row.content.sender or sender
        is_told = sender == row.content.sender
        carried.append(row if is_told else replace(row, content=replace(row.content, sender=sender)))
    return tuple(carried)


def _with_sticky_day(
    rows: tuple[RowSeen, ...], ids: dict[str, Element], area: Element | None, today: date, profile: Profile
) -> tuple[RowSeen, ...]:
    """The header that floats while scrolling names the day of the topmost rows."""
    header = ids.get("date_divider_header")
    month_first = profile.words.month_first
    day = parse_day(header.text, today, month_first=month_first) if header is not None and header.text else None
    if day is None or area is None:
        return rows
    found: list[RowSeen] = []
    for row in rows:
        if row.starts_day or row.shown.day is not None:
            break
        found.append(replace(row, shown=Shown(row.shown.minute, day)))
    return tuple(found) + rows[len(found) :]


def _entry(ids: dict[str, Element]) -> EntrySeen | None:
    entry = ids.get("entry")
    if entry is None or is_empty(entry.bounds):
        return None
    send = _send_button(ids)
    # An empty field reports its hint as text; only the button tells (phone-screens.md 0.4).
    text = entry.text if send is not None else ""
    return EntrySeen(text, entry.bounds, send, entry.focused, *_quote_bar(ids))


def _quote_bar(ids: dict[str, Element]) -> tuple[Quote | None, Bounds | None]:
    """Return what the bar over the entry names, and where it is closed.

    The ids are those of the app's own code as others published it; no capture shows the bar.
    """
    bar = ids.get("quoted_message_preview_container")
    if bar is None or is_empty(bar.bounds):
        return None, None
    inside = bar.by_id()
    title, text, close = (inside.get(name) for name in ("quoted_title", "quoted_text", "cancel"))
    if title is None and text is None:
        # An empty place for a bar is none.
        return None, None
    quote = Quote(words.bare(title.text or title.desc) if title else "", words.bare(text.text) if text else "")
    return quote, close.bounds if close is not None and not is_empty(close.bounds) else None


def _send_button(ids: dict[str, Element]) -> Bounds | None:
    send = ids.get("send")
    if send is None or not send.clickable or is_empty(send.bounds) or "voice_note_btn" in ids:
        return None
    return send.bounds
