"""Our mirror against three common ones on modelled chats: what each loses and doubles, and what it costs to read.

The rows are a model of a screen, not a screen; the rates of what happens in a chat are chosen, not measured.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from tests.bench.peers.chat import CountedChat
from tests.bench.peers.costs import costs
from tests.bench.peers.counting import count_faults
from tests.bench.peers.naive import AfterLastSeen, SetOfRows, SlidingWindow
from tests.bench.peers.ours import AnchorOrWiden
from tests.bench.peers.stories import HABITS, Habits, Story
from tests.fakes.chat import Key

CATCH_UPS = 61
"""In each chat; some eight messages come between two."""
SCREENS = {12: 720, 6: 360}
"""Rows of one line that a screen holds, and its height in pixels."""
USUAL, FULL = 48_000, 160_000
_JITTER = (0, 0, 0, -9, 8)


class PeerMirror(Protocol):
    """One way of mirroring a chat."""

    name: str

    def read(self, chat: CountedChat, jitter: int) -> None:
        """Bring the mirror up to date."""

    def keys(self) -> list[Key]:
        """Return the messages."""


MIRRORS: tuple[Callable[[], PeerMirror], ...] = (SetOfRows, AfterLastSeen, SlidingWindow, AnchorOrWiden)


@dataclass
class Score:
    """What one mirror made of one kind of chat."""

    habits: str
    rows: int
    mirror: str
    chats: int = 0
    messages: int = 0
    catch_ups: int = 0
    trips: int = 0
    lost: int = 0
    doubled: int = 0
    flagged: int = 0
    unflagged_faults: int = 0
    """Faults in chats that show no gap: of ours there must be none."""

    def per_10k(self, count: int) -> float:
        """Return a count for 10,000 messages."""
        return round(count * 10_000 / max(1, self.messages), 1)


def compare(messages: int, seed: int, habits: Sequence[Habits] = HABITS) -> list[Score]:
    """Let all mirrors read the same chats, until so many messages came in all kinds of chats together."""
    share = messages / (len(habits) * len(SCREENS))
    return [score for one in habits for rows in SCREENS for score in _compare_one(one, rows, share, seed)]


def _compare_one(habits: Habits, rows: int, messages: float, seed: int) -> list[Score]:
    scores = [Score(habits.name, rows, make.name) for make in MIRRORS]
    while scores[0].messages < messages:
        _one_chat(Story(habits, SCREENS[rows], f"{seed} {habits.name} {rows} {scores[0].chats}"), scores)
    return scores


def _one_chat(story: Story, scores: list[Score]) -> None:
    chat, mirrors = story.chat, [make() for make in MIRRORS]
    shake = random.Random(len(scores) + scores[0].chats)
    count = 0
    for _ in range(CATCH_UPS):
        count += story.go_on()
        jitter = shake.choice(_JITTER)
        for mirror, score in zip(mirrors, scores, strict=True):
            before = chat.trips
            mirror.read(chat, jitter)
            score.trips += chat.trips - before
        chat.mark_read()
    for mirror, score in zip(mirrors, scores, strict=True):
        lost, doubled = count_faults(chat, mirror.keys())
        score.chats, score.messages = score.chats + 1, score.messages + count
        score.catch_ups, score.lost, score.doubled = (
            score.catch_ups + CATCH_UPS,
            score.lost + lost,
            score.doubled + doubled,
        )
        if isinstance(mirror, AnchorOrWiden):
            score.flagged += mirror.flagged
            is_wrong = lost or doubled or not chat.agrees_with(mirror.keys())
            score.unflagged_faults += max(1, lost + doubled) if is_wrong and not mirror.mirror.flagged else 0


# -- the table ----------------------------------------------------------------------------------------

_HEAD = ("chats", "rows", "mirror", "lost", "doubled", "flagged", "windows read", "messages")


def main(words: Sequence[str]) -> int:
    """Compare, measure and print. Ends with 1 where our mirror is wrong without showing a gap."""
    options = _read(words)
    scores = compare(options.messages, options.seed)
    found = costs(options.seed)
    faults = sum(score.unflagged_faults for score in scores)
    if options.json:
        table = [asdict(score) | _rates(score) for score in scores]
        told = {"seed": options.seed, "mirrors": table, "unflagged_faults": faults}
        sys.stdout.write(json.dumps(told | {"costs": [asdict(cost) for cost in found]}) + "\n")
    else:
        sys.stdout.write(f"seed {options.seed}; lost, doubled and flagged places for 10,000 messages; ")
        sys.stdout.write("windows read for each catch-up\n")
        _print([_HEAD, *(_line(score) for score in scores)])
        _print([(cost.name, f"{cost.ms:.3f} ms", cost.note) for cost in found])
        sys.stdout.write(f"ours: {faults} messages wrong in chats that show no gap\n")
    return 1 if faults else 0


def _rates(score: Score) -> dict[str, float]:
    return {
        "lost_per_10k": score.per_10k(score.lost),
        "doubled_per_10k": score.per_10k(score.doubled),
        "flagged_per_10k": score.per_10k(score.flagged),
        "windows_per_catch_up": round(score.trips / max(1, score.catch_ups), 2),
    }


def _line(score: Score) -> tuple[str, ...]:
    lost, doubled, flagged, windows = _rates(score).values()
    is_ours = score.mirror == AnchorOrWiden.name
    flags = f"{flagged:g}" if is_ours else "-"
    return (
        score.habits, str(score.rows), score.mirror, f"{lost:g}", f"{doubled:g}", flags, f"{windows:.2f}",
        str(score.messages),
    )  # fmt: skip


def _print(lines: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")
    sys.stdout.write("\n")


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench mirror", description=__doc__)
    parser.add_argument("--messages", type=int, default=USUAL, help="modelled messages, all kinds of chats together")
    parser.add_argument("--full", dest="messages", action="store_const", const=FULL, help=f"{FULL} messages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(words)
