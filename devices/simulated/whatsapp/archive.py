"""The screen with archived chats: rows as on the chat list, a toolbar with a way back, no tabs. *Invented*."""

from __future__ import annotations

from dataclasses import dataclass

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.chat_list_rows import ROW_DP, chat_row
from devices.simulated.whatsapp.frames import framed
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.model import Book
from devices.simulated.whatsapp.views import clipped, node

_BAR_DP = 56.0


@dataclass(slots=True)
class Archive:
    """Archived chats, scrolled by `offset` pixels."""

    book: Book
    offset: int = 0

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        at = self._list_bounds(look)
        total = look.px(ROW_DP[look.skin.generation]) * len(self.book.on_list(is_archived=True))
        self.offset = max(0, min(before - pixels, total - (at[3] - at[1])))
        return before - self.offset

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        top = look.status_bar
        bar = (0, top, look.width, top + look.px(_BAR_DP))
        back = (0, bar[1], look.px(48), bar[3])
        title = (look.px(64), bar[1] + look.px(14), look.px(260), bar[3] - look.px(14))
        kids = [
            node("ImageButton[cf]", back, desc=look.words("navigate_up"), handler="back"),
            node("TextView", title, text=look.words("archived")),
        ]
        body = [node("ViewGroup#toolbar", bar, kids), self._list(look)]
        return framed(node("LinearLayout", (0, top, look.width, look.bottom), body), look, top)

    @staticmethod
    def _list_bounds(look: Look) -> Bounds:
        return (0, look.status_bar + look.px(_BAR_DP), look.width, look.bottom)

    def _list(self, look: Look) -> View:
        at = self._list_bounds(look)
        high = look.px(ROW_DP[look.skin.generation])
        chats = self.book.on_list(is_archived=True)
        self.offset = max(0, min(self.offset, high * len(chats) - (at[3] - at[1])))
        shown: list[View] = []
        for number, chat in enumerate(chats):
            y = at[1] - self.offset + number * high
            row = clipped(chat_row(chat, self.book, look, high), at, at, y) if y < at[3] and y + high > at[1] else None
            if row is not None:
                shown.append(row)
        is_long = high * len(chats) > at[3] - at[1]
        return node("RecyclerView#a:list[fsl]" if is_long else "RecyclerView#a:list[fl]", at, shown)
