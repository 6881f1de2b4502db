"""Draw what stays on the home screen while the list moves: the toolbar, the round buttons and the tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.views import node

_TABS = {
    "business": ("chats", "calls", "updates", "tools"),
    "person": ("chats", "updates", "communities", "calls"),
}


@dataclass(frozen=True, slots=True)
class TabNews:
    """What the tabs have to tell: chats with something unread, and counts (or dots, below zero) on the others."""

    unread_chats: int
    news: Mapping[str, int]


def header(look: Look, at: Bounds) -> View:
    """Draw the toolbar with the app's name."""
    px = look.px
    left, top, right, bottom = at
    buttons = _tools(look, at)
    tools = node("LinearLayoutCompat", (buttons[0].bounds[0], top, right, bottom), buttons)
    logo = (left + px(16), top + px(20), px(216), bottom - px(15))
    name = "WA Business" if look.package.endswith(".w4b") else "WhatsApp"
    title = node("LinearLayout", (logo[0], top, logo[2], bottom), [node("@1ImageView#toolbar_logo", logo)], desc=name)
    toolbar = node("ViewGroup#toolbar", at, [title, tools])
    if look.skin.generation == "2025":
        return node("LinearLayout#header", at, [toolbar])
    return node("LinearLayout#header", at, [node("LinearLayout#toolbar_container", at, [toolbar])])


def _tools(look: Look, at: Bounds) -> list[View]:
    px, words = look.px, look.words
    top, bottom = at[1] + px(4), at[3] - px(4)
    menu = (at[2] - px(40), top, at[2], bottom)
    found = [node("ImageView#menuitem_overflow[cfl]", menu, (), "", words("more_options"), "overflow")]
    x = menu[0]
    if look.skin.toolbar_extra == "profile":
        area = (x - px(34), top + px(9), x, bottom - px(9))
        photo = node("ImageView#my_profile_photo[l]", area, desc=words("settings"))
        holder = node("LinearLayout#my_profile_photo_area", area, [photo])
        found.insert(0, node("RelativeLayout#my_profile_photo_tap_area[f]", area, [holder]))
        x = area[0]
    camera = (x - px(48), top, x, bottom)
    found.insert(0, node("ImageButton#menuitem_camera[cf]", camera, desc=words("camera")))
    if look.skin.toolbar_extra == "payments":
        place = (camera[0] - px(48), top, camera[0], bottom)
        found.insert(0, node("ImageButton#menuitem_payment_rupee_icon[cf]", place, desc=words("payments")))
    return found


def round_buttons(look: Look, at: Bounds) -> list[View]:
    """Draw the button for a new chat and what stands over it."""
    px, words = look.px, look.words
    right, bottom = at[2] - px(16), at[3] - px(16)
    fab = (right - px(56), bottom - px(56), right, bottom)
    found = [node("ImageButton#fab[cf]", fab, (), "", words("new_chat"), "new_chat")]
    over = (right - px(48), fab[1] - px(64), right, fab[1] - px(16))
    if look.skin.fab == "second":
        found.insert(0, node("ImageButton#fab_second[cfl]", over, desc=words("assistant")))
    if look.skin.fab == "mini":
        icon = node("ImageView#extended_mini_fab_icon", (over[0] + 4, over[1] + 4, over[2] - 4, over[3] - 4))
        inner = node("LinearLayout", over, [icon])
        found.insert(0, node("LinearLayout#extended_mini_fab[cfl]", over, [inner], desc=words("assistant")))
    return found


def tabs(home: TabNews, look: Look, at: Bounds) -> View:
    """Draw the bar of tabs; the first is the chosen one."""
    left, top, right, bottom = at
    names = _TABS[look.skin.tabs]
    bar = (left, top + 1, right, bottom)
    step = (right - left) // len(names)
    items = []
    for number, name in enumerate(names):
        place = (left + step * number, bar[1], left + step * (number + 1), bottom)
        items.append(_tab(name, home, look, place, number == 0))
    line = "View#bottom_nav_divider" if look.skin.generation == "2026" else "View"
    inner = node("FrameLayout#bottom_nav", bar, [node("ViewGroup", bar, items)])
    return node("LinearLayout#bottom_nav_container", at, [node(line, (left, top, right, top + 1)), inner])


def _tab_desc(name: str, home: TabNews, look: Look, is_chosen: bool) -> str:
    words = look.words
    if look.skin.tab_descs == "none" or (look.skin.tab_descs == "selected" and not is_chosen):
        return ""
    tab = words(f"tab_{name}")
    count = home.unread_chats if name == "chats" else home.news.get(name, 0)
    # A count under zero is a dot: it is drawn and not said.
    if count <= 0:
        return tab
    return words("news_one", tab=tab) if count == 1 else words("news_many", tab=tab, n=count)


def _tab(name: str, home: TabNews, look: Look, at: Bounds, is_chosen: bool) -> View:
    px, mark = look.px, "[S]" if is_chosen else ""
    left, top, right, _ = at
    middle = (left + right) // 2
    icon = (middle - px(32), top + px(12), middle + px(32), top + px(44))
    inner = (middle - px(16), icon[1], middle + px(16), icon[3])
    glyphs = [node(f"@1ImageView#navigation_bar_item_icon_view{mark}", inner)]
    if is_chosen:
        glyphs.insert(0, node("View#navigation_bar_item_active_indicator_view[S]", icon))
    kids = [node(f"FrameLayout#navigation_bar_item_icon_container{mark}", icon, glyphs)]
    if home.news.get(name, 0) < 0:
        dot = (inner[2] - px(4), icon[1], inner[2] + px(8), icon[1] + px(12))
        kids.append(node("ImageView#bottom_nav_indicator_badge", dot))
    kids.append(_tab_label(look.words(f"tab_{name}"), look, at, is_chosen))
    spec = "FrameLayout[fS]" if is_chosen else "FrameLayout[cf]"
    return node(spec, at, kids, "", _tab_desc(name, home, look, is_chosen), f"tab:{name}")


def _tab_label(text: str, look: Look, at: Bounds, is_chosen: bool) -> View:
    px, mark = look.px, "[S]" if is_chosen else ""
    middle = (at[0] + at[2]) // 2
    half = min(px(text_width(text, 12.5) / 2), (at[2] - at[0]) // 2)
    place = (middle - half, at[1] + px(49), middle + half, at[3])
    label = (place[0], place[1], place[2], place[1] + px(19))
    if look.skin.generation == "2025":
        # On that phone the labels had no room; they stay in the tree with no size.
        place = label = (0, 0, 0, 0)
    size = "large" if is_chosen else "small"
    text_view = node(f"TextView#navigation_bar_item_{size}_label_view{mark}", label, text=text)
    return node(f"ViewGroup#navigation_bar_item_labels_group{mark}", place, [text_view])
