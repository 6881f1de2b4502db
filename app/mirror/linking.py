"""Which file on the phone belongs to which message. A pair is named only where nothing else is possible.

Bubbles of photos and voice messages name no file, and all chats share the folders. So the files of one kind and minute
are counted against all messages that could have one, in every chat; what does not come out even is left unlinked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
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
    """A file and the minute in which it was written. `is_twice`: that night the clock showed it twice."""

    file: MediaFile
    minute: int
    is_twice: bool = False
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
    free = [one for one in files if one.file.path not in used and not one.is_twice]
    for slot in open_slots:
        fitting = [one for one in free if one.minute >= slot.minute - 1 and fits_size(slot.size, one.file.size)]
        if not slot.size or slot.name or slot.count > 1 or slot.presence is not Presence.HERE or len(fitting) != 1:
            continue
        one = fitting[0]
        rivals = [s for s in open_slots if s.minute <= one.minute + 1 and fits_size(s.size, one.file.size)]
        is_blind = any(slot.minute - 1 <= other.minute <= one.minute + 1 for other in deleted)
        if rivals == [slot] and not is_blind and covers(whole, slot.minute - 1, one.minute + 1):
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
    """Messages and files of one kind and side, minute by minute."""

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
        """Go through the minutes, oldest first."""
        for slot in self._absent:
            plan.states[slot.id] = LinkState.NOT_DOWNLOADED
        for minute in sorted(self._slots):
            found = self._found(minute)
            pairs = self._pairs(minute, found, plan) if found else []
            plan.links += pairs
            done = {link.message for link in pairs}
            for slot in self._slots[minute]:
                if slot.id not in done:
                    near = any(self._files.get(minute + beside) for beside in (-1, 0, 1))
                    plan.states[slot.id] = _open_state(slot, has_files=near)
            if not pairs and not self._is_even(minute):
                self._open_until = max(self._open_until, minute + SLOW)

    def _found(self, minute: int) -> list[Candidate]:
        """Return the files of a minute's messages where they are as many and no others can be among them."""
        if minute <= self._open_until or not self._is_clear(minute, 1) or self._was_asked_for(minute):
            return []
        if self._is_even(minute):
            return self._unclaimed(self._files.get(minute, []), minute)
        # A clock that is a little off, or a minute that just ended; then a file that took its time.
        lone = self._lone(minute, 2, 1) or self._lone(minute, SLOW, SLOW)
        return self._unclaimed(lone, minute)

    def _is_even(self, minute: int) -> bool:
        """Tell whether the files of a minute are those of its messages, whichever is whose."""
        if not self._is_clear(minute, 1) or self._was_asked_for(minute):
            return False
        return all(self._balance(minute + beside) == 0 for beside in (-1, 0, 1))

    def _was_asked_for(self, minute: int) -> bool:
        """Tell whether a message of a minute, or one beside it, got its file by hand: at any time since."""
        around = (slot for beside in (-1, 0, 1) for slot in self._slots.get(minute + beside, ()))
        return any(slot.size and not slot.name for slot in around)

    def _lone(self, minute: int, reach: int, latest: int) -> list[Candidate]:
        """Return the one file around a message that is as alone."""
        around = range(minute - reach, minute + reach + 1)
        files = [one for beside in around for one in self._files.get(beside, ())]
        slots = sum(slot.count for beside in around for slot in self._slots.get(beside, ()))
        is_alone = slots == len(files) == 1 and -1 <= files[0].minute - minute <= latest
        return files if is_alone and self._is_clear(minute, reach) else []

    def _is_clear(self, minute: int, reach: int) -> bool:
        around = range(minute - reach, minute + reach + 1)
        if any(beside in self._deleted for beside in around):
            return False
        if any(one.is_twice for beside in around for one in self._files.get(beside, ())):
            return False
        return covers(self._whole, minute - reach, minute + reach)

    def _unclaimed(self, files: list[Candidate], minute: int) -> list[Candidate]:
        """A message whose file a person may have asked for just then could be the one it belongs to."""
        latest = max((one.minute for one in files), default=minute)
        older = [slot for slot in self._claims if slot.minute <= latest + 1 and slot not in self._slots[minute]]
        is_claimed = any(fits_size(slot.size, one.file.size) for slot in older for one in files)
        return [] if is_claimed else files

    def _balance(self, minute: int) -> int:
        return sum(slot.count for slot in self._slots.get(minute, ())) - len(self._files.get(minute, ()))

    def _pairs(self, minute: int, files: list[Candidate], plan: LinkPlan) -> list[Link]:
        slots = self._slots[minute]
        if len({slot.chat for slot in slots}) > 1:
            return _pairs_by_length(slots, files, plan)
        if len({_number(one.file)[0] for one in files}) > 1 and len(files) > 1:
            return []
        places = [(slot, place) for slot in slots for place in range(slot.count)]
        fits = all(_fits(slot, one) for (slot, _), one in zip(places, files, strict=True))
        return [Link(s.id, place, one.file) for (s, place), one in zip(places, files, strict=True)] if fits else []


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
