"""Which file on the phone belongs to which message. A pair is named only where nothing else is possible.

Bubbles of photos and voice messages name no file, and all chats share the folders. So the files of one kind and minute
are counted against all messages that could have one, in every chat; what does not come out even is left unlinked.
Clocks may be a minute off, so minutes without a quiet one between count together: all of them come out even, or none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.ids import ChatId, MessageId
from app.domain.media import LinkState, MediaFile
from app.domain.message import Kind
from app.mirror.coverage import DAY, covers, whole_in_all
from app.mirror.sizes import fits_length, fits_size

SLOW = 60
"""A file that comes by itself may come so many minutes after its message; what comes then may be another's."""
EARLY, LATE = 1, 2
"""By clocks that are a minute off, a file that came at once stands so many minutes before or after its message."""
_COPY = re.compile(r" \([0-9]{1,4}\)(?=\.[^.]*$|$)")
"""A second file of one name is told apart so [guess]."""
_NAME = re.compile(r"(IMG|VID|GIF|PTT|AUD|DOC)-([0-9]{4})([0-9]{2})([0-9]{2})-WA([0-9]{4,9})\.[A-Za-z0-9]{1,5}")
Side = tuple[Kind, bool | None]


class Presence(StrEnum):
    """Whether the phone has the file of a message."""

    HERE = "here"
    ABSENT = "absent"
    UNSURE = "unsure"
    """Told by a notification or an export alone, or forwarded: it may share an older file."""
    DELETED = "deleted"
    """A message that was deleted; its file may be there still, and nobody knows of what kind it was."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A message and room for its file, for `count` files if it is an album."""

    id: MessageId
    chat: ChatId
    order: int
    kind: Kind
    is_own: bool
    minute: int
    presence: Presence = Presence.HERE
    name: str = ""
    size: str = ""
    length: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file and the minute in which it was written. `is_moved`: about then the clock was put forward or back."""

    file: MediaFile
    minute: int
    is_moved: bool = False
    length_s: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A file is the `place`-th of a message."""

    message: MessageId
    place: int
    file: MediaFile


@dataclass(slots=True)
class LinkPlan:
    """Pairs that are certain; why the others are not; files whose length, once known, may tell more."""

    links: list[Link] = field(default_factory=list)
    states: dict[MessageId, LinkState] = field(default_factory=dict)
    unheard: list[MediaFile] = field(default_factory=list)


Whole = Sequence[tuple[int, int]]
Spans = Mapping[ChatId, Whole]


def plan_links(slots: Sequence[Slot], files: Sequence[Candidate], spans: Spans) -> LinkPlan:
    """Pair messages and files.

    Args:
        slots: All messages of the account that have no file yet and may have one, deleted ones among them.
        files: All files of the app that belong to no message yet.
        spans: For each chat of the account the minutes in which its mirror is whole.
    """
    plan = LinkPlan()
    whole = whole_in_all(spans.values())
    deleted = [slot for slot in slots if slot.presence is Presence.DELETED]
    live = [slot for slot in slots if slot.presence is not Presence.DELETED]
    named = _link_named(slots, files, whole, plan)
    taken = {link.message for link in plan.links}
    taken |= {key for key, state in plan.states.items() if state is LinkState.SEVERAL}
    for side in dict.fromkeys(_side(slot.kind, slot.is_own) for slot in live):
        own = [s for s in live if _side(s.kind, s.is_own) == side and s.id not in taken]
        theirs = [f for f in files if _side(f.file.kind, f.file.is_sent) == side and f.file.path not in named]
        blind = {slot.minute for slot in deleted if side[1] in (None, slot.is_own)}
        _Minutes(own, [f for f in theirs if _is_app_named(f)], blind, whole).decide(plan)
        _link_sized([s for s in live if _side(s.kind, s.is_own) == side], theirs, deleted, whole, plan)
    return plan


def _link_sized(slots: list[Slot], files: list[Candidate], deleted: list[Slot], whole: Whole, plan: LinkPlan) -> None:
    """A message that once showed the size of what a person then asked for takes the one file of that size since."""
    done, used = {link.message for link in plan.links}, {link.file.path for link in plan.links}
    open_slots = [slot for slot in slots if slot.id not in done]
    free = [one for one in files if one.file.path not in used]
    for slot in open_slots:
        fitting = [one for one in free if one.minute >= slot.minute - EARLY and fits_size(slot.size, one.file.size)]
        if not slot.size or slot.name or slot.count > 1 or slot.presence is not Presence.HERE or len(fitting) != 1:
            continue
        one = fitting[0]
        rivals = [s for s in open_slots if s.minute <= one.minute + EARLY and fits_size(s.size, one.file.size)]
        first, last = slot.minute - EARLY - LATE, one.minute + EARLY
        is_blind = one.is_moved or any(first <= other.minute <= last for other in deleted)
        if rivals == [slot] and not is_blind and covers(whole, first, last):
            plan.links.append(Link(slot.id, 0, one.file))
            plan.states.pop(slot.id, None)


