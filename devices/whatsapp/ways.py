"""The ways to the chat list and to a chat. From a screen that has no named way nothing is tapped."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from urllib.parse import quote

from app.domain.errors import ScreenNotRecognised, SendRefused, TakenOver
from app.domain.observation import ChatListSeen, ChatSeen, ListRowSeen, ScreenKind, ScreenSeen
from app.domain.ports import ChatTarget, Prefill
from app.domain.reply import Reason
from devices.adb.focus import Company
from devices.adb.phone import AdbPhone, as_user
from devices.screens import words
from devices.whatsapp.navigation import BLOCKING, TO_CHAT_LIST, Step
from devices.whatsapp.screen import POLL_S, Screen, is_target, list_of, signature

logger = logging.getLogger(__name__)

LINK_S = 15.0
_MAX_STEPS = 8
_ARCHIVE_WINDOWS = 60
_PROOFS = 2
"""Drags that must move nothing before a list is taken for the whole chat."""
_PREFILL_BYTES = 3000
"""Of a percent-encoded text; a longer one is set in the entry."""
_DEAF_GUARDS = 3


class Ways:
    """How one app on one phone is walked through."""

    def __init__(self, adb: AdbPhone, package: str, screen: Screen) -> None:
        self.serial = adb.serial
        self._adb = adb
        self._package = package
        self._screen = screen
        self._empty: dict[str, Company] = {}
        """By number: chats whose entry was seen empty, and who else was at the phone by then."""
        self._deaf_guards = 0
        """How often in a row the phone did not answer which window has the focus."""

    def to_top_of_list(self) -> ChatListSeen:
        """Bring the chat list to the front, at its top."""
        seen = self.to_list()
        for _ in range(200):
            if not seen.cut_above:
                return seen
            self._screen.drag(seen.list_bounds, down=True)
            again = list_of(self._screen.look())
            if again.rows == seen.rows:
                return again
            seen = again
        return seen

    def down_the_list(self) -> ChatListSeen:
        """Go most of a window down the list."""
        seen = list_of(self._screen.seen_lately())
        self._screen.drag(seen.list_bounds, down=False)
        return list_of(self._screen.look())

    def read_archive(self) -> tuple[ChatListSeen, ...]:
        """Read the archived chats, window by window, from the top of the chat list; none where there is no archive."""
        top = self.to_top_of_list()
        if top.archive_at is None:
            return ()
        self._screen.tap(top.archive_at)
        seen = self._screen.wait_for(lambda now: now.kind is ScreenKind.ARCHIVE)
        windows: list[ChatListSeen] = []
        while seen.kind is ScreenKind.ARCHIVE and seen.chat_list is not None and len(windows) < _ARCHIVE_WINDOWS:
            if windows and seen.chat_list.rows == windows[-1].rows:
                return tuple(windows)
            windows.append(seen.chat_list)
            if seen.chat_list.ends_list:
                return tuple(windows)
            self._screen.drag(seen.chat_list.list_bounds, down=False)
            seen = self._screen.look()
        if not windows:
            raise ScreenNotRecognised(seen, "archived chats")
        return tuple(windows)

    def to_chat(self, target: ChatTarget, prefill: Prefill | None = None) -> ChatSeen:
        """Open one chat at its newest message."""
        seen, began = None, time.monotonic()
        if target.number and not target.is_group and self._may_start_here(target):
            seen = self._open_undisturbed(target, prefill)
        seen = self._to_end(seen, target) if seen is not None else self._to_chat_looking(target)
        # Its window is ours where it got the focus since.
        self._screen.focus.own(began)
        self.note_entry(target, seen)
        return seen

    def note_entry(self, target: ChatTarget, seen: ChatSeen | None) -> None:
        """Remember that a chat's entry is empty, for as long as nobody else opens a chat; without a look forget it."""
        company = self._screen.focus.company
        entry = seen.entry if seen is not None else None
        if target.number and company is not None and entry is not None and not entry.text and entry.quote is None:
            self._empty[target.number] = company
        else:
            self._empty.pop(target.number or "", None)

    def _to_chat_looking(self, target: ChatTarget) -> ChatSeen:
        """Open one chat after a look at what is in front."""
        seen = self._screen.seen_lately()
        if target.has_namesake:
            # A header proves nothing then: only a link that leaves from the list can have opened it.
            if not target.number:
                raise SendRefused(Reason.CHAT_AMBIGUOUS)
            self.to_list()
            seen = self._screen.seen_lately()
        elif seen.kind is ScreenKind.CHAT and seen.chat is not None and is_target(seen.chat, target):
            return self._to_end(seen.chat, target)
        if target.number and not target.is_group:
            try:
                return self._to_end(self._open_by_link(target, seen), target)
            except (SendRefused, ScreenNotRecognised) as failure:
                if target.has_namesake or not _may_try_the_list(failure):
                    raise
                logger.info("%s: the link led elsewhere, going by the list", self.serial)
        return self._to_end(self._open_by_row(target), target)

    def to_list(self) -> ChatListSeen:
        """Walk to the chat list by named ways only."""
        # What the list says is asked for now, where to go back from is known.
        seen = self._screen.seen_lately(ScreenKind.CHAT)
        for _ in range(_MAX_STEPS):
            if seen.kind is ScreenKind.CHAT_LIST and seen.chat_list is not None:
                return seen.chat_list
            self._take(seen)
            seen = self._screen.arrive(seen.kind, lambda now, before=seen: _differs(now, before))  # type: ignore[misc]
        raise ScreenNotRecognised(seen, "chat list")

    def _take(self, seen: ScreenSeen) -> None:
        """Make one step from a recognised screen.

        Raises:
            ScreenNotRecognised: There is no named way from here.
        """
        step = TO_CHAT_LIST.get(seen.kind)
        if seen.kind is ScreenKind.LOCKED and self._wake():
            return
        if step is Step.BACK:
            self._screen.back()
        elif step is Step.LAUNCH:
            self._launch()
        elif step is Step.WAY_OUT and seen.way_out is not None:
            self._screen.tap(seen.way_out)
        elif step is Step.WAIT:
            self._screen.wait(POLL_S)
        else:
            raise ScreenNotRecognised(seen, "a way to the chat list")

    def _wake(self) -> bool:
        """Light the screen and swipe a keyguard away that has no PIN; tell whether it helped."""
        self._screen.forget()
        self._adb.shell("input", "keyevent", "KEYCODE_WAKEUP", deadline_s=5)
        self._adb.shell("wm", "dismiss-keyguard", deadline_s=5)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            if self._screen.look().kind is not ScreenKind.LOCKED:
                return True
            self._screen.wait(POLL_S * 2)
        return False

    def _launch(self) -> None:
        """Bring the app to the front where it was left."""
        self._screen.forget()
        launcher, user = "android.intent.category.LAUNCHER", as_user(self._screen.sight.user)
        answer = self._adb.shell(
            "am", "start", *user, "-a", "android.intent.action.MAIN", "-c", launcher,
            "-n", f"{self._package}/com.whatsapp.Main", deadline_s=LINK_S,
        )  # fmt: skip
        if ("Error" in answer.out or "Exception" in answer.out) and not user:
            # The entry activity has another name in some builds; the launcher's own way knows it, for the owner.
            self._adb.shell("monkey", "-p", self._package, "-c", launcher, "1", deadline_s=LINK_S)

    def _may_start_here(self, target: ChatTarget) -> bool:
        """Tell whether a link may leave from the last look: its window kept the focus; the phone will ask again."""
        kept = self._screen.undisturbed()
        if kept is None or self._deaf_guards >= _DEAF_GUARDS:
            return False
        seen = kept[0]
        if seen.kind is ScreenKind.CHAT:
            is_here = seen.chat is not None and is_target(seen.chat, target)
            return not (target.has_namesake or is_here)
        return True

    def _open_undisturbed(self, target: ChatTarget, prefill: Prefill | None) -> ChatSeen | None:
        """Open a chat by its link without another look; None where the way with looks is to be tried.

        Raises:
            TakenOver: Another window has the focus.
        """
        kept = self._screen.undisturbed()
        if kept is None:
            return None
        before, window = kept
        text = prefill.text if prefill is not None and self._may_prefill(prefill, target, before) else ""
        self._screen.forget()
        said = self._adb.shell_on_window(window, *self._link(target, text), deadline_s=LINK_S)
        if said is None:
            seen = self._screen.look()
            if seen.kind is not before.kind:
                raise TakenOver(seen, str(before.kind))
            # The phone cannot say what it was asked, or it is there again.
            self._deaf_guards += 1
            return None
        self._deaf_guards = 0
        try:
            return self._arrive_by_link(target, said.out)
        except (SendRefused, ScreenNotRecognised) as failure:
            self._take_text_back(text)
            if target.has_namesake or not _may_try_the_list(failure):
                raise
            logger.info("%s: the link led elsewhere, going by the list", self.serial)
            return None

    def _take_text_back(self, text: str) -> None:
        """A link that led to another chat may have left its text there."""
        front = self._screen.look().chat if text else None
        if front is not None and front.entry is not None and front.entry.text == text:
            self._screen.set_entry("")

    def _may_prefill(self, prefill: Prefill, target: ChatTarget, before: ScreenSeen) -> bool:
        """A link's text replaces what stands in the entry: only where that certainly holds no draft.

        Either nobody else opened a chat since its entry was seen empty, or its one row in view shows no draft.
        """
        text = prefill.text
        if text != text.strip() or len(quote(text, safe="")) > _PREFILL_BYTES:
            return False
        company = self._screen.focus.company
        if company is not None and self._empty.get(target.number or "") == company:
            return True
        if target.has_namesake or target.is_archived or before.chat_list is None:
            return False
        rows = [row for row in before.chat_list.rows if _is_titled(row, target)]
        return len(rows) == 1 and rows[0].whole and prefill.says_last(rows[0])

    def _link(self, target: ChatTarget, text: str = "") -> tuple[str, ...]:
        """Return the command that opens a chat by its number, the app's package named so that no chooser appears."""
        url = f"https://wa.me/{quote(target.number or '')}" + (f"?text={quote(text, safe='')}" if text else "")
        user = as_user(self._screen.sight.user)
        return "am", "start", *user, "-a", "android.intent.action.VIEW", "-d", url, "-p", self._package

    def _open_by_link(self, target: ChatTarget, before: ScreenSeen) -> ChatSeen:
        """Open a chat by its number."""
        self._must_be_leavable(before)
        self._screen.forget()
        return self._arrive_by_link(target, self._adb.shell(*self._link(target), deadline_s=LINK_S).out)

    def _arrive_by_link(self, target: ChatTarget, answer: str) -> ChatSeen:
        if "unable to resolve" in answer or "Permission Denial" in answer:
            raise SendRefused(Reason.CHAT_NOT_FOUND)
        seen = self._screen.arrive(
            "link",
            lambda now: (
                now.kind is ScreenKind.NOT_ON_APP
                or (now.kind is ScreenKind.CHAT and now.chat is not None and is_target(now.chat, target))
            ),
            LINK_S,
        )
        if seen.kind is ScreenKind.NOT_ON_APP:
            self._take(seen)
            raise SendRefused(Reason.NOT_ON_APP)
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def _open_by_row(self, target: ChatTarget) -> ChatSeen:
        """Open a chat by its one row in the list. Two rows of that name are one too many.

        A chat that gets a message jumps to the top while the list is read, so a chat not found is looked for once more.
        """
        row = self._find_row(target) or self._find_row(target)
        if row is None:
            raise SendRefused(Reason.CHAT_NOT_FOUND)
        self._screen.tap(row.bounds)
        return self._arrived(target)

    def _find_row(self, target: ChatTarget) -> ListRowSeen | None:
        if target.is_archived:
            return self._find_archived(target)
        seen = self.to_top_of_list()
        last: tuple[str, ...] = ()
        for _ in range(200):
            rows = [row for row in seen.rows if _is_titled(row, target)]
            if len(rows) > 1:
                raise SendRefused(Reason.CHAT_AMBIGUOUS)
            if rows and _may_be_tapped(rows[0], seen):
                return rows[0]
            titles = tuple(row.title for row in seen.rows)
            if titles == last:
                return None
            last = titles
            seen = self.down_the_list()
        return None

    def _find_archived(self, target: ChatTarget) -> ListRowSeen | None:
        """Stop in the archive where the chat's one row is in view."""
        rows = [row for seen in self.read_archive() for row in seen.rows if _is_titled(row, target)]
        if len({(row.preview, row.when_text) for row in rows}) > 1:
            raise SendRefused(Reason.CHAT_AMBIGUOUS)
        now = self._screen.look()
        for _ in range(_ARCHIVE_WINDOWS):
            if now.kind is not ScreenKind.ARCHIVE or now.chat_list is None:
                return None
            here = [row for row in now.chat_list.rows if _is_titled(row, target)]
            if len(here) > 1:
                raise SendRefused(Reason.CHAT_AMBIGUOUS)
            if here and _may_be_tapped(here[0], now.chat_list):
                return here[0]
            before = now.chat_list.rows
            self._screen.drag(now.chat_list.list_bounds, down=True)
            now = self._screen.look()
            if now.chat_list is None or now.chat_list.rows == before:
                return None
        return None

    def _arrived(self, target: ChatTarget) -> ChatSeen:
        seen = self._screen.wait_for(
            lambda now: now.kind is ScreenKind.CHAT and now.chat is not None and is_target(now.chat, target)
        )
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def _to_end(self, seen: ChatSeen, target: ChatTarget) -> ChatSeen:
        """Go to the newest message; an opened chat may stand at its first unread one."""
        for _ in range(120):
            before = signature(seen)
            if seen.ends_chat and not self._looks_cut_below(seen):
                shown = self._screen.settled_chat(target, seen) if seen.starts_chat or seen.fits else seen
                if not shown.fits or shown.starts_chat:
                    return shown
                seen = self._try_to_scroll(shown, target)
                if seen.starts_chat:
                    return seen
                continue
            self._screen.drag(seen.list_bounds, down=False)
            seen = self._screen.settled_chat(target)
            if signature(seen) == before:
                return seen
        return seen

    def _try_to_scroll(self, seen: ChatSeen, target: ChatTarget) -> ChatSeen:
        """Drag a list that says it does not scroll: where that moves nothing, all of the chat is in view.

        A chat just opened may show its last rows only, in such a list, for longer than two looks take.
        """
        for _ in range(_PROOFS):
            self._screen.drag(seen.list_bounds, down=True)
            again = self._screen.settled_chat(target)
            if not again.fits or again.starts_chat or signature(again) != signature(seen):
                return again
            self._screen.wait(POLL_S)
        return replace(again, starts_chat=True)

    def to_end(self, seen: ChatSeen, target: ChatTarget) -> ChatSeen:
        """Go down the open chat to its newest message."""
        return self._to_end(seen, target)

    def _looks_cut_below(self, seen: ChatSeen) -> bool:
        """The last row is not whole, so something lies below the edge."""
        return bool(seen.rows) and not seen.rows[-1].whole and seen.rows[-1].bounds[3] >= seen.list_bounds[3]

    def _must_be_leavable(self, seen: ScreenSeen) -> None:
        """A link would cover a screen that waits for a person; such a screen stays."""
        if seen.kind is ScreenKind.LOCKED:
            if not self._wake():
                raise SendRefused(Reason.PHONE_LOCKED)
        elif TO_CHAT_LIST.get(seen.kind) is None:
            raise ScreenNotRecognised(seen, "a screen that may be left")


def _is_titled(row: ListRowSeen, target: ChatTarget) -> bool:
    return words.fold(row.title) == words.fold(target.title)


def _may_be_tapped(row: ListRowSeen, seen: ChatListSeen) -> bool:
    """Tell whether enough of a row is in view that its middle is the row's and no edge's."""
    tallest = max(one.bounds[3] - one.bounds[1] for one in seen.rows)
    return (row.bounds[3] - row.bounds[1]) * 3 >= tallest * 2


def _may_try_the_list(failure: SendRefused | ScreenNotRecognised) -> bool:
    """A link that led to another chat or app proves nothing of the target; a dialog that names it does."""
    if isinstance(failure, ScreenNotRecognised):
        return failure.seen.kind not in BLOCKING
    return failure.reason in (Reason.WRONG_CHAT, Reason.CHAT_NOT_FOUND)


def _differs(now: ScreenSeen, before: ScreenSeen) -> bool:
    """Tell whether a step did something; lowering the keyboard is something too."""
    return _frame(now) != _frame(before)


def _frame(seen: ScreenSeen) -> tuple[object, ...]:
    chat = seen.chat
    return seen.kind, seen.keyboard_shown, chat.title if chat else "", chat.list_bounds if chat else ()
