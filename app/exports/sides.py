"""Tells which messages of a file are the number's own, and turns them into rows as the phone would show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.domain.errors import BadInput
from app.domain.exported import ExportedChat, ExportedMessage, ExportedRow
from app.domain.message import Direction, Kind, Shown
from app.exports.words import fold

Moved = Callable[[date, int], tuple[date, int]]
"""Turns a day and minute of the exporting phone into those of the account's phone."""


def find_owner(export: ExportedChat, title: str, me: str | None, *, is_group: bool) -> str | None:
    """Return the name that the file uses for the number itself, None where it wrote nothing.

    Args:
        export: The file.
        title: The chat's title.
        me: What a person says it is.
        is_group: The chat has several customers.

    Raises:
        BadInput: It cannot be told, or the file is of another chat.
    """
    names = export.names
    if not is_group and len(names) > 2:
        raise BadInput(f"{len(names)} people write in the file, and this is a chat with one. Nothing was changed")
    if me is not None:
        found = next((name for name in names if fold(name) == fold(me)), None)
        if found is None:
            raise BadInput(f"nobody in the file is called {me!r}; there are {_listed(names)}. Nothing was changed")
        return found
    others = [name for name in names if fold(name) != fold(title)]
    if not is_group and len(others) < len(names):
        return others[0] if others else None
    if not names:
        return None
    raise BadInput(f"say with --me which of {_listed(names)} is the number itself. Nothing was changed")


def rows_of(export: ExportedChat, owner: str | None, moved: Moved, *, is_group: bool) -> tuple[ExportedRow, ...]:
    """Return a file's messages as rows. The phone shows no minute beside its notices."""
    return tuple(_row(message, owner, moved, is_group=is_group) for message in export.messages)


def _row(message: ExportedMessage, owner: str | None, moved: Moved, *, is_group: bool) -> ExportedRow:
    day, minute = moved(message.day, message.minute)
    is_own = message.sender is not None and message.sender == owner
    sender = message.sender if is_group and not is_own else None
    shown = Shown(None if message.content.kind is Kind.SYSTEM else minute, day)
    return ExportedRow(Direction.OUT if is_own else Direction.IN, shown, replace(message.content, sender=sender))


def _listed(names: tuple[str, ...]) -> str:
    more = "" if len(names) <= 8 else f" and {len(names) - 8} more"
    return ", ".join(names[:8]) + more if names else "no names"
