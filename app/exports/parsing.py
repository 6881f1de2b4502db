"""Turns the text of an exported chat into its messages. What cannot be read for certain is refused, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from app.domain.errors import BadInput
from app.domain.exported import DateOrder, ExportedChat, ExportedMessage
from app.domain.message import Content, Kind
from app.exports import words
from app.exports.bodies import read_body, split_sender
from app.exports.headers import Header, UnknownHalf, day_of, find_order, has_day, read_header

MOST_LINES = 10_000
"""The app exports no more than so many messages with their files: a longer file may have lost its beginning."""
_LINE_ENDS = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class _Block:
    """A message and the lines below it."""

    header: Header
    lines: list[str] = field(default_factory=list)


def parse_export(text: str, *, order: DateOrder | None = None, latest: date | None = None) -> ExportedChat:
    """Return the messages of an exported chat in the file's order.

    Args:
        text: The text of `_chat.txt` or of `WhatsApp Chat with ….txt`.
        order: How the file writes dates, where a person says so.
        latest: No message is later; None where that is not known.

    Raises:
        BadInput: It is no exported chat, or its dates can be read in several ways. Nothing is returned then.
    """
    blocks = _blocks(text, order)
    chosen = order or find_order([b.header for b in blocks], latest)
    messages: list[ExportedMessage] = []
    for block in blocks:
        day = day_of(block.header, chosen)
        assert day is not None  # noqa: S101 - blocks begin only with days of that order
        sender, content = _read(block)
        messages.append(ExportedMessage(day, block.header.minute, sender, content))
    first = messages[0]
    starts = first.is_notice and bool(words.ENCRYPTED.search(first.content.text)) and len(messages) < MOST_LINES
    return ExportedChat(tuple(messages), starts)


def _read(block: _Block) -> tuple[str | None, Content]:
    sender, first = split_sender(block.header.rest)
    body = "\n".join([first, *block.lines])
    if sender is None:
        return None, Content(Kind.SYSTEM, body.translate(words.MARKS).strip())
    content = read_body(body, is_bracketed=block.header.is_bracketed)
    return (None if content.kind is Kind.SYSTEM else sender), content


def _blocks(text: str, order: DateOrder | None) -> list[_Block]:
    blocks: list[_Block] = []
    unknown = 0
    for line in _LINE_ENDS.split(text):
        try:
            header = read_header(line)
        except UnknownHalf:
            header, unknown = None, unknown + 1
        if header is not None and _begins(header, blocks, order):
            blocks.append(_Block(header))
        elif blocks:
            blocks[-1].lines.append(line)
    if unknown > len(blocks):
        raise BadInput(
            "beside the times of the file stands a word for the half of the day that is not known; export the chat "
            "again with the phone set to 24 hours. Nothing was changed"
        )
    if not blocks:
        raise BadInput("the file holds no line that begins a message of an exported chat. Nothing was changed")
    return blocks


def _begins(header: Header, blocks: list[_Block], order: DateOrder | None) -> bool:
    if blocks and header.layout != blocks[0].header.layout:
        return False
    return day_of(header, order) is not None if order else has_day(header)
