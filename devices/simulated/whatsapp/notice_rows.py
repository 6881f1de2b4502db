"""Draw the rows that are no one's message: notices, the unread divider, a new group's card.

What a deleted message leaves behind is here too.
"""

from __future__ import annotations

from devices.simulated.contract import View
from devices.simulated.whatsapp.layout import (
    TEXT_SIZE,
    Block,
    Look,
    Place,
    RowScope,
    date_width,
    date_wrapper,
)
from devices.simulated.whatsapp.metrics import line_height, text_width, wrapped
from devices.simulated.whatsapp.model import Chat, Message
from devices.simulated.whatsapp.views import node


def unread_row(number: int, look: Look) -> View:
    """Draw the row "3 unread messages"."""
    px = look.px
    text = look.words.counted("unread", number)
    half = px(text_width(text, 13) / 2 + 16)
    middle = look.width // 2
    at = (middle - half, px(8), middle + half, px(41))
    label = node("TextView#unread_divider_tv[f]", at, text=text)
    return node("FrameLayout", (0, 0, look.width, px(49)), [label])


def notice_row(message: Message, place: Place, scope: RowScope, look: Look) -> View:
    """Draw a notice: the encryption text, a group event, the card of a new group."""
    px = look.px
    kids: list[View | None] = []
    top = px(5)
    if place.divider:
        half = px(text_width(place.divider, 13) / 2 + 12)
        middle = look.width // 2
        at = (middle - half, px(3), middle + half, px(35))
        kids.append(node("TextView#conversation_row_date_divider", at, text=place.divider))
        top = px(39)
    if message.kind == "group_card":
        kids.append(_group_card(message, scope.chat, look, top))
    else:
        kids.append(_notice(message, look, top))
    bottom = max(kid.bounds[3] for kid in kids if kid is not None)
    flags = f"[{look.skin.notice_flags}]" if look.skin.notice_flags else ""
    return node(f"ViewGroup{flags}", (0, 0, look.width, bottom + px(1)), kids)


def _notice(message: Message, look: Look, top: int) -> View:
    px, words = look.px, look.words
    text = words(message.kind) if message.kind in {"e2e", "business"} else message.text
    room = look.width_dp - 73
    lines = wrapped(text, 13, room - 20)
    wide = room if len(lines) > 1 else text_width(text, 13) + 22
    middle, half = look.width // 2, px(wide / 2)
    at = (middle - half, top, middle + half, top + px(len(lines) * line_height(13) + 15))
    # invented: a notice that leads nowhere is a plain text; only the encryption notice was captured
    leads = message.kind in {"e2e", "business"} or text.rstrip(".").endswith(("Tap to learn more", "informatie"))
    return node("Button#info[cf]" if leads else "TextView#info", at, text=text)


def _group_card(message: Message, chat: Chat, look: Look, top: int) -> View:
    px, words = look.px, look.words
    left, right = px(32), look.width - px(32)
    inner_left, inner_right = left + px(20), right - px(20)

    def line(y: int, high: int) -> tuple[int, int, int, int]:
        return (inner_left, top + px(y), inner_right, top + px(y + high))

    members = f"{len(chat.members)} members, 1 contact • Group created today by {message.name}"
    kids = [
        node("ImageView", line(20, 64), desc=chat.title),
        node("TextView", line(96, 22), text=words("added_you", name=message.name)),
        node("TextView", line(124, 39), text=members),
        node("LinearLayout", line(175, 19), [node("TextView[cf]", line(175, 19), text="Add description…")]),
        node("Button[cf]", line(214, 48), text="ADD MEMBERS"),
        node("Button[cf]", line(262, 48), text="ADD YOUR MEMBER TAG"),
    ]
    return node("LinearLayout#contextCardLayout", (left, top, right, top + px(330)), kids)


def deleted_block(message: Message, chat: Chat, look: Look) -> Block:
    """Return the storey of a message that was deleted for everyone: an icon and a sentence."""
    px = look.px
    text = look.words("deleted_own" if message.is_own else "deleted")
    date = date_width(message, look)
    wide = px(text_width(text, TEXT_SIZE) + 6)
    height = px(line_height(TEXT_SIZE) + 16)
    icon = px(32)

    def draw(left: int, top: int, width: int) -> View:
        right, bottom = left + width, top + height
        words = node("TextView#message_text", (left + icon, top, left + icon + wide, bottom - px(2)), text=text)
        when = date_wrapper(message, look, right - px(2), bottom - px(2), chat)
        frame = node("FrameLayout", (left + icon, top, right, bottom), [words, when])
        mark = node("ImageView#icon", (left, top, left + icon, bottom - px(1)))
        return node("LinearLayout", (left, top, right, bottom), [mark, frame])

    return Block(icon + wide + date + px(4), height, draw)
