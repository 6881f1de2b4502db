"""What is in front on one phone, and the finger that touches it.

A look that something was done after is old and never used again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.observation import Bounds, ChatListSeen, ChatSeen, ScreenKind, ScreenSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from devices.adb.focus import Focus
from devices.adb.phone import AdbPhone
from devices.automation.appium import AppiumServer
from devices.automation.server import AutomationServer
from devices.automation.session import AutomationSession, TextRefused
from devices.health.reading import parse_front_user
from devices.screens import words
from devices.screens.tree import SourceUnreadable
from devices.whatsapp.navigation import BLOCKING
from devices.whatsapp.sight import Sight

logger = logging.getLogger(__name__)

TRANSITION_S = 8.0
"""How long a screen may take to appear after the step that opens it (quality.md A5, slow phone)."""
POLL_S = 0.12
_STUCK_S = 2.5
_LEAST_DRAG_PX = 160
"""Less would be a tap to some phones [guess]."""
_EDGE_PX = 40
_THIN_MARGIN = 20
"""Up a chat nine tenths of a window can be gone at once: rows and distance tell whether all is there."""
_SLOP_PX = 32
"""8 dp on the densest common screens."""
_FRESH_S = 0.4
"""A look so young is as good as another, where nothing was done since."""
_PLACES = (ScreenKind.CHAT, ScreenKind.CHAT_LIST)
_MOST_PATIENT_S, _HABIT_S = 1.5, 0.15
_CAREFUL = 5
"""A careful drag moves the list by this part of its height: four fifths of the rows are seen twice."""


def pause(seconds: float) -> None:
    """Wait in the phone's own thread; a test hands in another."""
    threading.Event().wait(seconds)


@dataclass(frozen=True, slots=True)
class _Look:
    """A look, from when to when in monotonic seconds."""

    began: float
    ended: float
    seen: ScreenSeen


