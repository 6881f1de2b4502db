"""Draw one chat of the list: photo, name, date, a preview of the last message, what is unread."""

from __future__ import annotations

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.chat_header import title_of
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import ellipsized, text_width
from devices.simulated.whatsapp.model import Book, Chat, Message
from devices.simulated.whatsapp.views import node
from devices.simulated.whatsapp.words import clock_length

ROW_DP = {"2025": 75.8, "2026": 76.8}
_NAME_SIZE = 17.0
_TEXT_SIZE = 14.5
_DATE_SIZE = 12.0
_INDICATED = frozenset(
    {
        "photo",
        "video",
        "gif",
        "voice",
        "document",
        "sticker",
        "location",
        "contact",
        "poll",
        "call",
        "view_once",
        "album",
        "unknown",
    }
)
_WORDED = frozenset({"photo", "video", "gif", "sticker", "location", "contact", "poll", "unknown"})


def preview_text(message: Message, look: Look) -> str:
    """Return the text of the last message as the list shows it, on one line."""
    words = look.words
    if message.is_deleted:
        return words("deleted_own" if message.is_own else "deleted")
    special = _special_preview(message, look)
    if special or message.text:
        return special or message.text.replace("\n", " ")
    return words(message.kind) if message.kind in _WORDED else ""


def _special_preview(message: Message, look: Look) -> str:
    words = look.words
    pages = f" ({words.counted('pages', int(message.info))})" if message.kind == "document" and message.info else ""
    texts = {
        "document": f"{message.name}{pages}",
        "voice": clock_length(message.duration_s),
        "view_once": words("photo"),
        "album": words("photo"),
        "poll": message.name,
        "waiting": words("waiting"),
    }
    return words(message.name or "missed_call") if message.kind == "call" else texts.get(message.kind, "")


def chat_row(chat: Chat, book: Book, look: Look, high: int) -> View:
    """Draw a chat's row at the top of the screen, whole."""
    px, skin = look.px, look.skin
    at = (0, 0, look.width, high)
    handler = f"chat:{chat.jid}"
    if skin.generation == "2025":
        selector = _photo(chat, look, (0, px(3.5), px(72.3), px(71.6)))
        content = (px(72.3), px(14), look.width, px(62))
        inner = (content[0], content[1], look.width - px(16), content[3])
        kids = [selector, node("LinearLayout#conversations_row_content", content, _lines(chat, book, look, inner))]
        return node("RelativeLayout#contact_row_container[cfl]", at, kids, handler=handler)
    addon = (0, px(4), px(72), high - px(4))
    content = (px(72), px(15), look.width - px(16), px(61.4))
    kids = [
        node("FrameLayout#row_addon_start", addon, [_photo(chat, look, addon)]),
        node("LinearLayout#row_content", content, _lines(chat, book, look, content)),
    ]
    cls = "LinearLayout" if chat.unread else skin.row_class_read
    return node(f"{cls}#contact_row_container[cfl]", at, kids, handler=handler)


def _photo(chat: Chat, look: Look, at: Bounds) -> View:
    px, words = look.px, look.words
    name = words("you") if chat.kind == "self" else chat.title
    desc = words("status_of" if chat.photo_desc == "status" else "photo_of", name=name)
    if chat.is_disappearing:
        desc = words("disappearing_on", photo=desc)
    photo = (px(10), at[1] + px(8), px(62), at[3] - px(8))
    picture = node("ImageView#contact_photo[cfl]", photo, desc=desc, handler=f"photo_of:{chat.jid}")
    return node("FrameLayout#contact_selector[cfl]", at, [picture])


