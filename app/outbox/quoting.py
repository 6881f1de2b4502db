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
_LEAST_SILENT = 60
"""So many where nothing says that it was cut. A choice."""
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
    # A build may cut a text without saying so.
    least = _LEAST_CUT if head != said else _LEAST_SILENT
    is_beginning = len(head) >= least and known.startswith(head)
    goes_on = quoted.cut and len(known) >= _LEAST_CUT and head.startswith(known)
    return said == known or is_beginning or goes_on


def names(bar: Quote, quoted: ReplyQuote, target: ChatTarget) -> bool:
    """Tell whether a quote bar may name this message: it has its text, and is not said to be another's.

    What the app calls ourselves is a word of the phone's language, and it may know a customer by another name than the
    header: so a strange name proves nothing, but the customer's name is never over a message of ours.
    """
    author = plain(bar.author).removeprefix("~").strip().casefold()
    if not author or not shows(bar.text, quoted):
        return False
    if target.is_group:
        sender = plain(quoted.sender).removeprefix("~").strip().casefold()
        return not sender or author == sender or author.startswith("+")
    digits = "".join(c for c in author if c.isdigit())
    is_number = author.startswith("+") and target.number is not None and digits == target.number
    is_theirs = author == plain(target.title).casefold() or is_number
    return not (is_theirs and quoted.direction is Direction.OUT)


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
