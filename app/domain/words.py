"""What a phone taught of its own language: what was seen of its words, and what that proves.

Evidence is kept, meanings are worked out: what is seen later can only take a wrong meaning back, never keep it alive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.domain.message import Tick

_LEVELS = (Tick.PENDING, Tick.SENT, Tick.DELIVERED, Tick.READ)
_DELETED_MESSAGES = 2
_CUT_MESSAGES = 3
_MOST_KEPT = 64
_VEIL = "#"
_MOST_MESSAGES = 8


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


NO_WORDS = LearnedWords()
"""What a phone taught that was never seen."""


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """What was seen on a phone.

    Attributes:
        followed: Pairs of words of the status icon: the second replaced the first on one message.
        deleted: Words with an icon that took the place of a message's own, and on which messages; veiled until proved.
        cut: Words behind the dots at the end of long texts, and of which messages; veiled until proved.
        dates: `day` or `month`: what certainly stood first in a date of numbers.
    """

    followed: frozenset[tuple[str, str]] = frozenset()
    deleted: Mapping[str, frozenset[int]] = field(default_factory=dict)
    cut: Mapping[str, frozenset[int]] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()

    def learned(self) -> LearnedWords:
        """Return what this proves."""
        return LearnedWords(
            ticks=ticks_of(self.followed),
            deleted=_proved(self.deleted, _DELETED_MESSAGES),
            read_more=_proved(self.cut, _CUT_MESSAGES),
            month_first="month" in self.dates if len(self.dates) == 1 else None,
        )

    def joined(self, other: WordEvidence) -> WordEvidence:
        """Return what both saw, as much of it as is kept."""
        return WordEvidence(
            frozenset(sorted(self.followed)[:_MOST_KEPT]) | _room(self.followed, other.followed),
            _joined(self.deleted, other.deleted, _DELETED_MESSAGES),
            _joined(self.cut, other.cut, _CUT_MESSAGES),
            self.dates | other.dates,
        )


def ticks_of(followed: Iterable[tuple[str, str]]) -> dict[str, Tick]:
    """Return the least that each word says, from what replaced what on single messages.

    A tick only goes forward, and each of its words is a step further. So a word with n words before it is at least the
    n-th step; the first one is known only where all four were seen. Words that replaced each other prove nothing.
    A word for what failed is no step: see docs/decisions/010-screen-profiles-and-words.md for what that leaves open.
    """
    after: dict[str, set[str]] = {}
    for first, second in followed:
        after.setdefault(first, set()).add(second)
        after.setdefault(second, set())
    reached = {word: _reached(word, after) for word in after}
    circle = {word: frozenset({word} | {other for other in reached[word] if word in reached[other]}) for word in after}
    before = _depths(circle, {one: {circle[w] for word in one for w in after[word]} - {one} for one in circle.values()})
    behind = _depths(
        circle,
        {one: {circle[w] for w in after if any(x in after[w] for x in one)} - {one} for one in circle.values()},
    )
    # Where more words follow each other than there are steps, one of them is no step, and nobody knows which.
    strange = max(0, max(before.values(), default=0) + 1 - len(_LEVELS))
    found: dict[str, Tick] = {}
    for word in after:
        level = before[circle[word]] - strange
        is_whole_chain = not strange and level + behind[circle[word]] == len(_LEVELS) - 1
        if len(circle[word]) == 1 and (level > 0 or is_whole_chain):
            found[word] = _LEVELS[level]
    return found


_Circle = frozenset[str]


def _depths(circle: Mapping[str, _Circle], nexts: Mapping[_Circle, set[_Circle]]) -> dict[_Circle, int]:
    """Return how many steps at most lead to each group along `nexts`; groups have no circle among them."""
    depth = dict.fromkeys(circle.values(), 0)
    for _ in depth:
        for one, following in nexts.items():
            for other in following:
                depth[other] = max(depth[other], depth[one] + 1)
    return depth


def _reached(word: str, after: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = list(after[word])
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += after[one]
    return found


def _room(mine: frozenset[tuple[str, str]], more: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(sorted(more - mine)[: max(0, _MOST_KEPT - len(mine))])


def _joined(
    mine: Mapping[str, frozenset[int]], more: Mapping[str, frozenset[int]], enough: int
) -> dict[str, frozenset[int]]:
    """Return what both saw. Words that prove nothing yet may be a customer's own: they are kept veiled."""
    both = dict(mine)
    for word, seen in more.items():
        veiled = word if word.startswith(_VEIL) else veil(word)
        known = both.pop(word, frozenset()) | both.pop(veiled, frozenset())
        if known or len(both) < _MOST_KEPT:
            all_seen = frozenset(sorted(known | seen)[:_MOST_MESSAGES])
            both[word if len(all_seen) >= enough else veiled] = all_seen
    return both


def veil(word: str) -> str:
    """Return what stands for a word that is not to be kept as it is."""
    return _VEIL + hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _proved(seen: Mapping[str, frozenset[int]], enough: int) -> frozenset[str]:
    return frozenset(word for word, on in seen.items() if len(on) >= enough and not word.startswith(_VEIL))


def evidence_values(evidence: WordEvidence) -> dict[str, Any]:
    """Return evidence as JSON holds it."""
    return {
        "followed": sorted(list(pair) for pair in evidence.followed),
        "deleted": {word: sorted(seen) for word, seen in sorted(evidence.deleted.items())},
        "cut": {word: sorted(seen) for word, seen in sorted(evidence.cut.items())},
        "dates": sorted(evidence.dates),
    }


def evidence_of(values: dict[str, Any] | None) -> WordEvidence:
    """Return the evidence that `evidence_values` wrote."""
    found = values or {}
    return WordEvidence(
        frozenset((str(first), str(second)) for first, second in found.get("followed", [])),
        {str(word): frozenset(seen) for word, seen in found.get("deleted", {}).items()},
        {str(word): frozenset(seen) for word, seen in found.get("cut", {}).items()},
        frozenset(found.get("dates", [])),
    )
