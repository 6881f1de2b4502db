"""Draw the rows of the chat list that are no chats: search, filters, banner, archive, tip, the footer."""

from __future__ import annotations

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import text_width, wrapped
from devices.simulated.whatsapp.model import Book
from devices.simulated.whatsapp.views import node

_FILTERS = ("all", "unread", "favorites", "groups")


def filler(look: Look, dp: float, spec: str = "FrameLayout") -> View:
    """Draw an empty row."""
    return node(spec, (0, 0, look.width, look.px(dp)))


def gap_row(look: Look) -> View:
    """Draw the empty place of a banner."""
    at = (0, 0, look.width, look.px(8))
    return node("FrameLayout", at, [node("FrameLayout", at)])


def search_row(look: Look) -> View:
    """Draw the search bar as the first row of the list."""
    px = look.px
    high = px(60.3)
    bar = search_bar(look, (0, px(4.3), look.width, px(52)))
    return node("FrameLayout", (0, 0, look.width, high), [bar])


def search_bar(look: Look, at: Bounds) -> View:
    """Draw the search bar."""
    px, words, skin = look.px, look.words, look.skin
    left, top, right, bottom = at
    text = words(skin.search_word)
    box = (left + px(12), top, right - px(12), bottom)
    parts = [
        node("ImageView#search_icon", (box[0] + px(4), top + px(4), box[0] + px(44), bottom - px(4))),
        node("TextView#search_text", (box[0] + px(44), top + px(13), right - px(12), bottom - px(13)), text=text),
    ]
    if skin.search.endswith("inner"):
        inner = node("LinearLayoutCompat#search_bar_inner_layout[cf]", box, parts, "", text, "search")
        return node("FrameLayout#my_search_bar", at, [inner])
    desc = text if skin.generation == "2026" else ""
    inner = node("LinearLayoutCompat#search_bar_inner_layout", box, parts)
    return node("FrameLayout#my_search_bar[cf]", at, [inner], "", desc, "search")


def filter_row(look: Look, chosen: str) -> View:
    """Draw the filter chips of 2025."""
    px, words = look.px, look.words
    high = px(56.3)
    at = (0, 0, look.width, high)
    x, chips = px(16), []
    for name in _FILTERS:
        text = words(f"filter_{name}")
        wide = px(text_width(text, 14) + 24)
        chips.append(_chip(name, text, (x, 0, x + wide, high), look, name == chosen))
        x += wide + px(5.6)
    place = (x, px(10.4), x + px(44), px(45))
    icon = node("ImageView#add_list_icon", (x + px(12), px(17), x + px(32), px(37)))
    button = node("Button#add_list_button[cfl]", place, [icon], "", words("add_list"))
    chips.append(node("FrameLayout", (x, 0, x + px(44), high), [button]))
    strip = node("RecyclerView#conversations_swipe_to_reveal_filter_recycler_view[f]", at, chips)
    combo = node("LinearLayout#conversations_swipe_to_reveal_header_combo", at, [strip])
    holder = node("FrameLayout#conversations_swipe_to_reveal_container", at, [combo])
    return node("FrameLayout", at, [node("FrameLayout", at, [holder])])


def _chip(name: str, text: str, at: Bounds, look: Look, is_chosen: bool) -> View:
    px, mark = look.px, "S" if is_chosen else ""
    left, _, right, _ = at
    box = (left, px(10.4), right, px(45))
    label = (left + px(12), px(19), right - px(12), px(38))
    desc = look.words("filter_desc", name=text)
    inner = node("Button#text_view" + (f"[{mark}]" if mark else ""), label, text=text, desc=desc)
    holder = node(f"LinearLayout#container_view[cfl{mark}]", box, [inner], handler=f"filter:{name}")
    return node("FrameLayout", at, [holder])


def banner_row(look: Look) -> View:
    """Draw the education banner."""
    px, words = look.px, look.words
    at = (0, 0, look.width, px(64))
    box = (px(12), 0, look.width - px(12), px(64))
    text = (box[0] + px(60), px(12), box[2] - px(44), px(52))
    close = (box[2] - px(36), px(12), box[2] - px(12), px(36))
    parts = [
        node("ImageView#banner_icon", (box[0] + px(12), px(12), box[0] + px(44), px(44))),
        node("TextView#banner_description", text, text=words("banner")),
        node("Button#dismiss_icon[cf]", close, (), "", words("dismiss"), "banner_dismiss"),
    ]
    row = node("ViewGroup#education_banner_row[cf]", box, parts)
    return node("FrameLayout", at, [node("FrameLayout", at, [node("FrameLayout", at, [row])])])


def archived_row(book: Book, look: Look) -> View:
    """Draw the way to the archive. Its ids were listed, its nesting is invented."""
    px, words = look.px, look.words
    at = (0, 0, look.width, px(52))
    unread = sum(1 for chat in book.on_list(is_archived=True) if chat.unread)
    kids = [node("TextView#archived_row", (px(72), px(14), px(240), px(38)), text=words("archived"))]
    if unread:
        place = (look.width - px(44), px(14), look.width - px(16), px(38))
        kids.append(node("TextView#archive_row_counter", place, text=str(unread)))
    return node("LinearLayout#conversations_archive_header[cf]", at, kids, handler="archive")


def tip_row(look: Look) -> View:
    """Draw the tip under a short list."""
    at = (0, 0, look.width, look.px(50))
    tip = node("TextView#conversations_row_tip_tv[cf]", at, text=look.words("tip"))
    return node("FrameLayout", at, [node("FrameLayout", at, [tip])])


def e2e_footer(look: Look) -> View:
    """Draw the encryption footer of 2025."""
    px, words = look.px, look.words
    high = px(57.7)
    at = (0, 0, look.width, high)
    text, link = words("e2e_footer"), words("e2e_footer_link")
    lines = len(wrapped(text, 11, look.width_dp - 84))
    place = (px(50), px(17), look.width - px(33), px(17 + 14 * lines))
    start = place[2] - px(text_width(link, 11))
    inner = node("View[cf]", (max(place[0], start), place[1], place[2], place[3]), desc=link)
    kids = [
        node("View#list_footer_gray_divider", (0, 0, look.width, 1)),
        node("ImageView#e2ee_description_image", (px(34), px(17), px(50), px(29))),
        node("TextView#e2ee_main_text[f]", place, [inner], text),
    ]
    return node("FrameLayout", at, [node("FrameLayout", at, [node("ViewGroup", at, kids)])])
