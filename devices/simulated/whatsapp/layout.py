"""What every screen needs to draw itself, and the blocks a bubble is stacked of; sizes in dp, places in pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.metrics import Scale, line_height, text_width, wrapped
from devices.simulated.whatsapp.model import Book, Chat, Message
from devices.simulated.whatsapp.skins import Skin
from devices.simulated.whatsapp.views import node
from devices.simulated.whatsapp.words import Words

TEXT_SIZE = 15.5
DATE_SIZE = 11.5
_LINK_START = ("http://", "https://", "www.")


@dataclass(frozen=True, slots=True)
class Look:
    """How one phone draws now: its words, build, display and clock."""

    words: Words
    skin: Skin
    display: tuple[int, int]
    px: Scale
    status_bar: int
    bottom: int
    """Where the app's window ends: the navigation bar or the keyboard begins."""
    now: datetime
    package: str

    @property
    def width(self) -> int:
        """Width of the display in pixels."""
        return self.display[0]

    @property
    def width_dp(self) -> float:
        """Width of the display in dp."""
        return self.display[0] / self.px.factor


@dataclass(frozen=True, slots=True)
class Place:
    """What a row shows beside its message."""

    divider: str = ""
    is_run_first: bool = True
    unread: int = 0
    """Number on an unread divider that stands above the row, 0 for none."""


Draw = Callable[[int, int, int], View]
"""Draws a block at left, top and width."""


@dataclass(frozen=True, slots=True)
class Block:
    """One storey of a bubble: the size it wants, in pixels, and how it is drawn."""

    width: int
    height: int
    draw: Draw


def date_width(message: Message, look: Look) -> int:
    """Return the width of time and tick."""
    label = text_width(look.words.time(message.sent_at), DATE_SIZE)
    edited = text_width(look.words("edited"), DATE_SIZE) + 4 if message.is_edited else 0
    return look.px(label + edited + (20 if message.is_own else 9))


def status_word(message: Message, look: Look, chat: Chat | None = None) -> str:
    """Return what the tick's description says."""
    is_seen = chat is not None and chat.kind == "self" and _is_seen(message, look)
    return look.words("seen" if is_seen and message.status == "read" else message.status or "pending")


def _is_seen(message: Message, look: Look) -> bool:
    return message.kind == "document" or (look.skin.generation == "2026" and message.kind == "photo")


def date_wrapper(message: Message, look: Look, right: int, bottom: int, chat: Chat) -> View:
    """Draw time and tick so that they end at a corner."""
    px, words = look.px, look.words
    width, height = date_width(message, look), px(17)
    left, top = right - width, bottom - height
    tick = px(20) if message.is_own else px(9)
    label = px(text_width(words("edited"), DATE_SIZE) + 4) if message.is_edited else 0
    date = (left + label, top, right - tick, bottom)
    kids: list[View | None] = []
    if message.is_edited:
        # invented: the place of the label; its id is claimed by several readers of the screen
        kids.append(node("TextView#edit_label", (left, top, left + label, bottom), text=words("edited")))
    kids.append(node("TextView#date", date, text=words.time(message.sent_at)))
    if message.is_own:
        at = (right - tick, top + px(2), right - px(4), bottom - px(3))
        kids.append(node("ImageView#status", at, desc=status_word(message, look, chat)))
    return node("LinearLayout#date_wrapper", (left, top, right, bottom), kids)