def _lines(chat: Chat, book: Book, look: Look, at: Bounds) -> list[View]:
    px = look.px
    left, top, right, bottom = at
    middle = top + px(22)
    kids = []
    date_left = right
    last = chat.last
    if last is not None:
        text, desc = look.words.list_date(last.sent_at, look.now)
        date_left = right - px(text_width(text, _DATE_SIZE) + 2)
        place = (date_left, top + px(2.5), right, middle - px(2.5))
        kids.append(node("TextView#conversations_row_date", place, text=text, desc=desc))
    title = title_of(chat, look)
    room = (date_left - px(4) - left) / px.factor
    wide = px(text_width(ellipsized(title, _NAME_SIZE, room), _NAME_SIZE) + 1)
    name = node("TextView#conversations_row_contact_name", (left, top, left + wide, middle), text=title)
    kids.insert(0, node("FrameLayout", (left, top, date_left, middle), [name]))
    head = node("LinearLayout#conversations_row_header", (left, top, right, middle), kids)
    return [head, _bottom(chat, book, look, (left, middle + px(2), right, bottom))]


def _bottom(chat: Chat, book: Book, look: Look, at: Bounds) -> View:
    px = look.px
    left, top, right, bottom = at
    kids: list[View] = []
    last = chat.last
    is_own = last is not None and last.is_own and not chat.draft and not chat.typing and not chat.preview
    end = right
    marks = _marks(chat, look, (left, top, right, bottom))
    if marks:
        end = marks[0].bounds[0] - px(4)
    if is_own and last is not None and not last.is_deleted:
        kids.append(node("ImageView#status_indicator", (left, top + px(2), left + px(18), bottom - px(2))))
        left += px(22)
    kids.append(_message_line(chat, book, look, (left, top, end, bottom)))
    return node("LinearLayout#bottom_row", at, [*kids, *marks])


def _marks(chat: Chat, look: Look, at: Bounds) -> list[View]:
    px = look.px
    right, found = at[2], []
    if chat.unread:
        wide = px(20 + 6 * (len(str(chat.unread)) - 1))
        place = (right - wide, at[1] + px(1), right, at[3] - px(1))
        desc = look.words.counted("count", chat.unread)
        found.append(node("View#conversations_row_message_count", place, desc=desc))
        right -= wide + px(4)
    for is_on, name in ((chat.is_pinned, "pin_indicator"), (chat.is_muted, "mute_indicator")):
        if is_on:
            place = (right - px(18), at[1] + px(2), right, at[3] - px(2))
            found.insert(0, node(f"ImageView#{name}", place))
            right -= px(22)
    return found


def _message_line(chat: Chat, book: Book, look: Look, at: Bounds) -> View:
    px = look.px
    left, top, right, bottom = at
    prefix, kind, text = _preview(chat, book, look)
    kids = []
    if prefix:
        wide = px(text_width(prefix, _TEXT_SIZE))
        kids.append(node("TextView#msg_from_tv", (left, top, min(left + wide, right), bottom), text=prefix))
        left += wide
    if kind:
        place = (left + px(1), top + px(3), left + px(17), bottom - px(3))
        kids.append(node("ImageView#message_type_indicator", place))
        left += px(21)
    room = (right - left) / px.factor
    shown = ellipsized(text, _TEXT_SIZE, room)
    last = chat.last
    is_cut = last is not None and ("\n" in last.text or chat.unread > 0)
    wide = px(text_width(shown, _TEXT_SIZE) + 1)
    single = node(
        "TextView#single_msg_tv",
        (left, top, min(right, left + wide), bottom),
        text=shown if is_cut else text,
    )
    kids.append(node("FrameLayout", (left, top, right, bottom), [single]))
    return node("LinearLayout", at, kids)


def _preview(chat: Chat, book: Book, look: Look) -> tuple[str, str, str]:
    """Return what stands before the text, the kind that has an icon, and the text."""
    words, last = look.words, chat.last
    if chat.typing:
        name = book.name_of(chat.typing, chat)
        return "", "", words("typing_name", name=name) if chat.kind == "group" else words("typing")
    if chat.draft:
        # invented: no capture shows a draft in the list
        return words("draft"), "", chat.draft.replace("\n", " ")
    if chat.preview:
        return "", "", chat.preview
    if last is None:
        return "", "", ""
    prefix = ""
    if chat.kind == "group" and last.kind != "notice":
        who = words("you") if last.is_own else book.name_of(last.sender, chat)
        prefix = f"{who}: "
    kind = last.kind if last.kind in _INDICATED and not last.is_deleted else ""
    return prefix, kind, preview_text(last, look)
