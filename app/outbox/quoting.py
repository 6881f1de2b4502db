"""Whether the bar over a chat's entry names the one message that a reply quotes, and a bubble carries it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from app.domain.ids import MessageId
from app.domain.message import Content, Direction, Kind, Quote
from app.domain.observation import ChatSeen, RowSeen
from app.domain.ports import ChatTarget
from app.domain.quoting import ReplyQuote

_MARKS = str.maketrans(
    "", "", "*_~`\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufe0f\u2066\u2067\u2068\u2069"
)
_LEAST_CUT = 20
"""So many characters of a cut text are needed to know it again. A choice."""
_SLACK_PX = 2


def plain(text: str) -> str:
    """Return a text as it is compared: without marks of direction and emphasis, spaces as one."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_MARKS)).split())


def shows(shown: str, quoted: ReplyQuote) -> bool:
    """Tell whether a quote shows this message's text; a long one may be cut on either side."""
    said, known = plain(shown), plain(quoted.text)
    if not said or not known:
        return False
    head = said.removesuffix("\u2026").rstrip()
    if said == known:
        return True
    if head != said and len(head) >= _LEAST_CUT and known.startswith(head):
        return True
    return quoted.cut and len(known) >= _LEAST_CUT and head.startswith(known)


def names(bar: Quote, quoted: ReplyQuote, target: ChatTarget) -> bool:
    """Tell whether a quote bar names this message: its text and whose it is.

    What the app calls ourselves is a word of the phone's language: all that is asked of it is that it is not the
    customer's name.
    """
    author = plain(bar.author)
    if not author or not shows(bar.text, quoted):
        return False
    if target.is_group and quoted.direction is Direction.IN:
        return bool(quoted.sender) and author.casefold() == plain(quoted.sender).casefold()
    digits = "".join(c for c in author if c.isdigit())
    is_number = author.startswith("+") and target.number is not None and digits == target.number
    is_theirs = author.casefold() == plain(target.title).casefold() or is_number
    return is_theirs is (quoted.direction is Direction.IN)


def carries(content: Content, quoted: ReplyQuote) -> bool:
    """Tell whether an own bubble shows that it answers this message."""
    return content.quoted is not None and shows(content.quoted.text, quoted)


def is_quoted(
    bar: Quote, quoted: ReplyQuote, target: ChatTarget, row: RowSeen, before: ChatSeen, after: ChatSeen
) -> bool:
    """Tell whether the bar that came after a touch is the touched row's beyond doubt.

    A bar names a text, not a message. Where another row in view may have the same, the list must not have moved under
    the finger.

    Args:
        bar: The bar over the entry.
        quoted: The message that was to be quoted.
        target: The open chat.
        row: Its row in `before`.
        before: The chat right before the touch.
        after: The chat once the bar was there.
    """
    if not names(bar, quoted, target):
        return False
    others = [one for one in before.rows if one.bounds != row.bounds]
    has_twin = any(_may_be_named(bar, one) for one in others)
    has_twin = has_twin or sum(_may_be_named(bar, one) for one in after.rows) > 1
    return not has_twin or stood_still(before, after)


def _may_be_named(bar: Quote, row: RowSeen) -> bool:
    """Tell whether the bar's text may be this row's; what an edge hides may be anything."""
    content = row.content
    if content.kind is Kind.SYSTEM:
        return False
    if not content.text and not row.whole:
        return True
    return shows(bar.text, replace(_NOBODYS, text=content.text, cut=content.cut))


_NOBODYS = ReplyQuote(MessageId(0), Direction.IN, "")


def stood_still(before: ChatSeen, after: ChatSeen) -> bool:
    """Tell whether a list only gave way to a bar and a keyboard below it. Rows that stand twice prove nothing."""
    shrunk = before.list_bounds[3] - after.list_bounds[3]
    old, new = _feet(before), _feet(after)
    moves = [new[key] - foot for key, foot in old.items() if key in new]
    if not moves or max(moves) - min(moves) > _SLACK_PX:
        return False
    moved = moves[0]
    if before.starts_chat and before.ends_chat:
        # The whole chat was in view: how much of it had to give way depends on how long it is.
        return -shrunk - _SLACK_PX <= moved <= _SLACK_PX
    return abs(moved) <= _SLACK_PX or abs(moved + shrunk) <= _SLACK_PX


def _feet(seen: ChatSeen) -> dict[tuple[object, ...], int]:
    rows = [(row.direction, row.shown.minute, row.content.kind, row.content.text) for row in seen.rows]
    return {key: row.bounds[3] for key, row in zip(rows, seen.rows, strict=True) if row.whole and rows.count(key) == 1}
