"""Draw a conversation: header, the scrolled and clipped list of rows, footer.

Content follows the finger by exact pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.attach_sheet import SHEET_DP, attach_sheet
from devices.simulated.whatsapp.chat_footer import footer_height, footer_view
from devices.simulated.whatsapp.chat_header import header_view
from devices.simulated.whatsapp.frames import framed
from devices.simulated.whatsapp.layout import Look, Place, RowScope
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.model import SYSTEM_KINDS, Book, Chat, Message, Quote
from devices.simulated.whatsapp.quote_bar import quote_of, quoted_in
from devices.simulated.whatsapp.rows import draw_row
from devices.simulated.whatsapp.views import clipped, moved, node

HEADER_DP = 56.0
_TOP_ROW_DP = 4.2
_END_PADDING_DP = 4.0
_FAR_FROM_END_DP = 60.0


@dataclass(slots=True)
class Conversation:
    """One open chat: where it is scrolled to and what was unread when it was opened."""

    chat: Chat
    book: Book
    offset: int = 0
    """Pixels between the end of the chat and the lower edge of the list; 0 at the end."""
    unread_from: int = 0
    """Id of the first message that was unread, 0 for none."""
    unread_count: int = 0
    is_restricted: bool = False
    is_sheet_open: bool = False
    has_keyboard: bool = False
    day_shown_until: float = 0.0
    wants_unread: bool = False
    """Just opened: show the first unread message instead of the end."""
    rows: dict[int, tuple[object, list[View], int]] = field(default_factory=dict)

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        at = self.list_bounds(look)
        top = look.status_bar
        footer_top = at[3]
        wide = look.width
        placed = self._placed(look, at)
        layout_bottom = self._layout_bottom(look)
        inner = (0, at[1], wide, layout_bottom)
        body = [
            node("@1FrameLayout#push_to_video_stub", inner),
            node("@2View#drag_n_drop_overlay", inner),
            node("@3FrameLayout#a:content", at, [self._list(placed, look, at)]),
            *self._jump(look, at),
            footer_view(self.chat, self.is_restricted, look, (0, footer_top, wide, layout_bottom), self._quote(look)),
        ]
        coordinator = [
            node("ImageView#conversation_background", (0, at[1], wide, look.bottom)),
            node("RelativeLayout#conversation_layout", inner, body),
            *([attach_sheet(look)] if self.is_sheet_open else []),
            *self._floating_day(placed, look, at),
        ]
        toolbar = header_view(RowScope(self.chat, self.book), look, (0, top, wide, at[1]))
        frame = (0, top, wide, look.bottom)
        parts = [toolbar, node("ViewGroup#coordinator", (0, at[1], wide, look.bottom), coordinator)]
        root = node("FrameLayout#root", frame, [node("LinearLayout#conversation_root_layout", frame, parts)])
        return framed(root, look, top)

    def _quote(self, look: Look) -> Quote | None:
        quoted = quoted_in(self.chat)
        return quote_of(quoted, self.chat, self.book, look) if quoted is not None else None

    def _layout_bottom(self, look: Look) -> int:
        return look.bottom - look.px(SHEET_DP) if self.is_sheet_open else look.bottom

    def list_bounds(self, look: Look) -> Bounds:
        """Return where the list of rows stands."""
        top = look.status_bar + look.px(HEADER_DP)
        bottom = self._layout_bottom(look)
        return (0, top, look.width, bottom - footer_height(self.chat, self.is_restricted, look))

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        self.offset = max(0, before + pixels)
        self._placed(look, self.list_bounds(look))
        return self.offset - before

    def measure(self, look: Look) -> None:
        """Lay out the newest rows, so that a new one's height is known."""
        at = self.list_bounds(look)
        self._stack(look, at[3] - at[1])

    def is_at_end(self) -> bool:
        """Tell whether the newest row stands at the bottom."""
        return self.offset == 0

    def _placed(self, look: Look, at: Bounds) -> list[tuple[int, View, Message | None]]:
        """Return the rows with the y they stand at, top first, and keep the offset inside the content."""
        room = at[3] - at[1]
        if self.wants_unread:
            self._go_to_unread(look, room)
        stack, total, is_whole = self._stack(look, self.offset + room)
        if is_whole:
            self.offset = max(0, min(self.offset, total - room))
        y = at[3] + self.offset - total
        if is_whole and total <= room:
            y = at[1]
        placed: list[tuple[int, View, Message | None]] = []
        for message, views, height in reversed(stack):
            placed.extend((y, view, message) for view in views)
            y += height
        return placed

    def _stack(self, look: Look, room: int) -> tuple[list[tuple[Message | None, list[View], int]], int, bool]:
        """Collect rows from the end upwards until they fill some pixels; tell whether the top was reached."""
        stack: list[tuple[Message | None, list[View], int]] = []
        total = 0
        for message, views, height in self._from_end(look):
            stack.append((message, views, height))
            total += height
            if total >= room and message is not None:
                return stack, total, False
        return stack, total, True

    def _from_end(self, look: Look) -> Iterator[tuple[Message | None, list[View], int]]:
        messages = self.chat.messages
        for position in range(len(messages) - 1, -1, -1):
            message = messages[position]
            views, height = self._row(position, look)
            if position == len(messages) - 1:
                views, height = _padded(views, height, look)
            yield message, views, height
        flags = f"[{look.skin.list_top_flags}]" if look.skin.list_top_flags else ""
        high = look.px(_TOP_ROW_DP)
        yield None, [node(f"LinearLayout{flags}", (0, 0, look.width, high))], high

    def _row(self, position: int, look: Look) -> tuple[list[View], int]:
        message = self.chat.messages[position]
        place = self._place(position, look)
        scope = RowScope(self.chat, self.book)
        name = self.book.name_of(message.sender, self.chat) if message.sender else ""
        key = (message.version, place, look.skin.name, look.display, look.words, name)
        found = self.rows.get(message.id)
        if found is None or found[0] != key:
            views = draw_row(message, place, scope, look)
            found = (key, views, views[-1].bounds[3])
            self.rows[message.id] = found
        return found[1], found[2]

    def _place(self, position: int, look: Look) -> Place:
        messages = self.chat.messages
        message = messages[position]
        above = messages[position - 1] if position else None
        day = message.sent_at.date()
        divider = ""
        if above is None or above.sent_at.date() != day:
            divider = look.words.divider(day, look.now.date())
        unread = self.unread_count if message.id == self.unread_from else 0
        is_first = above is None or bool(divider) or bool(unread) or _starts_run(above, message)
        return Place(divider, is_first, unread)

    def _go_to_unread(self, look: Look, room: int) -> None:
        self.wants_unread = False
        below = 0
        for message, _, height in self._from_end(look):
            below += height
            if message is not None and message.id == self.unread_from:
                self.offset = max(0, below - room * 3 // 4)
                return

    def _list(self, placed: list[tuple[int, View, Message | None]], look: Look, at: Bounds) -> View:
        rows = []
        for y, view, _ in placed:
            row = clipped(view, at, at, y)
            if row is not None:
                rows.append(row)
        # Rows that end exactly at the upper edge may have others above them.
        is_long = bool(placed) and (self.offset > 0 or self._stack(look, at[3] - at[1] + 1)[1] > at[3] - at[1])
        found = node("ListView#a:list[fs]" if is_long else "ListView#a:list[f]", at, rows)
        for position, row in enumerate(found.children):
            row.index = position
            row.drawing_order = position + 1
        return found

    def _jump(self, look: Look, at: Bounds) -> list[View]:
        if self.offset <= look.px(_FAR_FROM_END_DP):
            return []
        # invented: its place in the tree; id and description are claimed
        px = look.px
        place = (at[2] - px(52), at[3] - px(52), at[2] - px(8), at[3] - px(8))
        desc = look.words("scroll_bottom")
        return [node("@5ImageView#scroll_bottom[cf]", place, desc=desc, handler="scroll_bottom")]

    def _floating_day(self, placed: list[tuple[int, View, Message | None]], look: Look, at: Bounds) -> list[View]:
        if look.now.timestamp() >= self.day_shown_until:
            return []
        for y, view, message in placed:
            if message is not None and view.bounds[3] + y > at[1]:
                # invented: its class and parent; the id is claimed by two readers of the screen
                text = look.words.divider(message.sent_at.date(), look.now.date())
                half = look.px(text_width(text, 13) / 2 + 12)
                middle = look.width // 2
                place = (middle - half, at[1] + look.px(6), middle + half, at[1] + look.px(38))
                return [node("TextView#date_divider_header", place, text=text)]
        return []


def _starts_run(above: Message, message: Message) -> bool:
    return above.kind in SYSTEM_KINDS or above.sender != message.sender or above.is_own != message.is_own


def _padded(views: list[View], height: int, look: Look) -> tuple[list[View], int]:
    more = look.px(_END_PADDING_DP)
    last = moved(views[-1], 0)
    left, top, right, bottom = last.bounds
    last.bounds = (left, top, right, bottom + more)
    return [*views[:-1], last], height + more
