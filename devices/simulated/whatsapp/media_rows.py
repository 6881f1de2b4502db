"""Draw the storeys of photos, documents, voice messages, stickers, view-once media and link previews, as captured."""

from __future__ import annotations

from collections.abc import Callable

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.card_rows import CARD_BLOCKS
from devices.simulated.whatsapp.layout import (
    Block,
    Look,
    Place,
    RowScope,
    date_width,
    date_wrapper,
    inset,
    status_word,
    text_block,
)
from devices.simulated.whatsapp.metrics import text_width, wrapped
from devices.simulated.whatsapp.model import Message
from devices.simulated.whatsapp.views import node
from devices.simulated.whatsapp.words import clock_length

Blocks = Callable[[Message, RowScope, Look], list[Block]]


def foot_block(message: Message, scope: RowScope, look: Look, width: int) -> Block:
    """Return the foot of a picture: the time over its lower edge, or a caption and the time below it."""
    px = look.px
    lines = wrapped(message.text, 15.5, width / px.factor - 16) if message.text else ()
    caption = px(len(lines) * 19 + 24) if lines else 0

    def draw(left: int, top: int, wide: int) -> View:
        right, low = left + wide, top + caption - px(8)
        when = date_wrapper(message, look, right, low, scope.chat)
        kids = [when]
        high = when.bounds[1]
        if lines:
            # invented: where the caption stands; its id is claimed by readers of the screen
            high = top + px(2)
            at = (left + px(6), high, right - px(6), when.bounds[1])
            kids.insert(0, node("TextView#caption_text", at, text=message.text))
        return node("FrameLayout#text_and_date", (left, high, right, low), kids)

    return Block(width, caption, draw)


def _photo(message: Message, scope: RowScope, look: Look) -> list[Block]:
    width = look.px(min(276, look.width_dp * 0.72))
    height = look.px(138 + message.id * 37 % 180)

    def media(left: int, top: int, wide: int) -> View:
        return _media_view(message, look, (left, top, left + wide, top + height))

    return [Block(width, height, media), foot_block(message, scope, look, width)]


def _media_view(message: Message, look: Look, at: Bounds) -> View:
    px, skin = look.px, look.skin
    word = "open_photo" if skin.media == "image2025" else "enlarge"
    cls = "Button" if skin.media == "button" else "ImageView"
    image = node(f"{cls}#image[cfl]", inset(at, px(4)), desc=look.words(word))
    image.handler = f"photo:{message.id}"
    inner = [image] if message.is_downloaded else [image, _download(message, look, at)]
    if skin.media == "image2025":
        return node("FrameLayout#media_container", at, inner)
    return node("FrameLayout#media_container_wrapper", at, [node("FrameLayout#media_container[cf]", at, inner)])


def _download(message: Message, look: Look, at: Bounds) -> View:
    px = look.px
    middle, centre = (at[0] + at[2]) // 2, (at[1] + at[3]) // 2
    frame = (middle - px(54), centre - px(32), middle + px(54), centre + px(32))
    button = node("Button#control_btn[cf]", inset(frame, px(8)), text=message.size or "120 kB")
    button.handler = f"download:{message.id}"
    return node("FrameLayout#control_frame_new", frame, [button])


