"""Says what a chat screen lacks of what sending needs, and when that is no passing moment but another layout.

A screen that loads, a dialog, a chat in which nobody may write: none of them is another layout. So a finding counts
only once several looks over some time agree, and one whole chat takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.message import Direction, Kind
from app.domain.observation import ChatSeen, ScreenKind, ScreenSeen
from devices.screens.profile import Profile
from devices.screens.tree import Element, is_empty

LOOKS = 4
SPAN_S = 8.0
"""A finding counts after so many looks over so long; a slow phone draws a screen within that time."""
LONELY_S = 30.0
LAPSE_S = 120.0
"""A finding that nobody saw for so long begins anew."""
_FEW = 3


def find_lacks(
    window: Element, ids: dict[str, Element], chat: ChatSeen, area: Element | None, profile: Profile
) -> tuple[str, ...]:
    """Return what a chat screen lacks: title, list, entry, footer, button, rows, date, status.

    `footer` is an entry that is missing with all that stands beside it: so looks a chat in which only others may write.

    Args:
        window: The app's window.
        ids: Its elements by local id.
        chat: What was read of it.
        area: The list of messages.
        profile: What parts are called.
    """
    lacks = [] if chat.title else ["title"]
    if area is None or is_empty(chat.list_bounds):
        lacks.append("list")
    else:
        lacks += _lacking_rows(area, chat, profile)
    if not chat.read_only_notice:
        lacks += _lacking_footer(window, ids, chat)
    return tuple(lacks)


def _lacking_footer(window: Element, ids: dict[str, Element], chat: ChatSeen) -> list[str]:
    buttons = [name for name in ("send", "voice_note_btn") if name in ids and not is_empty(ids[name].bounds)]
    if chat.entry is None:
        # A field under another id proves that one may write here.
        has_field = any(e.cls.endswith("EditText") and not is_empty(e.bounds) for e in window.walk())
        return ["entry"] if buttons or has_field else ["footer"]
    return [] if len(buttons) == 1 else ["button"]


def _lacking_rows(area: Element, chat: ChatSeen, profile: Profile) -> list[str]:
    """Judge the rows that no edge cuts: bubbles without any time, own ones without a tick, nothing that is a row."""
    _, top, _, bottom = chat.list_bounds
    if not chat.rows:
        filled = [e for e in area.children if not is_empty(e.bounds) and any(c.text for c in e.walk())]
        strange = [e for e in filled if profile.cards.isdisjoint(e.by_id())]
        return ["rows"] if len(strange) >= _FEW else []
    inside = [r for r in chat.rows if r.bounds[1] > top and r.bounds[3] < bottom and r.content.kind is not Kind.SYSTEM]
    inside = [r for r in inside if r.content.kind is not Kind.CALL]
    lacks = []
    if len(inside) >= _FEW and all(r.shown.minute is None for r in inside):
        lacks.append("date")
    # Our own deleted messages have no tick.
    own = [r for r in inside if r.direction is Direction.OUT and r.content.kind is not Kind.DELETED and not r.has_icon]
    if len(own) > 1 and all(r.by_side for r in own):
        lacks.append("status")
    return lacks


@dataclass(slots=True)
class _Finding:
    first_at: float
    last_at: float
    looks: int = 1
    titles: set[str] = field(default_factory=set)


class LayoutGuard:
    """Remembers what looks of one phone lacked. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._found: dict[str, _Finding] = {}
        self._was_whole = False
        self._verdict: tuple[str, ...] = ()

    @property
    def verdict(self) -> tuple[str, ...]:
        """Return what this layout lacks for certain; nothing while it is one that can be worked with."""
        return self._verdict

    @property
    def was_whole(self) -> bool:
        """Tell whether a chat with all its parts was seen since this began."""
        return self._was_whole

    def note(self, seen: ScreenSeen, now: float) -> None:
        """Take one look into account."""
        if seen.kind is ScreenKind.CHAT and seen.chat is not None:
            self._note_chat(seen, now)
        elif seen.lacks:
            self._add(seen.lacks, "", now)
        elif seen.kind is ScreenKind.CHAT_LIST:
            self._found.pop("screen", None)
            self._verdict = tuple(one for one in self._verdict if one != "screen")

    def _note_chat(self, seen: ScreenSeen, now: float) -> None:
        if not seen.lacks:
            # A chat in which nobody may write shows no entry, so it proves nothing of one.
            if seen.chat is not None and seen.chat.entry is not None:
                self._found.clear()
                self._verdict, self._was_whole = (), True
            return
        for name in [one for one in self._found if one not in seen.lacks]:
            del self._found[name]
        self._add(seen.lacks, seen.chat.title if seen.chat else "", now)

    def _add(self, lacks: tuple[str, ...], title: str, now: float) -> None:
        for name in lacks:
            known = self._found.get(name)
            if known is None or now - known.last_at > LAPSE_S:
                self._found[name] = known = _Finding(now, now)
            else:
                known.looks += 1
                known.last_at = now
            known.titles.add(title)
        certain = tuple(name for name, one in self._found.items() if self._is_certain(name, one))
        self._verdict = certain or self._verdict

    def _is_certain(self, name: str, one: _Finding) -> bool:
        span = one.last_at - one.first_at
        if one.looks < LOOKS or span < SPAN_S:
            return False
        if name != "footer":
            return True
        return not self._was_whole and (len(one.titles) > 1 or span >= LONELY_S)
