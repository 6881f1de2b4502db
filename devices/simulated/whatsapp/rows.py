"""Draw one row of a conversation at the top of the screen, whole; the conversation moves and clips it."""

from __future__ import annotations

from devices.simulated.contract import View
from devices.simulated.whatsapp.layout import (
    Block,
    Look,
    Place,
    RowScope,
    forwarded_block,
    quote_block,
    sender_block,
    text_block,
)
from devices.simulated.whatsapp.media_rows import BLOCKS, link_blocks, sticker_row
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.model import SYSTEM_KINDS, Message
from devices.simulated.whatsapp.notice_rows import deleted_block, notice_row, unread_row
from devices.simulated.whatsapp.views import moved, node

_READ_MORE_FROM = 768
_ROW_IDS = {"text": "conversation_row_text", "photo": "conversation_row_image"}
_FORWARDABLE = frozenset({"photo", "video", "document", "album", "gif"})


def draw_row(message: Message, place: Place, scope: RowScope, look: Look) -> list[View]:
    """Return the list's rows for a message, from y 0 down: an unread divider when there is one, and the row itself."""
    rows: list[View] = []
    if place.unread:
        rows.append(unread_row(place.unread, look))
    top = rows[-1].bounds[3] if rows else 0
    row = _row(message, place, scope, look)
    rows.append(moved(row, top) if top else row)
    return rows


def _row(message: Message, place: Place, scope: RowScope, look: Look) -> View:
    if message.kind in SYSTEM_KINDS:
        return notice_row(message, place, scope, look)
    if message.kind == "sticker" and not message.is_deleted:
        return sticker_row(message, place, scope, look)
    return _bubble_row(message, place, scope, look)


def shown_text(message: Message, look: Look) -> str:
    """Return the text as the bubble has it: a long one ends in "… Read more" until it is tapped."""
    if message.is_expanded or len(message.text) <= _READ_MORE_FROM:
        return message.text
    return f"{message.text[:_READ_MORE_FROM].rstrip()}… {look.words('read_more')}"


def _blocks(message: Message, place: Place, scope: RowScope, look: Look) -> list[Block]:
    blocks: list[Block] = []
    if scope.chat.kind == "group" and not message.is_own and place.is_run_first:
        blocks.append(sender_block(scope.book.name_of(message.sender, scope.chat), look))
    if message.is_deleted:
        return [*blocks, deleted_block(message, scope.chat, look)]
    if message.is_forwarded:
        blocks.append(forwarded_block(look))
    if message.quote is not None:
        blocks.append(quote_block(message, look))
    if message.kind in BLOCKS:
        return [*blocks, *BLOCKS[message.kind](message, scope, look)]
    if message.link_title:
        return [*blocks, *link_blocks(message, scope, look)]
    return [*blocks, text_block(message, look, shown_text(message, look), scope.chat)]


def _bubble_row(message: Message, place: Place, scope: RowScope, look: Look) -> View:
    px = look.px
    kids: list[View | None] = []
    top = px(5) if place.is_run_first else px(1.5)
    if place.divider:
        kids.append(day_divider(place.divider, look))
        top = px(44)
    blocks = _blocks(message, place, scope, look)
    width = max(block.width for block in blocks)
    left = _left(message, scope, look, width)
    bubble = _bubble(message, blocks, (left, top, width), look)
    bottom = bubble.bounds[3]
    if _has_picture(message, place, scope):
        kids.append(_profile_picture(top, look))
    if _is_forwardable(message):
        kids.append(_forward_holder(message, bubble, look))
    kids.append(bubble)
    if message.reactions:
        kids.append(_reactions(message, bubble, look))
        bottom += px(24)
    row_id = f"#{_ROW_IDS[message.kind]}" if look.skin.has_row_ids and message.kind in _ROW_IDS else ""
    is_grouped = scope.chat.kind == "group" and not message.is_own
    flags = look.skin.group_row_flags if is_grouped else "l"
    at = (0, 0, look.width, bottom + px(1.5))
    return node(f"ViewGroup{row_id}[{flags}]", at, kids, handler=f"row:{message.id}")


def day_divider(text: str, look: Look) -> View:
    """Draw the pill with a day, in the first row of that day."""
    px = look.px
    half = px(text_width(text, 13) / 2 + 12)
    middle = look.width // 2
    at = (middle - half, px(3), middle + half, px(35))
    return node("TextView#conversation_row_date_divider", at, text=text)


def _left(message: Message, scope: RowScope, look: Look, width: int) -> int:
    if message.is_own:
        return look.width - look.px(16.5) - width
    return look.px(45 if scope.chat.kind == "group" else 17)


def _bubble(message: Message, blocks: list[Block], at: tuple[int, int, int], look: Look) -> View:
    left, top, width = at
    parts: list[View | None] = []
    y = top
    for block in blocks:
        parts.append(block.draw(left, y, width))
        y += block.height
    place = (left, top, left + width, y + look.px(1))
    return node("LinearLayout#main_layout", place, parts, desc=_bubble_desc(message, parts))


def _bubble_desc(message: Message, parts: list[View | None]) -> str:
    if message.kind != "voice" or message.is_deleted:
        return ""
    last = parts[-1]
    return last.extra.pop("bubble-desc", "") if last is not None else ""


def _has_picture(message: Message, place: Place, scope: RowScope) -> bool:
    return scope.chat.kind == "group" and not message.is_own and place.is_run_first


def _profile_picture(top: int, look: Look) -> View:
    px = look.px
    at = (px(8), top, px(36), top + px(28))
    return node("FrameLayout[cfl]", at, [node("ImageView#group_profile_pic", at)])


def _is_forwardable(message: Message) -> bool:
    if message.is_deleted or not message.is_downloaded:
        return False
    return message.kind in _FORWARDABLE or (message.kind == "text" and bool(message.link_title))


def _forward_holder(message: Message, bubble: View, look: Look) -> View:
    px = look.px
    flags, cls, word = look.skin.forward.split(":")
    word = word if message.kind == "photo" else "forward_to"
    middle = (bubble.bounds[1] + bubble.bounds[3]) // 2
    left = bubble.bounds[0] - px(40) if message.is_own else bubble.bounds[2] + px(8)
    at = (left, middle - px(16), left + px(32), middle + px(16))
    button = node(f"{cls}#action_button[cfl]", at, desc=look.words(word), handler=f"forward:{message.id}")
    return node("LinearLayout" + (f"[{flags}]" if flags else ""), at, [button])


def _reactions(message: Message, bubble: View, look: Look) -> View:
    px = look.px
    emoji = "".join(dict.fromkeys(emoji for _, emoji in message.reactions))
    count = f" {len(message.reactions)}" if len(message.reactions) > 1 else ""
    wide = px(30 + 18 * (len(emoji) > 2))
    left = bubble.bounds[2] - px(8) - wide if message.is_own else bubble.bounds[0] + px(8)
    top = bubble.bounds[3] - px(4)
    at = (left, top, left + wide, top + px(26))
    inner = node("TextView", (at[0] + px(4), at[1] + px(2), at[2] - px(4), at[3] - px(2)), text=emoji + count)
    desc = look.words("reaction", emoji=emoji)
    button = node("Button#reactions_bubble_layout[cf]", at, [inner], desc=desc)
    return node("LinearLayout", at, [button])
