"""Draw the bar over a conversation: back, photo, name and status, calls, the menu."""

from __future__ import annotations

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look, RowScope
from devices.simulated.whatsapp.metrics import ellipsized, text_width
from devices.simulated.whatsapp.model import Book, Chat
from devices.simulated.whatsapp.views import node

_NAME_SIZE = 18.0


def title_of(chat: Chat, look: Look) -> str:
    """Return the name over a chat; the own chat has "(You)" behind it."""
    return f"{chat.title} {look.words('you_suffix')}" if chat.kind == "self" else chat.title


def status_of(chat: Chat, book: Book, look: Look) -> str:
    """Return the line under the name, "" for none."""
    words = look.words
    if chat.kind == "self":
        return words("self_status")
    if chat.typing or chat.recording:
        return _activity(chat, book, look)
    if chat.kind == "group":
        return ", ".join([*chat.members.values(), words("you")])
    seen = words.last_seen(chat.last_seen, look.now) if chat.last_seen is not None else ""
    return words("online") if chat.is_online else seen


def _activity(chat: Chat, book: Book, look: Look) -> str:
    words = look.words
    if chat.typing and chat.kind == "group":
        return words("typing_name", name=book.name_of(chat.typing, chat))
    return words("typing" if chat.typing else "recording")


def header_view(scope: RowScope, look: Look, at: Bounds) -> View:
    """Draw the header of a conversation."""
    px = look.px
    calls = _call_buttons(scope.chat)
    menu = at[2] - px(40)
    first = menu - px(48) * len(calls) - (px(24) if calls == ["call_menu"] else 0)
    left = px(96) if look.skin.generation == "2026" else px(68)
    parts = [_back(look, at), _contact(scope, look, (left, at[1], first, at[3]))]
    custom = node("RelativeLayout#custom_view", (0, at[1], first, at[3]), parts)
    toolbar = node("ViewGroup#toolbar", at, [custom, _actions(calls, look, (first, at[1], at[2], at[3]))])
    return node("FrameLayout#search_fragment_and_toolbar_holder", at, [toolbar])


def _call_buttons(chat: Chat) -> list[str]:
    if chat.kind == "self":
        return []
    return ["call_menu"] if chat.kind == "group" else ["video_call", "voice_call"]


def _actions(calls: list[str], look: Look, at: Bounds) -> View:
    px, words = look.px, look.words
    left, top, right, bottom = at
    buttons = []
    menu = right - px(40)
    step = (menu - left) // max(1, len(calls))
    for number, word in enumerate(calls):
        x = left + step * number
        place = (x, top + px(4), x + step, bottom - px(4))
        buttons.append(node("ImageButton[cfl]", place, desc=words(word), handler=f"call:{word}"))
    place = (menu, top + px(4), right, bottom - px(4))
    overflow = node("ImageView#menuitem_overflow[cfl]", place, desc=words("more_options"), handler="overflow")
    return node("LinearLayoutCompat", at, [*buttons, overflow])


def _back(look: Look, at: Bounds) -> View:
    px, words = look.px, look.words
    top, bottom = at[1] + px(4), at[3] - px(4)
    if look.skin.generation == "2025":
        photo = (px(28), top + px(4), px(68), bottom - px(4))
        frame = [
            node("ImageView#conversation_contact_photo", (photo[0], top + px(6), px(63), bottom - px(6))),
            node("View#transition_start", (photo[0], top + px(6), px(63), bottom - px(6))),
        ]
        kids = [
            node("ImageView#whatsapp_toolbar_home", (px(4), top + px(12), px(28), bottom - px(12))),
            node("FrameLayout", photo, frame),
        ]
        return node("Button#back[cf]", (0, top, px(68), bottom), kids, "", words("navigate_up"), "back")
    photo = (px(48), top, px(96), bottom)
    inner = [
        node("Button#conversation_contact_photo", (px(51), top + px(5), px(92), bottom - px(3))),
        node("View#transition_start", (px(52), top + px(4), px(92), bottom - px(4))),
    ]
    home = node("Button#whatsapp_toolbar_home[cf]", (0, top, px(48), bottom), (), "", words("back"), "back")
    view = node("FrameLayout#contact_photo_view[cf]", photo, inner, handler="contact")
    return node("LinearLayout#back", (0, top, px(96), bottom), [home, view])


def _contact(scope: RowScope, look: Look, at: Bounds) -> View:
    px = look.px
    left, top, right, _ = at
    chat = scope.chat
    status = status_of(chat, scope.book, look)
    inner = left + px(4)
    y = top + px(6 if status else 15)
    title = title_of(chat, look)
    room = (right - inner) / px.factor
    shown = px(text_width(ellipsized(title, _NAME_SIZE, room), _NAME_SIZE))
    is_described = look.skin.generation == "2026" and chat.is_name_described
    name = node(
        "TextView#conversation_contact_name",
        (inner, y, min(right, inner + shown + px(2)), y + px(23)),
        text=title,
        desc=title if is_described else "",
    )
    kids = [node("FrameLayout", (inner, y, right, y + px(23)), [name])]
    if status:
        line = (y + px(23), y + px(40))
        end = min(right - px(1), inner + px(text_width(status, 13)))
        text = node("TextView#conversation_contact_status[S]", (inner, line[0], end, line[1]), text=status)
        gap = node("View", (end, line[0], right, line[0] + px(1)))
        holder = (inner, line[0], right, line[1])
        kids.append(node("LinearLayout#conversation_contact_status_holder", holder, [text, gap]))
    return node("LinearLayout#conversation_contact[cf]", at, kids, handler="contact")
