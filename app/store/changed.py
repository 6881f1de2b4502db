"""What listeners are told of a change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowChanged:
    """A row of the database changed: what listeners are told, never the row itself."""

    kind: str
    row_id: str
    chat_id: int | None = None
