"""Counts what a mirror lost and doubled. Only content counts, not order: that is kind to mirrors that mix rows up."""

from __future__ import annotations

from collections import Counter

from tests.bench.peers.chat import CountedChat
from tests.fakes.chat import Key, Sent


def count_faults(chat: CountedChat, held: list[Key]) -> tuple[int, int]:
    """Return how many messages of the phone are not held, and how many rows are held that are no message.

    A message may stand as it was before it changed; one that is no longer on the phone may be held or not.
    """
    left = Counter(held)
    there = [one for one in chat.ever if not one.gone]
    # What has one form only takes its row first; what changed has a choice, what is gone takes what is left.
    order = sorted(there, key=lambda one: len(one.earlier))
    lost = sum(1 for one in order if not _take(left, one))
    for one in chat.ever:
        if one.gone:
            _take(left, one)
    return lost, left.total()


def _take(left: Counter[Key], one: Sent) -> bool:
    minute = one.shown.minute
    for kind, text in [(one.kind, one.text), *reversed(one.earlier)]:
        key = (one.direction, minute, kind, text)
        if left[key] > 0:
            left[key] -= 1
            return True
    return False
