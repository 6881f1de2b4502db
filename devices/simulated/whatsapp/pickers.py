"""Draw the screens one chooses in: who to send to, what to send, the composer of shared media."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import text_width
from devices.simulated.whatsapp.model import Book, Chat
from devices.simulated.whatsapp.views import clipped, node

_ROW_DP = 64.0
_TITLE_DP = 34.8


@dataclass(slots=True)
class ContactPicker:
    """The "Send to…" screen: shown for a share or a link without a target."""

    book: Book
    stream: str = ""
    mime_type: str = ""
    text: str = ""
    chosen: list[str] = field(default_factory=list)
    offset: int = 0

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""
        before = self.offset
        at = self._list_bounds(look)
        total = sum(row.bounds[3] for row in self._rows(look))
        self.offset = max(0, min(before - pixels, total - (at[3] - at[1])))
        return before - self.offset

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        px = look.px
        wide, top = look.width, look.status_bar
        at = (0, top, wide, look.bottom)
        bar = (0, top, wide, top + px(56))
        parts: list[View | None] = [
            node("FrameLayout#wds_search_bar", bar, [self._toolbar(look, bar)]),
            node("@1View#forward_mention_picker_divider", (0, top, wide, top + 1)),
            node("@4FrameLayout#contact_list", (0, bar[3], wide, look.bottom), [self._list(look)]),
        ]
        if self.chosen:
            parts.append(self._footer(look))
            send = (wide - px(56), look.bottom - px(56), wide - px(8), look.bottom - px(8))
            parts.append(node("@7ImageButton#send[cf]", send, (), "", look.words("send"), "picker_send"))
        layout = node("ViewGroup#contact_picker_layout", at, parts)
        inner = node("FrameLayout", at, [node("FrameLayout#fragment", at, [layout])])
        content = node("FrameLayout#a:content", at, [inner])
        bar_root = node("FrameLayout#action_bar_root", at, [content])
        body = node("LinearLayout", at, [node("FrameLayout", at, [bar_root])])
        return node("FrameLayout", (0, 0, *look.display), [body])

    def _toolbar(self, look: Look, at: Bounds) -> View:
        px, words = look.px, look.words
        right, top, bottom = at[2], at[1], at[3]
        search = (right - px(48), top + px(4), right, bottom - px(4))
        group = (search[0] - px(48), search[1], search[0], search[3])
        tools = [
            node("Button#create_new_group_icon[cf]", group, desc=words("new_chat")),
            node("Button#menuitem_search[cf]", search, desc=words("search")),
        ]
        title = (px(52), top + px(13), px(52 + text_width(words("send_to"), 20)), bottom - px(13))
        kids = [
            node("ImageButton#wds_toolbar_nav_button[cf]", (0, top, px(48), bottom), (), "", words("back"), "back"),
            node("TextView", title, text=words("send_to")),
            node("LinearLayoutCompat", (group[0], top, right, bottom), tools),
        ]
        return node("ViewGroup#toolbar", at, kids)

    def _list_bounds(self, look: Look) -> Bounds:
        return (0, look.status_bar + look.px(56), look.width, look.bottom)

    def _rows(self, look: Look) -> list[View]:
        words = look.words
        chats = self.book.on_list()
        rows = [_status_row(look)]
        if chats:
            rows.append(_title_row(words("frequent"), look))
            rows.extend(self._chat_row(chat, look) for chat in chats[:3])
        if len(chats) > 3:
            rows.append(_title_row(words("recent"), look))
            rows.extend(self._chat_row(chat, look) for chat in chats[3:])
        return rows

    def _list(self, look: Look) -> View:
        at = self._list_bounds(look)
        y = at[1] - self.offset
        shown = []
        for view in self._rows(look):
            row = clipped(view, at, at, y)
            if row is not None:
                shown.append(row)
            y += view.bounds[3]
        is_long = y + self.offset - at[1] > at[3] - at[1]
        return node("ListView#a:list[fsl]" if is_long else "ListView#a:list[fl]", at, shown)

    def _chat_row(self, chat: Chat, look: Look) -> View:
        px, words = look.px, look.words
        at = (0, 0, look.width, px(_ROW_DP))
        is_group = chat.kind == "group"
        status = ", ".join(chat.members.values()) if is_group else (chat.about or words("available"))
        parts = [_selector(look, is_group), _texts(chat.title, status, chat.title, look, look.width)]
        mark = "Kk" if chat.jid in self.chosen else "K"
        return node(f"RadioButton[{mark}]", at, parts, "", chat.title, f"pick:{chat.jid}")

    def _footer(self, look: Look) -> View:
        px, words = look.px, look.words
        wide = look.width
        at = (0, look.bottom - px(128), wide, look.bottom)
        media = (0, at[1], wide, at[1] + px(64))
        who = (0, media[3], wide, at[3])
        thumb = (px(8), at[1] + px(8), px(56), at[1] + px(56))
        entry = (px(64), thumb[1], wide - px(16), thumb[3])
        names = ", ".join(self.book.open(jid).title for jid in self.chosen)
        label = (px(16), who[1] + px(22), px(16 + text_width(names, 14)), who[3] - px(22))
        picture = node(
            "FrameLayout#thumbnail_container", thumb, [node("ImageView#thumbnail", thumb, desc=words("photo"))]
        )
        caption = node("EditText#appended_message[cfl]", entry, (), self.text or words("caption_hint"), "", "caption")
        preview = [
            node("FrameLayout#thumbnail_with_edit_container[cf]", thumb, [picture]),
            node("FrameLayout#appended_message_container", entry, [caption]),
        ]
        people = node("LinearLayout", label, [node("TextView#recipients", label, text=names)])
        scroller = node("HorizontalScrollView#recipients_scroller[f]", (label[0], who[1], label[2], who[3]), [people])
        rows = [
            node("LinearLayout#inline_media_preview_container", media, preview),
            node("RelativeLayout#recipients_container", who, [scroller]),
        ]
        kids = [node("View#shadow_top", (0, at[1], wide, at[1] + 1)), node("LinearLayout", at, rows)]
        return node("@6ViewGroup#footer_container[cf]", at, kids)


def _title_row(text: str, look: Look) -> View:
    px = look.px
    at = (0, 0, look.width, px(_TITLE_DP))
    label = node("TextView#header_textview", (px(16), px(12), look.width - px(16), px(31)), text=text)
    return node("LinearLayout[cl]", at, [node("ViewGroup#title", at, [label])])


def _status_row(look: Look) -> View:
    px, words = look.px, look.words
    at = (0, 0, look.width, px(68))
    button = (look.width - px(48), 0, look.width, px(68))
    more = node("ImageButton#contactpicker_button_two[c]", button, desc=words("more_options"))
    parts = [
        _selector(look, False),
        _texts(words("my_status"), words("frequent"), "", look, button[0]),
        node("LinearLayout#buttons", button, [more]),
    ]
    return node("RadioButton[K]", at, parts, desc=words("my_status"))


def _selector(look: Look, is_group: bool) -> View:
    px = look.px
    badge = (px(40), px(30), px(64), px(54))
    parts = [
        node("ImageView#contactpicker_row_photo", (px(16), px(12), px(56), px(52))),
        node("FrameLayout#selection_check", badge),
    ]
    if is_group:
        parts.append(node("ImageView#contactpicker_row_avatar_badge", badge, desc=look.words("filter_groups")))
    return node("FrameLayout#contact_selector", (0, 0, px(72), px(64)), parts)


def _texts(name: str, status: str, desc: str, look: Look, right: int) -> View:
    px = look.px
    left, end = px(72), right - px(16)
    line = (left, px(11), end, px(32))
    label = (left, px(11), min(end, left + px(text_width(name, 16) + 1)), px(32))
    below = (left, px(32), min(end, left + px(text_width(status, 14) + 1)), px(53))
    title = node("TextView#contactpicker_row_name", label, text=name, desc=desc)
    parts = [
        node("LinearLayout", line, [node("FrameLayout#contactpicker_row_name_fl", line, [title])]),
        node("TextView#contactpicker_row_status", below, text=status),
    ]
    return node("LinearLayout#contactpicker_text_container", (left, px(3), right, px(61)), parts)


@dataclass(slots=True)
class MediaComposer:
    """The full screen for media with a known recipient. Its ids were listed; their nesting is invented."""

    chat: Chat
    stream: str
    mime_type: str
    caption: str = ""
    body: bytes | None = None
    """What the app read when it was offered the file."""
    others: list[str] = field(default_factory=list)
    """Recipients that a person added."""
    files: int = 1

    def scroll(self, pixels: int, look: Look) -> int:
        """Stay: nothing scrolls here."""
        del pixels, look
        return 0

    def draw(self, look: Look) -> View:
        """Return the window's root."""
        px, words = look.px, look.words
        wide, top = look.width, look.status_bar
        at = (0, top, wide, look.bottom)
        tools = []
        for number, name in enumerate(("crop", "shape", "text", "pen", "media_upload_quality_settings")):
            x = wide - px(48) * (5 - number)
            tools.append(node(f"ImageButton#{name}[cf]", (x, top, x + px(48), top + px(48)), desc=name))
        line = (0, look.bottom - px(120), wide, look.bottom - px(64))
        caption = (px(16), line[1], wide - px(56), line[3])
        # A field that is empty reports its hint, as the entry does.
        field_view = node("EditText#caption[f]", caption, (), self.caption or words("caption_hint"), "", "caption")
        toggle = node("ImageView#view_once_toggle[cf]", (wide - px(56), line[1], wide - px(8), line[3]), desc="1")
        foot = (0, look.bottom - px(64), wide, look.bottom)
        chips, x = [], px(16)
        for title in (self.chat.title, *self.others):
            at_chip = (x, foot[1] + px(16), x + px(text_width(title, 14) + 16), foot[3] - px(16))
            chips.append(node("Button#recipient_chips", at_chip, text=title))
            x = at_chip[2] + px(8)
        send = (wide - px(64), foot[1] + px(4), wide - px(8), foot[3] - px(4))
        # invented: how several files are shown
        strip = [
            node("ImageView#media_thumb", (px(8 + 40 * n), line[1] - px(44), px(44 + 40 * n), line[1] - px(8)))
            for n in range(self.files if self.files > 1 else 0)
        ]
        kids = [
            node("ImageView#media_preview", (0, top + px(48), wide, line[1])),
            *strip,
            *tools,
            node("LinearLayout#caption_input[cf]", line, [field_view, toggle], "", words("caption_hint"), "caption"),
            node("FrameLayout#media_recipients", foot, chips),
            node("ImageButton#send[cf]", send, (), "", words("send"), "composer_send"),
        ]
        layout = node("RelativeLayout#media_composer_layout", at, kids)
        content = node("FrameLayout#a:content", at, [layout])
        return node("FrameLayout", (0, 0, *look.display), [node("LinearLayout", at, [content])])