def _document(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px = look.px
    width, preview = px(262), px(84) if message.info else 0
    height = px(63) + preview

    def content(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        frame = inset(at, px(5))
        parts = _document_parts(message, look, frame, preview)
        if not message.is_downloaded:
            # invented: how the button of a document stands; its id is that of a photo's
            side = (frame[2] - px(40), frame[1] + px(8), frame[2] - px(8), frame[1] + px(40))
            parts.append(node("ImageView#control_btn[cf]", side, handler=f"download:{message.id}"))
        shape = node("FrameLayout#document_frame", frame, [node("LinearLayout", frame, parts)])
        return node("LinearLayout#content[cfl]", at, [shape], handler=f"document:{message.id}")

    def foot(left: int, top: int, wide: int) -> View:
        at = (left, top - px(23), left + wide, top - px(7))
        when = date_wrapper(message, look, at[2], at[3], scope.chat)
        return node("FrameLayout#text_and_date", at, [when])

    # invented: a document's caption stands as a picture's does
    below = foot_block(message, scope, look, width) if message.text else Block(width, 0, foot)
    return [Block(width, height, content), below]


def _document_parts(message: Message, look: Look, frame: Bounds, preview: int) -> list[View]:
    left, top, right, bottom = frame
    px = look.px
    if not preview:
        icon = node("ImageView#icon", (left + px(8), top + px(15), left + px(30), top + px(41)))
        words = _document_words(message, look, (left + px(30), top, right - px(8), bottom))
        return [node("LinearLayout#document_info_container", frame, [icon, words])]
    line = top + preview
    words = _document_words(message, look, (left, line, right - px(8), bottom))
    return [
        node("ImageView#preview", (left, top, right, line - 1)),
        node("View#preview_separator", (left, line - 1, right, line)),
        node("LinearLayout#document_info_container", (left, line, right, bottom), [words]),
    ]


def _document_words(message: Message, look: Look, at: Bounds) -> View:
    left, top, right, _ = at
    px = look.px
    kind = message.name.rpartition(".")[2].upper()
    pieces = [("file_size", message.size or "3,3 MB"), ("bullet_file_size", "•"), ("file_type", kind)]
    if message.info:
        pages = int(message.info)
        pieces = [("info", look.words.counted("pages", pages)), ("bullet_info", "•"), *pieces]
    x, y = left + px(8), top + px(29)
    kids = []
    for name, text in pieces:
        wide = px(text_width(text, 11.5) + 2)
        kids.append(node(f"TextView#{name}", (x, y, x + wide, y + px(16)), text=text))
        x += wide
    title = (left + px(8), top + px(8), right - px(8), y)
    rows = [
        node("TextView#title", title, text=message.name),
        node("LinearLayout#metadata_container", (left + px(8), y, x, y + px(16)), kids),
    ]
    return node("LinearLayout", at, rows)


def _voice(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px = look.px
    width, height = px(310), px(62)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        player = _player(message, scope, look, (left, top, left + wide - px(72), at[3]))
        who = look.words("you") if message.is_own else scope.book.name_of(message.sender, scope.chat)
        avatar = _avatar(look, (left + wide - px(72), top, at[2], at[3]), who)
        body = node("LinearLayout", at, [player, avatar])
        body.extra["bubble-desc"] = voice_desc(message, scope, look)
        return body

    return [Block(width, height, draw)]


def _player(message: Message, scope: RowScope, look: Look, at: Bounds) -> View:
    left, top, right, bottom = at
    px, words = look.px, look.words
    middle = top + px(54)
    button = (left + px(4), top, left + px(58), middle)
    bar = (button[2], top, right, middle)
    play = node("ImageButton#control_btn[cfl]", button, desc=words("play"), handler=f"play:{message.id}")
    controls = [
        node("SeekBar#audio_seekbar[fl]", bar, desc=words("elapsed")),
        node("View#audio_visualizer", (bar[0], top + px(15), right, top + px(39))),
    ]
    audio = node(
        "LinearLayout#conversation_row_audio_player_view",
        at,
        [node("FrameLayout#control_button_container", button, [play]), node("FrameLayout#controls", bar, controls)],
    )
    foot = (left, bottom - px(19), right, bottom)
    length = (button[2], foot[1], right - date_width(message, look), bottom)
    parts = [
        node("TextView#description", length, text=clock_length(message.duration_s)),
        date_wrapper(message, look, right, bottom, scope.chat),
    ]
    body = node("FrameLayout", at, [audio, node("LinearLayout", foot, parts)])
    return node("LinearLayout", at, [body])


def _avatar(look: Look, at: Bounds, who: str) -> View:
    left, top, right, bottom = at
    px = look.px
    picture = node("ImageView#picture", (left + px(10), top, right, bottom), desc=who)
    mic = node("ImageView#mic_overlay", (left + px(12), bottom - px(28), left + px(26), bottom - px(5)))
    return node(
        "FrameLayout#conversation_row_voice_note_profile_avatar",
        at,
        [node("FrameLayout#picture_frame", at, [picture]), mic],
    )


def voice_desc(message: Message, scope: RowScope, look: Look) -> str:
    """Return the description of a voice bubble: sender, kind, length, time and, when played, that too."""
    words = look.words
    seconds = words("seconds", n=message.duration_s)
    time = words.time(message.sent_at)
    if message.is_own:
        status = status_word(message, look).lower()
        return words("voice_own", seconds=seconds, time=time, status=status)
    name = scope.book.name_of(message.sender, scope.chat)
    key = "voice_in_played" if message.is_played else "voice_in"
    return words(key, name=name, seconds=seconds, time=time)


def _view_once(message: Message, scope: RowScope, look: Look) -> list[Block]:
    px, words = look.px, look.words
    text = words(message.name or "photo")
    size = "small" if message.is_own else "large"
    time = words.time(message.sent_at)
    # Business was read to describe the large one; only the small one's inside was captured.
    desc = words("view_once_photo", time=time) if size == "large" else ""
    date = date_width(message, look)
    width, height = px(210) + date, px(34)

    def draw(left: int, top: int, wide: int) -> View:
        right, bottom = left + wide, top + height
        icon = (left + px(4), top + px(4), left + px(28), bottom - px(5))
        mark = node(f"FrameLayout#view_once_download_{size}", icon, [node("ImageView#view_once_control_icon", icon)])
        frame = (icon[2], top, right - px(2), bottom - px(2))
        label = node(
            f"TextView#view_once_media_type_{size}", (frame[0], top, frame[2] - date, frame[3]), (), text, text
        )
        body = node("FrameLayout", frame, [label, date_wrapper(message, look, frame[2], frame[3], scope.chat)])
        at = (left, top, right, bottom)
        return node(f"LinearLayout#view_once_media_container_{size}[cfl]", at, [mark, body], desc=desc)

    return [Block(width, height, draw)]


def sticker_row(message: Message, place: Place, scope: RowScope, look: Look) -> View:
    """Draw a sticker: no bubble and no text. Only its foot was captured, the picture's class is invented."""
    px = look.px
    top = px(44) if place.divider else px(5)
    kids: list[View | None] = []
    if place.divider:
        half = px(text_width(place.divider, 13) / 2 + 12)
        at = (look.width // 2 - half, px(3), look.width // 2 + half, px(35))
        kids.append(node("TextView#conversation_row_date_divider", at, text=place.divider))
    wide, high = px(140), px(140)
    left = look.width - px(16.5) - wide if message.is_own else px(45 if scope.chat.kind == "group" else 17)
    foot = (left + wide - px(71), top + high, left + wide, top + high + px(21))
    when = date_wrapper(message, look, foot[2], foot[3], scope.chat)
    picture = node("@0ImageView#sticker_image", (left, top, left + wide, top + high), desc=look.words("sticker"))
    when.index = 2
    kids.append(node("LinearLayout#sticker_root", (left, top, left + wide, foot[3]), [picture, when]))
    return node("ViewGroup[cfl]", (0, 0, look.width, foot[3] + px(5)), kids)


def link_blocks(message: Message, scope: RowScope, look: Look) -> list[Block]:
    """Return a link's preview and the text below it; a text that is the link alone is not repeated."""
    px = look.px
    width = px(min(276, look.width_dp * 0.72))
    picture, snippet_dp = (186, 96) if message.count else (0, 18)
    height = px(82 + picture + snippet_dp)

    def preview(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        frame = inset(at, px(4))
        below = (frame[0], frame[1] + px(picture), frame[2], frame[3])
        shimmer = _link_words(message, look, below)
        parts: list[View | None] = [shimmer]
        if message.count:
            # invented: the picture's id; its place shows in the one capture that begins below it
            image = (frame[0], frame[1], frame[2], below[1])
            parts = [node("ImageView#link_preview_image", image), shimmer]
        inner = node("LinearLayout", frame, parts)
        holder = node("FrameLayout#link_preview_frame[cfl]", frame, [inner])
        return node("FrameLayout#web_page_preview_holder", at, [holder])

    text = "" if message.text.strip() == message.link_url else message.text
    below = text_block(message, look, text, scope.chat) if text else _bare_date(message, scope, look)
    return [Block(width, height, preview), below]


def _link_words(message: Message, look: Look, frame: Bounds) -> View:
    px = look.px
    url = (frame[0] + px(7), frame[3] - px(29), frame[2] - px(7), frame[3] - px(7))
    title = (frame[0] + px(7), frame[1] + px(7), frame[2] - px(7), frame[1] + px(26))
    snippet = (title[0], title[3] + px(2), title[2], url[1])
    name = (url[0] + px(17), url[1] + px(7), url[2], url[3])
    address = [
        node("ImageView#url_icon", (url[0], url[1] + px(8), url[0] + px(14), url[3])),
        node("TextView#url", name, text=_host_of(message.link_url)),
    ]
    if message.count:
        icon = (url[2] - px(14), url[1] + px(8), url[2], url[3])
        address.append(node("ImageView#url_favicon", icon))
    lines = [
        node("LinearLayout", title, [node("TextView#title", title, text=message.link_title)]),
        node("TextView#snippet", snippet, text=message.info or message.link_title),
        node("LinearLayout#url_layout[cf]", url, address),
    ]
    texts = node("LinearLayout#titleSnippetUrlLayout", frame, lines)
    content = node("LinearLayout#link_preview_content", frame, [texts])
    return node("FrameLayout#full_shimmer_link_preview", frame, [content])


def _host_of(url: str) -> str:
    return url.partition("//")[2].partition("/")[0] or url


def _bare_date(message: Message, scope: RowScope, look: Look) -> Block:
    px = look.px

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + px(18))
        when = date_wrapper(message, look, at[2] - px(4), at[3] - px(1), scope.chat)
        return node("FrameLayout#conversation_text_row", at, [when])

    return Block(px(100), px(18), draw)


BLOCKS: dict[str, Blocks] = {
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "view_once": _view_once,
    **CARD_BLOCKS,
}