def _side(kind: Kind, is_own: bool) -> Side:
    """Voice messages of both sides lie in one folder."""
    return kind, None if kind is Kind.VOICE else is_own


def _is_app_named(one: Candidate) -> bool:
    """Tell whether the app gave the name, on the day on which the file was written."""
    match = _NAME.fullmatch(one.file.name)
    if match is None:
        return False
    named = (int(match[2]), int(match[3]), int(match[4]))
    return any(named == _day_of(one.minute + beside) for beside in (-1, 0, 1))


def _day_of(minute: int) -> tuple[int, int, int]:
    day = date.fromordinal(max(1, min(minute // DAY, date.max.toordinal())))
    return day.year, day.month, day.day


def _number(file: MediaFile) -> tuple[str, int]:
    match = _NAME.fullmatch(file.name)
    return (match[2] + match[3] + match[4], int(match[5])) if match else ("", 0)


def _link_named(slots: Sequence[Slot], files: Sequence[Candidate], whole: Whole, plan: LinkPlan) -> set[str]:
    """Documents show their names; return the paths that are spoken for by a name, linked or not."""
    spoken: set[str] = set()
    deleted = [slot.minute for slot in slots if slot.presence is Presence.DELETED]
    live = [slot for slot in slots if slot.presence is not Presence.DELETED]
    documents = [slot for slot in live if slot.kind is Kind.DOCUMENT and slot.name]
    by_name: dict[tuple[str, bool], list[Candidate]] = defaultdict(list)
    for one in files:
        if one.file.kind is Kind.DOCUMENT:
            by_name[_plain(one.file.name), one.file.is_sent].append(one)
    alike = Counter((_plain(slot.name), slot.is_own) for slot in documents)
    for slot in documents:
        key = (_plain(slot.name), slot.is_own)
        fitting = [one for one in by_name[key] if fits_size(slot.size, one.file.size) and one.minute >= slot.minute - 1]
        spoken.update(one.file.path for one in by_name[key])
        is_sure = len(fitting) == 1 and alike[key] == 1 and slot.presence is not Presence.ABSENT
        span = slot.minute - 1, max(slot.minute, fitting[0].minute if fitting else 0) + 1
        is_sure = is_sure and not any(span[0] <= minute <= span[1] for minute in deleted)
        if is_sure and covers(whole, *span):
            plan.links.append(Link(slot.id, 0, fitting[0].file))
        else:
            plan.states[slot.id] = _open_state(slot, has_files=bool(by_name[key]))
    return spoken


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFC", "".join(c for c in name if unicodedata.category(c) != "Cf")).strip()
    return _COPY.sub("", bare)


def _open_state(slot: Slot, *, has_files: bool) -> LinkState:
    if slot.presence is Presence.ABSENT:
        return LinkState.NOT_DOWNLOADED
    return LinkState.SEVERAL if has_files else LinkState.NOT_YET


class _Minutes:
    """Messages and files of one kind and side, row of busy minutes by row."""

    def __init__(self, slots: list[Slot], files: list[Candidate], deleted: set[int], whole: Whole) -> None:
        self._absent = [slot for slot in slots if slot.presence is Presence.ABSENT]
        # What shows a size was not downloaded once, whatever it is now: its file came when a person asked for it.
        self._claims = [slot for slot in slots if slot.presence is Presence.ABSENT or (slot.size and not slot.name)]
        self._whole = whole
        self._deleted = deleted
        self._slots: dict[int, list[Slot]] = defaultdict(list)
        self._files: dict[int, list[Candidate]] = defaultdict(list)
        for slot in sorted(slots, key=lambda s: (s.chat, s.order)):
            if slot.presence is not Presence.ABSENT:
                self._slots[slot.minute].append(slot)
        for one in sorted(files, key=lambda f: (_number(f.file), f.file.path)):
            self._files[one.minute].append(one)
        self._open_until = 0
        """Up to this minute a file may still come for an older message."""

    def decide(self, plan: LinkPlan) -> None:
        """Go through the rows, oldest first."""
        for slot in self._absent:
            plan.states[slot.id] = LinkState.NOT_DOWNLOADED
        last_open = -SLOW
        for row in _rows(self._slots.keys() | self._files.keys()):
            slots = [slot for minute in row for slot in self._slots.get(minute, ())]
            is_even = self._is_even(row)
            pairs = self._pairs(row, plan) if is_even and slots else []
            if not is_even and len(slots) == 1:
                pairs = self._lone_pair(slots[0])
            plan.links += pairs
            done = {link.message for link in pairs}
            for slot in slots:
                if slot.id not in done:
                    near = any(self._files.get(slot.minute + beside) for beside in (-1, 0, 1))
                    plan.states[slot.id] = _open_state(slot, has_files=near)
            # Where each file comes two minutes late, a row that looks even has the files of the one before it.
            if slots and not pairs and (not is_even or row[0] - last_open <= LATE):
                last_open = row[-1]
                self._open_until = max(self._open_until, last_open + SLOW)

    def _is_even(self, row: range) -> bool:
        """Tell whether the files of a row are those of its messages, whichever is whose.

        Were one missing, and all clocks a minute off, each minute could have the files of the next: the last shows it.
        """
        if not self._is_clear(row[0] - LATE, row[-1] + EARLY) or any(self._balance(minute) for minute in row):
            return False
        return not any(slot.size and not slot.name for minute in row for slot in self._slots.get(minute, ()))

    def _pairs(self, row: range, plan: LinkPlan) -> list[Link]:
        """Pair the messages and files of an even row: of one chat by order, of several by what their bubbles show."""
        slots = [slot for minute in row for slot in self._slots[minute]]
        files = [one for minute in row for one in self._files[minute]]
        if not self._are_theirs(files, slots):
            return []
        if len({slot.chat for slot in slots}) > 1:
            return _pairs_by_length(slots, files, plan)
        has_two_days = any(len({_number(one.file)[0] for one in self._files[minute]}) > 1 for minute in row)
        if has_two_days or sorted(files, key=lambda one: _number(one.file)) != files:
            return []
        places = [(slot, place) for slot in slots for place in range(slot.count)]
        fits = all(_fits(slot, one) for (slot, _), one in zip(places, files, strict=True))
        return [Link(s.id, place, one.file) for (s, place), one in zip(places, files, strict=True)] if fits else []

    def _lone_pair(self, slot: Slot) -> list[Link]:
        """Pair a message with a file beside it, of a clock a little off; or with one that took its time."""
        if slot.size and not slot.name:
            return []
        files = self._lone(slot, LATE, 1) or self._lone(slot, SLOW, SLOW)
        is_it = files and self._are_theirs(files, [slot]) and _fits(slot, files[0])
        return [Link(slot.id, 0, files[0].file)] if is_it else []

    def _lone(self, slot: Slot, reach: int, latest: int) -> list[Candidate]:
        """Return the one file around a message that is as alone."""
        around = range(slot.minute - reach, slot.minute + reach + 1)
        files = [one for minute in around for one in self._files.get(minute, ())]
        slots = sum(other.count for minute in around for other in self._slots.get(minute, ()))
        is_alone = slots == len(files) == 1 and -EARLY <= files[0].minute - slot.minute <= latest
        # What stands a minute before this one may be the file of one that was deleted two minutes earlier still.
        return files if is_alone and self._is_clear(around[0] - EARLY, around[-1]) else []

    def _is_clear(self, first: int, last: int) -> bool:
        around = range(first, last + 1)
        if any(minute in self._deleted for minute in around):
            return False
        if any(one.is_moved for minute in around for one in self._files.get(minute, ())):
            return False
        return covers(self._whole, first, last)

    def _are_theirs(self, files: list[Candidate], slots: list[Slot]) -> bool:
        """Tell whether no older message may have got one of the files: late, or just then because a person asked."""
        if min(one.minute for one in files) <= self._open_until or slots[0].minute <= self._open_until:
            return False
        latest = max(one.minute for one in files)
        claims = [slot for slot in self._claims if slot.minute <= latest + EARLY]
        return not any(fits_size(slot.size, one.file.size) for slot in claims for one in files)

    def _balance(self, minute: int) -> int:
        return sum(slot.count for slot in self._slots.get(minute, ())) - len(self._files.get(minute, ()))


def _rows(minutes: Iterable[int]) -> list[range]:
    """Return the rows of minutes that follow each other without one between."""
    rows: list[range] = []
    for minute in sorted(minutes):
        if rows and rows[-1].stop == minute:
            rows[-1] = range(rows[-1].start, minute + 1)
        else:
            rows.append(range(minute, minute + 1))
    return rows


def _fits(slot: Slot, one: Candidate) -> bool:
    return fits_size(slot.size, one.file.size) and fits_length(slot.length, one.length_s)


def _pairs_by_length(slots: list[Slot], files: list[Candidate], plan: LinkPlan) -> list[Link]:
    """Of several chats only what a bubble shows of its file tells: each must fit one file, and each another."""
    if slots[0].kind is Kind.VOICE and len({slot.length for slot in slots}) == len(slots):
        plan.unheard += [one.file for one in files if one.length_s is None]
        if any(one.length_s is None for one in files):
            return []
    fitting = {slot.id: [one for one in files if _fits(slot, one)] for slot in slots}
    if any(len(found) != 1 for found in fitting.values()):
        return []
    chosen = [found[0].file.path for found in fitting.values()]
    is_one_to_one = len(set(chosen)) == len(slots) == len(files)
    return [Link(slot.id, 0, fitting[slot.id][0].file) for slot in slots] if is_one_to_one else []
