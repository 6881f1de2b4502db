"""What a phone taught of its own language: the meaning of words that no table holds, and how its dates are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.message import Tick


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """Words as they are compared: folded, without direction marks.

    Attributes:
        ticks: The least that a word of the status icon says.
        deleted: What a bubble says whose message was deleted.
        read_more: What the app writes behind a text that it cut.
        month_first: Whether a date of numbers begins with the month; None where nothing tells.
    """

    ticks: Mapping[str, Tick] = field(default_factory=lambda: MappingProxyType({}))
    deleted: frozenset[str] = frozenset()
    read_more: frozenset[str] = frozenset()
    month_first: bool | None = None
