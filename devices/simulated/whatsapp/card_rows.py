"""Draw the storeys of kinds that were never captured: video, album, location, contact, poll, call.

Their ids are known, their nesting is invented.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.simulated.contract import View
from devices.simulated.whatsapp.layout import (
    Block,
    Look,
    RowScope,
    date_width,
    date_wrapper,
    inset,
    text_block,
)
from devices.simulated.whatsapp.model import Message
from devices.simulated.whatsapp.views import node
from devices.simulated.whatsapp.words import clock_length


def _dated(message: Message, scope: RowScope, look: Look) -> Block:
    high = look.px(19)

    def draw(left: int, top: int, wide: int) -> View:
        return date_wrapper(message, look, left + wide - look.px(4), top + high, scope.chat)

    return Block(date_width(message, look), high, draw)


def _captioned(message: Message, scope: RowScope, look: Look) -> Block:
    if not message.text:
        return _dated(message, scope, look)
    below = text_block(message, look, message.text, scope.chat)

    def draw(left: int, top: int, wide: int) -> View:
        row = below.draw(left, top, wide)
        row.res = "text_and_date"
        row.children[0].res = "caption_text"
        return row

    return Block(below.width, below.height, draw)


def _video(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    width, height = px(240), px(160)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        middle = (left + wide // 2, top + height // 2)
        play = (middle[0] - px(24), middle[1] - px(24), middle[0] + px(24), middle[1] + px(24))
        kids = [
            node("ImageView#thumb[cfl]", inset(at, px(4)), desc=words("video_desc", n=message.duration_s)),
            node("FrameLayout#play_frame", play, [node("ImageView#play_button[cf]", play, desc=words("play_video"))]),
            node(
                "TextView#info",
                (left + px(8), at[3] - px(22), left + px(48), at[3] - px(6)),
                text=clock_length(message.duration_s),
            ),
        ]
        if not message.is_downloaded:
            kids[1:2] = [node("Button#control_btn[cf]", play, text=message.size, handler=f"download:{message.id}")]
        return node("FrameLayout#media_container", at, kids)

    return [Block(width, height, draw), _captioned(message, scope, look)]


def _album(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px = look.px
    width, height = px(260), px(260)

    def draw(left: int, top: int, wide: int) -> View:
        half = wide // 2
        kids = []
        for number in range(min(message.count, 4)):
            x, y = left + number % 2 * half, top + number // 2 * half
            cell = (x, y, x + half, y + half)
            kids.append(node(f"ImageView#thumb_{number}[cfl]", cell, desc=look.words("open_photo")))
        if message.count > 4:
            last = (left + half, top + half, left + wide, top + height)
            kids.append(node("TextView#more", last, text=f"+{message.count - 3}"))
        if not message.is_downloaded:
            middle = (left + half - px(50), top + half - px(20), left + half + px(50), top + half + px(20))
            size = node("TextView#download_size", middle, text=message.size)
            kids.append(node("Button#control_btn[cf]", middle, [size], handler=f"download:{message.id}"))
        return node("FrameLayout#media_grid", (left, top, left + wide, top + height), kids)

    return [Block(width, height, draw), _captioned(message, scope, look)]


def _location(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    width, height = px(240), px(170)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        frame = (left, top, left + wide, top + px(126))
        thumb = node("ImageView#thumb_button[cfl]", inset(frame, px(4)), desc=words("location"))
        name = (left + px(8), frame[3] + px(2), at[2] - px(8), frame[3] + px(22))
        address = (name[0], name[3], name[2], name[3] + px(18))
        info = [
            node("TextView#place_name", name, text=message.name),
            node("TextView#place_address", address, text=message.info),
        ]
        kids = [
            node("FrameLayout#map_frame", frame, [thumb]),
            node("LinearLayout#message_info_holder", (left, frame[3], at[2], at[3]), info),
        ]
        return node("LinearLayout#content", at, kids)

    return [Block(width, height, draw), _dated(message, scope, look)]


def _contact(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    width, height = px(240), px(108)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        card = (left, top, at[2], top + px(64))
        half = left + wide // 2
        parts = [
            node("ImageView#picture", (left + px(8), top + px(8), left + px(56), top + px(56)), desc=message.name),
            node("TextView#vcard_text", (left + px(64), top + px(20), at[2], top + px(44)), text=message.name),
        ]
        kids = [
            node("LinearLayout#contact_card[cfl]", card, parts),
            node("Button#msg_contact_btn[cf]", (left, card[3], half, at[3]), text=words("message_button")),
            node("Button#action_contact_btn[cf]", (half, card[3], at[2], at[3]), text=words("add_contact")),
        ]
        return node("LinearLayout", at, kids)

    return [Block(width, height, draw), _dated(message, scope, look)]


def _poll(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    width, height = px(280), px(52 + 44 * len(message.options))

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        kids = [
            node("TextView#poll_name", (left + px(8), top + px(6), at[2], top + px(28)), text=message.name),
            node("TextView#poll_type_text", (left + px(8), top + px(28), at[2], top + px(46)), text=words("poll_type")),
        ]
        for number, option in enumerate(message.options):
            y = top + px(52 + 44 * number)
            label = node("TextView#poll_option_name", (left + px(40), y, at[2], y + px(22)), text=option)
            kids.append(node("LinearLayout[cf]", (left, y, at[2], y + px(40)), [label]))
        return node("LinearLayout", at, kids)

    return [Block(width, height, draw), _dated(message, scope, look)]


def _call(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    width, height = px(220), px(52)
    title = words(message.name or "missed_call")

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        kids = [
            node("TextView#call_log_title", (left + px(44), top + px(6), at[2], top + px(28)), text=title),
            node("TextView#call_log_subtitle", (left + px(44), top + px(28), at[2], at[3]), text=words("call_back")),
        ]
        return node("LinearLayout[cf]", at, kids)

    return [Block(width, height, draw), _dated(message, scope, look)]


def _sentence(message: Message, scope: RowScope, look: Look) -> list[Block]:
    key = "waiting" if message.kind == "waiting" else "unknown"
    return [text_block(message, look, look.words(key), scope.chat)]


CARD_BLOCKS: dict[str, Callable[[Message, RowScope, Look], list[Block]]] = {
    "video": _video,
    "gif": _video,
    "album": _album,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "call": _call,
    "waiting": _sentence,
    "unknown": _sentence,
}
