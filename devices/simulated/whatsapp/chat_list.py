"""Draw the home screen: the list of chats under its header, the round buttons, the tabs."""

from __future__ import annotations

from dataclasses import dataclass

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.chat_list_rows import ROW_DP, chat_row
from devices.simulated.whatsapp.frames import framed
from devices.simulated.whatsapp.home_chrome import TabNews, header, round_buttons, tabs
from devices.simulated.whatsapp.home_parts import (
    archived_row,
    banner_row,
    e2e_footer,
    filler,
    filter_row,
    gap_row,
    search_bar,
    search_row,
    tip_row,
)
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.model import Book, Chat
from devices.simulated.whatsapp.views import clipped, node

_HEADER_DP = 56.0
_TABS_DP = 80.5


@dataclass(slots=True)
class Home:
    """The list as it stands: scrolled by `offset` pixels, filtered, with or without its banner and tip."""

    book: Book
    offset: int = 0
    filter: str = "all"
    has_banner: bool = False
    has_tip: bool = False
    news: dict[str, int] | None = None
    """Counts on tabs beside the chats' own."""

    def chats(self) -> list[Chat]:
        """Return the chats shown, in order."""
        found = self.book.on_list()
        if self.filter == "unread":
            return [chat for chat in found if chat.unread]
        if self.filter == "groups":
            return [chat for chat in found if chat.kind == "group"]
        return found

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        wide, top = look.width, look.status_bar
        low = self._tabs_top(look)
        at = (0, top, wide, low)
        pager = node("ViewPager#pager[fs]", at, [node("LinearLayout#a:content", at, [self._coordinator(look, at)])])
        body = [
            node("@1FrameLayout#pager_holder", at, [pager]),
            header(look, (0, top, wide, top + look.px(_HEADER_DP))),
            *round_buttons(look, at),
        ]
        host = (0, top, wide, look.bottom)
        inside = [
            node("@1FrameLayout#a:content", at, body),
            tabs(TabNews(self.book.unread_chats(), self.news or {}), look, (0, low, wide, look.bottom)),
        ]
        list_host = node("@0LinearLayout#conversation_list_view_host", host, inside)
        nest = node("LinearLayout", host, [node("@1LinearLayout", host, [list_host])])
        whole = (0, 0, wide, look.bottom)
        sizer = "View#window_size_calculator_view" if look.skin.generation == "2026" else "View"
        kids = [node(sizer, whole), node("LinearLayout#main_container", whole, [nest])]
        return framed(node("FrameLayout#root_view", whole, kids), look, 0)

    def _tabs_top(self, look: Look) -> int:
        return look.bottom - look.px(_TABS_DP)

    def list_bounds(self, look: Look) -> Bounds:
        """Return where the list stands; in most builds it begins under the header."""
        top = look.status_bar
        if look.skin.search.startswith("fixed"):
            top += look.px(_HEADER_DP + 60)
        return (0, top, look.width, self._tabs_top(look))

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        self.offset = max(0, before - pixels)
        self._clamp(look, self._rows(look))
        return before - self.offset

    def _clamp(self, look: Look, rows: list[tuple[View | Chat, int]]) -> None:
        at = self.list_bounds(look)
        total = self._padding(look) + sum(height for _, height in rows)
        self.offset = max(0, min(self.offset, total - (at[3] - at[1])))

    def _padding(self, look: Look) -> int:
        return 0 if look.skin.search.startswith("fixed") else look.px(_HEADER_DP)

    def _coordinator(self, look: Look, at: Bounds) -> View:
        kids: list[View | None] = []
        if look.skin.search.startswith("fixed"):
            top = look.status_bar + look.px(_HEADER_DP + 4)
            kids.append(search_bar(look, (0, top, look.width, top + look.px(48))))
        kids.append(self._list(look))
        container = node("LinearLayout#conversation_container", at, kids)
        res = "#conversations_coordinator_layout" if look.skin.generation == "2026" else ""
        return node(f"ViewGroup{res}", at, [container])

    def _rows(self, look: Look) -> list[tuple[View | Chat, int]]:
        rows = self._top_rows(look)
        high = look.px(ROW_DP[look.skin.generation])
        rows.extend((chat, high) for chat in self.chats())
        rows.extend((view, view.bounds[3]) for view in self._end_rows(look))
        return rows

    def _top_rows(self, look: Look) -> list[tuple[View | Chat, int]]:
        views = []
        if not look.skin.search.startswith("fixed"):
            views.append(search_row(look))
        views.append(banner_row(look) if self.has_banner else gap_row(look))
        if look.skin.filters:
            views.append(filter_row(look, self.filter))
        elif not look.skin.search.startswith("fixed"):
            views.append(filler(look, 8))
        if self.book.on_list(is_archived=True):
            views.append(archived_row(self.book, look))
        return [(view, view.bounds[3]) for view in views]

    def _end_rows(self, look: Look) -> list[View]:
        views = [tip_row(look)] if self.has_tip else []
        if look.skin.generation == "2025":
            views.append(e2e_footer(look))
        elif self.has_tip:
            views.append(
                node("FrameLayout", (0, 0, look.width, look.px(76)), [node("View", (0, 0, look.width, look.px(76)))])
            )
        return views

    def _list(self, look: Look) -> View:
        rows = self._rows(look)
        self._clamp(look, rows)
        at = self.list_bounds(look)
        # The header lies over the list: what it covers is not in the dump, though bounds reach under it.
        visible = (at[0], max(at[1], look.status_bar + look.px(_HEADER_DP)), at[2], at[3])
        y = at[1] + self._padding(look) - self.offset
        total = 0
        shown: list[View] = []
        for content, height in rows:
            if y < at[3] and y + height > at[1]:
                view = chat_row(content, self.book, look, height) if isinstance(content, Chat) else content
                row = clipped(view, at, visible, y)
                if row is not None:
                    shown.append(row)
            y += height
            total += height
        is_long = total + self._padding(look) > at[3] - at[1]
        desc = look.words("swipe_hint") if look.skin.generation == "2026" else ""
        return node("RecyclerView#a:list[fsl]" if is_long else "RecyclerView#a:list[fl]", at, shown, desc=desc)
