"""Draw what stands under a conversation: the entry with its buttons, or why there is none."""

from __future__ import annotations

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import line_height, wrapped
from devices.simulated.whatsapp.model import Chat, Quote
from devices.simulated.whatsapp.quote_bar import BAR_DP, bar_view, quoted_in
from devices.simulated.whatsapp.views import node

_ENTRY_SIZE = 17.0
_MOST_LINES = 6
_READ_ONLY_DP = 51.7
_BAR_DP = 56.0


def has_entry(chat: Chat, is_restricted: bool) -> bool:
    """Tell whether one can type in this chat."""
    return not (is_restricted or chat.is_read_only)


def footer_height(chat: Chat, is_restricted: bool, look: Look) -> int:
    """Return the height in pixels; a longer draft makes it grow up to six lines."""
    if not has_entry(chat, is_restricted):
        return look.px(_READ_ONLY_DP)
    lines = 1
    if chat.draft:
        lines = min(_MOST_LINES, len(wrapped(chat.draft, _ENTRY_SIZE, look.width_dp - 172)))
    quote = BAR_DP if quoted_in(chat) is not None else 0.0
    return look.px(_BAR_DP + quote + (lines - 1) * line_height(_ENTRY_SIZE))


def footer_view(chat: Chat, is_restricted: bool, look: Look, at: Bounds, quote: Quote | None) -> View:
    """Draw the footer; a quote stands above the entry."""
    if not has_entry(chat, is_restricted):
        return _read_only(look, at)
    is_new = look.skin.footer == "new"
    right = look.width - look.px(61)
    group = "ViewGroup" if is_new else "RelativeLayout"
    entry = _entry_layout(chat, look, (0, at[1], right, at[3]), quote)
    edit = node(f"{group}#edit_layout", at, [entry, _buttons(chat, look, at)])
    anchor = node("LinearLayout#emoji_popup_anchor", at, [edit])
    return node("@6FrameLayout#footer", at, [anchor])


def _read_only(look: Look, at: Bounds) -> View:
    left, top, right, bottom = at
    text = (left, top + look.px(8), right, bottom - look.px(8))
    reason = node("TextView#read_only_chat_info[cf]", text, text=look.words("restricted"))
    kids = [
        node("View", (left, top, right, top + 1)),
        node("LinearLayout#read_only_chat_info_content", (left, top + 1, right, bottom), [reason]),
    ]
    holder = node("@1LinearLayout#read_only_chat_info_container", at, kids)
    return node("@6FrameLayout#footer", at, [holder])


def _entry_layout(chat: Chat, look: Look, at: Bounds, quote: Quote | None) -> View:
    px = look.px
    is_new = look.skin.footer == "new"
    box = (px(8), at[1] + px(3.2), at[2] - px(4), at[3] - px(4.3))
    low = box[1] + px(BAR_DP) if quote is not None else box[1]
    bar = bar_view(quote, look, (box[0], box[1], box[2], low)) if quote is not None else None
    content = _entry_content(chat, look, (box[0], low, box[2], box[3]))
    flags = "[cf]" if is_new else ""
    inside = [content] if bar is None else [bar, content]
    parts = [node("FrameLayout#voice_note_stub", box), node(f"LinearLayout#input_layout{flags}", box, inside)]
    return node(f"{'ViewGroup' if is_new else 'FrameLayout'}#text_entry_layout", at, parts)


def _entry_content(chat: Chat, look: Look, box: Bounds) -> View:
    px, words, skin = look.px, look.words, look.skin
    low = box[3] - px(48)
    draft = chat.draft
    right = box[2]
    buttons: list[View | None] = []
    if not draft:
        camera = "ImageButton#camera_btn[cf]" if skin.is_camera_plain else "ImageButton#camera_btn[f]"
        desc = words("camera" if skin.is_camera_plain else "camera_long")
        buttons.append(node(camera, (right - px(48), low, right, box[3]), desc=desc))
        right -= px(48)
    if skin.has_payment and not draft:
        place = (right - px(44), low, right, box[3])
        button = node("ImageButton#payment_button[cf]", place, desc=words("payment"))
        buttons.insert(0, node("FrameLayout#payment_button_holder", place, [button]))
        right -= px(44)
    attach = node("ImageButton#input_attach_button[cfl]", (right - px(48), low, right, box[3]), desc=words("attach"))
    attach.handler = "attach"
    right -= px(48)
    entry = node(
        "EditText#entry[cfFl]",
        (box[0] + px(48), box[1] + px(7.5), right, box[3] - px(7.5)),
        text=draft or words("hint"),
        handler="entry",
    )
    entry.key = "entry"
    emoji = node("ImageButton#emoji_picker_btn[cf]", (box[0], low, box[0] + px(48), box[3]), desc=words("emoji_button"))
    cls = "ViewGroup" if skin.footer == "new" else "LinearLayout"
    return node(f"@1{cls}#input_layout_content", box, [emoji, entry, attach, *buttons])


def _buttons(chat: Chat, look: Look, at: Bounds) -> View:
    px, words = look.px, look.words
    left, bottom = look.width - px(57), at[3] - px(2.7)
    outer = (left, bottom - px(51), look.width - px(6), bottom)
    inner = (left, outer[1], left + px(48), outer[1] + px(48))
    if chat.draft:
        button = node("ImageButton#send[cf]", inner, desc=words("send"), handler="send")
    else:
        button = node("ImageButton#voice_note_btn[f]", inner, desc=words("voice_button"))
    button.key = button.res
    holder = node("FrameLayout#send_container", inner, [button])
    action = node("RelativeLayout#conversation_entry_action_button", inner, [holder])
    return node("FrameLayout#buttons", outer, [action])
