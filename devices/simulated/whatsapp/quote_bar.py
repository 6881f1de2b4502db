"""Draw the bar over the entry that names the message which the next text will quote.

*Invented*: how large it is, what its button is called, and that it stays with a chat that is left. Its ids are those
of the app's code as others published it.
"""

from __future__ import annotations

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.model import Book, Chat, Message, Quote
from devices.simulated.whatsapp.views import node

BAR_DP = 58.0


def quote_of(message: Message, chat: Chat, book: Book, look: Look) -> Quote:
    """Return how the app names a message that is quoted."""
    title = look.words("you") if message.is_own else book.name_of(message.sender, chat)
    return Quote(title, message.text or message.name or message.kind.capitalize())


def quoted_in(chat: Chat) -> Message | None:
    """Return the message that the next text of a chat will quote."""
    return next((one for one in chat.messages if chat.quoting and one.id == chat.quoting), None)


def bar_view(quote: Quote, look: Look, at: Bounds) -> View:
    """Draw the bar at the top of the box around the entry."""
    px = look.px
    left, top, right, bottom = at[0] + px(4), at[1] + px(4), at[2] - px(4), at[3]
    close = (right - px(28), top + px(2), right - px(2), top + px(28))
    words = (left + px(12), top, right - px(30), bottom)
    kids = [
        node("View#quoted_color", (left, top, left + px(4), bottom)),
        node("TextView#quoted_title", (words[0], top + px(4), words[2], top + px(22)), text=quote.title),
        node("TextView#quoted_text", (words[0], top + px(23), words[2], bottom - px(4)), text=quote.text),
        node("ImageView#cancel[cf]", close, desc="Cancel", handler="close_quote"),
    ]
    frame = node("FrameLayout#quoted_message_frame", (left, top, right, bottom), kids)
    return node("FrameLayout#quoted_message_preview_container", at, [frame])