def text_block(message: Message, look: Look, text: str, chat: Chat) -> Block:
    """Return the storey with the text and the date behind its last line."""
    px = look.px
    room = look.width_dp - (110 if chat.kind == "group" else 84)
    lines = wrapped(text, TEXT_SIZE, room)
    date = date_width(message, look)
    last = px(text_width(lines[-1], TEXT_SIZE)) + px(4)
    widest = px(max(text_width(line, TEXT_SIZE) for line in lines)) + px(4)
    is_beside = last + date <= px(room)
    width = max(widest, last + date if is_beside else date)
    rows = len(lines) + (0 if is_beside else 1)
    height = px(rows * line_height(TEXT_SIZE) + 10)
    is_short = len(lines) == 1 and is_beside

    def draw(left: int, top: int, wide: int) -> View:
        right, bottom = left + wide - px(4), top + height - px(2)
        at = (left + px(2), top + px(2), right - date if is_short else right, bottom)
        links = _links(text, at, px)
        if text != message.text and look.skin.generation != "2025":
            links.append(_read_more(message, at, look))
        words = node("TextView#message_text", at, links, text=text)
        kids = [words, date_wrapper(message, look, right, bottom, chat)]
        return node("FrameLayout#conversation_text_row", (left, top, left + wide, top + height), kids)

    return Block(width + px(6), height, draw)


def _links(text: str, at: Bounds, px: Scale) -> list[View]:
    found = [word for word in text.split() if word.startswith(_LINK_START)]
    left, top, right, _ = at
    place = (left + px(2), top + px(2), max(right - px(2), left + px(3)), top + px(26))
    return [node("View[cf]", place, desc=word) for word in found]


def _read_more(message: Message, at: Bounds, look: Look) -> View:
    """Draw the link that shows a cut text in full, as other links in a text are drawn. *Invented*."""
    left, _, right, bottom = at
    place = (left + look.px(2), bottom - look.px(line_height(TEXT_SIZE)), right - look.px(60), bottom - look.px(2))
    return node("View[cf]", place, desc=look.words("read_more"), handler=f"more:{message.id}")


def sender_block(name: str, look: Look) -> Block:
    """Return the storey with the sender's name, shown on the first message of a run in a group."""
    px = look.px
    width, height = px(text_width(name, 13) + 20), px(23)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left, top, left + wide, top + height)
        label = (left + px(10), top + px(3), left + px(10 + text_width(name, 13)), top + height)
        desc = name if look.skin.is_sender_described else ""
        who = node("TextView#name_in_group_tv", label, text=name, desc=desc)
        holder = node("LinearLayout#name_in_group[cfl]", at, [who])
        return node("LinearLayout#conversation_row_name_in_group_name_and_role_container", at, [holder])

    return Block(width, height, draw)


def quote_block(message: Message, look: Look) -> Block:
    """Return the storey that repeats the message it answers."""
    px, quote = look.px, message.quote
    title, text = (quote.title, quote.text) if quote is not None else ("", "")
    width = px(max(text_width(title, 13), min(text_width(text, 13), 220)) + 28)
    height = px(46)

    def draw(left: int, top: int, wide: int) -> View:
        at = (left + px(4), top + px(4), left + wide - px(4), top + height)
        inner = (at[0] + px(12), at[1], at[2], at[3])
        kids = [
            node("View#quoted_color", (at[0], at[1], at[0] + px(4), at[3])),
            node("TextView#quoted_title", (inner[0], at[1] + px(4), at[2], at[1] + px(21)), (), title, title),
            node("TextView#quoted_text", (inner[0], at[1] + px(22), at[2], at[3] - px(3)), text=text),
        ]
        frame = node("FrameLayout#bubble_quoted_message_frame", at, kids)
        return node("FrameLayout#quoted_message_holder[cfl]", at, [frame])

    return Block(width, height, draw)


def forwarded_block(look: Look) -> Block:
    """Return the storey that says "Forwarded"."""
    # invented: no capture shows it; the text carries it
    px, text = look.px, look.words("forwarded")

    def draw(left: int, top: int, wide: int) -> View:
        at = (left + px(6), top + px(3), left + wide, top + px(20))
        return node("TextView#forwarded_label", at, text=text)

    return Block(px(text_width(text, 12) + 20), px(21), draw)


def inset(at: Bounds, by: int) -> Bounds:
    """Return a rectangle that is smaller by some pixels on every side."""
    return (at[0] + by, at[1] + by, at[2] - by, at[3] - by)


@dataclass(frozen=True, slots=True)
class RowScope:
    """The chat a row belongs to and who is in it."""

    chat: Chat
    book: Book