class Screen:
    """The screen of one phone while its automation server runs."""

    def __init__(
        self,
        phone: AdbPhone,
        sight: Sight,
        server: AutomationServer | AppiumServer,
        wait: Callable[[float], None],
        focus: Focus | None = None,
    ) -> None:
        self.wait = wait
        self.sight = sight
        self.answered_at = 0.0
        self._phone = phone
        self._package = sight.package
        self._server = server
        self._session: AutomationSession | None = None
        self._clock_offset: timedelta | None = None
        self._usual_s: dict[str, float] = {}
        """How long each way takes on this phone, in seconds until the look that shows its end may begin."""
        self.focus = focus or Focus()
        self._last: _Look | None = None

    # -- life ---------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the server and begin a session."""
        session = AutomationSession(self._server.start(self._package))
        session.open()
        self._session = session

    def close(self) -> None:
        """End session and server. Never raises."""
        session, self._session = self._session, None
        self._last = None
        if session is not None and self._server.is_running():
            session.close()
        self._server.stop()

    def is_alive(self) -> bool:
        """Tell whether a command that needs the screen is answered (phone-wire.md 3.1: /status is no proof)."""
        if not self._server.is_running():
            return False
        try:
            self._source()
        except PhoneLost:
            return False
        return True

    def set_clock(self, answer: str, zone: str) -> None:
        """Learn the phone's own wall clock: days on its screen are its days, not this PC's.

        Args:
            answer: What the phone's `date` said, ISO 8601 without a zone; anything else is no answer.
            zone: The phone's zone, used where it does not tell its time.
        """
        try:
            shown = datetime.fromisoformat(answer)
        except ValueError:
            logger.info("%s: the phone does not tell its time", self._phone.serial)
            shown = _now_in(zone)
        self._clock_offset = shown - _local_now()

    def _today(self) -> date:
        """Return the phone's own day."""
        return (_local_now() + (self._clock_offset or timedelta(0))).date()

    # -- looking ------------------------------------------------------------------------------

    def look(self) -> ScreenSeen:
        """Return what is in front now."""
        if not self._server.is_running():
            raise PhoneLost("the automation server ended")
        began = time.monotonic()
        is_ours = self._is_of_our_user()
        try:
            seen = self.sight.read(self._source(), self._today())
        except SourceUnreadable:
            # One bad answer is a hiccup of the server, two are a fault (quality.md B3 15).
            began = time.monotonic()
            try:
                seen = self.sight.read(self._source(), self._today())
            except SourceUnreadable as error:
                raise PhoneLost(f"source: {error}") from error
        if seen.package == self._package and not (is_ours and self._is_of_our_user()):
            seen = ScreenSeen(ScreenKind.OTHER_APP, seen.package)
        self._last = _Look(began, time.monotonic(), seen)
        return seen

    def _is_of_our_user(self) -> bool:
        """Tell whether the app in front is our Android user's: another's has the same package and the same screens.

        What the phone does not tell is not ours.
        """
        if not self.sight.needs_proof:
            return True
        return parse_front_user(self._phone.shell("dumpsys", "window").out, self._package) == self.sight.user

    def undisturbed(self) -> tuple[ScreenSeen, str] | None:
        """Return the last look and the number of its window, if that window held the focus before it and still does.

        What a person did inside that window since is not known; nothing else was in front. Read from other threads.
        """
        last, held = self._last, self.focus.held
        if last is None or held is None or held.since > last.began or last.seen.kind not in _PLACES:
            return None
        return last.seen, held.window

    def seen_lately(self, *kinds: ScreenKind, within_s: float = _FRESH_S) -> ScreenSeen:
        """Return the last look if it is so young, nothing was done since and it showed a place to work from."""
        last = self._last
        if last is None or last.seen.kind not in (kinds or _PLACES):
            return self.look()
        if self.focus.moved_at > last.ended:
            return self.look()
        return last.seen if time.monotonic() - last.ended < within_s else self.look()

    def arrive(self, way: str, is_met: Callable[[ScreenSeen], bool], limit_s: float = TRANSITION_S) -> ScreenSeen:
        """Look until a way led where it leads, at first when it usually does on this phone; like `wait_for`."""
        began, usual = time.monotonic(), self._usual_s.get(way, 0.0)
        self.wait(usual)
        seen = self.wait_for(is_met, limit_s)
        if self._last is not None and is_met(seen):
            late = self._last.began - began - usual
            # A first look that was not too early may have been too late; one slow way is no habit.
            self._usual_s[way] = (
                usual * 0.9 if late < POLL_S / 2 else min(_MOST_PATIENT_S, usual + min(late / 2, _HABIT_S))
            )
        return seen

    def wait_for(self, is_met: Callable[[ScreenSeen], bool], limit_s: float = TRANSITION_S) -> ScreenSeen:
        """Look until a condition holds; return the last look when time is up or a screen stays that needs a person."""
        until = time.monotonic() + limit_s
        blocked_since: float | None = None
        while True:
            seen, now = self.look(), time.monotonic()
            blocked_since = (blocked_since or now) if seen.kind in BLOCKING else None
            is_stuck = blocked_since is not None and now - blocked_since > _STUCK_S
            if is_met(seen) or now > until or is_stuck:
                return seen
            self.wait(POLL_S)

    def chat_now(self, target: ChatTarget) -> ChatSeen:
        """Look, and return the open chat if it is the target.

        Raises:
            ScreenNotRecognised: Something else is in front.
            SendRefused: Another chat is.
        """
        return self.chat_of(self.look(), target)

    def chat_of(self, seen: ScreenSeen, target: ChatTarget) -> ChatSeen:
        """Return the chat that a look showed if it is the target; raises like `chat_now`."""
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def settled_chat(self, target: ChatTarget, first: ChatSeen | None = None) -> ChatSeen:
        """Read until two reads agree, of which one may be made already: the list may still be moving."""
        seen = first or self.chat_now(target)
        for _ in range(12):
            self.wait(POLL_S / 2)
            again = self.chat_now(target)
            if signature(again) == signature(seen):
                return again
            seen = again
        return seen

    def wait_for_chat(self, target: ChatTarget, is_met: Callable[[ChatSeen], bool]) -> ChatSeen:
        """Look until the open chat is as it should be; return the last look when time is up."""
        until = time.monotonic() + TRANSITION_S
        while True:
            seen = self.chat_now(target)
            if is_met(seen) or time.monotonic() > until:
                return seen
            self.wait(POLL_S)

    # -- touching -----------------------------------------------------------------------------

    def forget(self) -> None:
        """Something is about to change the screen: what was seen before is then old."""
        self._last = None

    def tap(self, place: Bounds) -> None:
        """Tap once, in the middle of a place."""
        left, top, right, bottom = place
        self._act().tap((left + right) // 2, (top + bottom) // 2)

    def back(self) -> None:
        """Press back once."""
        self._act().back()

    def set_entry(self, text: str, *, focused: bool = False, names: tuple[str, ...] = ()) -> None:
        """Replace the text of the entry as a whole.

        Args:
            text: The text.
            focused: It was just seen to have the focus.
            names: Another field than the chat's entry: the local ids that it may have.

        Raises:
            SendRefused: The entry did not take it.
        """
        refusal: TextRefused | None = None
        for name in names or self.sight.entry_ids:
            try:
                self._act().set_text(name, self._package, text, focused=focused)
            except TextRefused as error:
                refusal = error
            else:
                return
        raise SendRefused(Reason.TEXT_NOT_ACCEPTED) from refusal

    def drag(self, area: Bounds, *, down: bool, at_most: int | None = None, margin: int = 5) -> int:
        """Drag the list and return the pixels; `margin` is the part of its height left out above and below."""
        left, top, right, bottom = area
        height = bottom - top
        x = (left + right) // 2
        high = top + height // margin
        distance = bottom - height // margin - high
        if at_most is not None:
            distance = max(_LEAST_DRAG_PX, min(distance, at_most))
        start, end = ((x, high), (x, high + distance)) if down else ((x, high + distance), (x, high))
        self._act().drag(start, end)
        return distance

    def swipe(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag a finger from one place to another."""
        self._act().drag(start, end)

    def fling(self, area: Bounds) -> None:
        """Throw the list down; it runs on and comes to rest by itself."""
        left, top, right, bottom = area
        x, height = (left + right) // 2, bottom - top
        self._act().fling((x, top + height // 4), (x, bottom - height // 8))

    def _source(self) -> str:
        source = self._need().source()
        self.answered_at = time.monotonic()
        return source

    def _act(self) -> AutomationSession:
        """Return the session for something that changes the screen."""
        self.forget()
        return self._need()

    def _need(self) -> AutomationSession:
        if self._session is None:
            raise PhoneLost("not started")
        return self._session


def list_of(seen: ScreenSeen) -> ChatListSeen:
    """Return the chat list that a look showed.

    Raises:
        ScreenNotRecognised: It showed something else.
    """
    if seen.kind is not ScreenKind.CHAT_LIST or seen.chat_list is None:
        raise ScreenNotRecognised(seen, "chat list")
    return seen.chat_list


def drag_chat_down(screen: Screen, seen: ChatSeen, *, careful: bool) -> int:
    """Drag an open chat so far that its first whole row stays in view, and return the pixels."""
    room = _room_below_first(seen)
    if careful:
        room = min(room, (seen.list_bounds[3] - seen.list_bounds[1]) // _CAREFUL)
    return screen.drag(seen.list_bounds, down=True, at_most=room, margin=_THIN_MARGIN)


def is_target(seen: ChatSeen, target: ChatTarget) -> bool:
    """Tell whether the header is the chat's: its name, or its number where it has no name."""
    if words.fold(seen.title) == words.fold(target.title):
        return True
    digits = "".join(c for c in seen.title if c.isdigit())
    is_number = seen.title.strip().startswith("+") and len(digits) >= 7
    return is_number and target.number is not None and digits == target.number


def signature(seen: ChatSeen) -> tuple[object, ...]:
    """Return what of a chat's window tells whether it moved or changed."""
    return tuple((row.bounds, row.content.text, row.shown.minute) for row in seen.rows)


def went_with_finger(before: ChatSeen, after: ChatSeen, dragged_px: int) -> bool:
    """Tell whether the content moved as far as the finger did: then it has come to rest, and need not be read again.

    A list takes the touch slop off (AOSP AbsListView). Rows that stand twice in a window tell nothing.
    """
    old, new = _feet(before), _feet(after)
    moves = {new[row] - foot for row, foot in old.items() if row in new}
    return bool(moves) and max(moves) - min(moves) <= 2 and -_SLOP_PX <= min(moves) - dragged_px <= 2


def _feet(seen: ChatSeen) -> dict[tuple[object, ...], int]:
    """Return where the rows end that are whole and like no other of the window."""
    rows = [(row.direction, row.shown.minute, row.content.kind, row.content.text) for row in seen.rows]
    return {key: row.bounds[3] for key, row in zip(rows, seen.rows, strict=True) if row.whole and rows.count(key) == 1}


def _room_below_first(seen: ChatSeen) -> int:
    """Return how far the first whole row may move down and still be whole."""
    top, bottom = seen.list_bounds[1], seen.list_bounds[3]
    if any(row.bounds[1] <= top and row.bounds[3] >= bottom for row in seen.rows):
        # One row fills the window: nothing of it can be lost from view.
        return bottom - top
    first = next((row for row in seen.rows if row.whole), None)
    return seen.list_bounds[3] - first.bounds[3] - _EDGE_PX if first is not None else _LEAST_DRAG_PX


def _now_in(zone: str) -> datetime:
    """Return the wall clock of a zone by this PC's clock; this PC's own where the zone is not known."""
    try:
        return datetime.now(ZoneInfo(zone)).replace(tzinfo=None) if zone else _local_now()
    except (ZoneInfoNotFoundError, ValueError):
        return _local_now()


def _local_now() -> datetime:
    return datetime.now().astimezone().replace(tzinfo=None)
