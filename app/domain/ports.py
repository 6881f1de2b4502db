"""What the program needs of a phone and of time. Devices implement `Phone`; a fake in tests implements it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from app.domain.attached import Parcel, Push
from app.domain.ids import Serial
from app.domain.media import MediaFile, Pull
from app.domain.message import Quote
from app.domain.observation import (
    ChatListSeen,
    ChatSeen,
    ComposerSeen,
    HealthReport,
    ListRowSeen,
    NotificationSeen,
    PhoneFacts,
    RowSeen,
    ScreenSeen,
)
from app.domain.words import LearnedWords

T = TypeVar("T")


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """Return the time now, aware, UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass(frozen=True, slots=True)
class ChatTarget:
    """Which chat to open. With a number it is opened by link; without, by its one row in the list."""

    title: str
    number: str | None = None
    """Digits only, with country code."""
    is_group: bool = False
    has_namesake: bool = False
    """Another chat has the same title, so a header with it proves nothing."""
    is_archived: bool = False
    """Its row stands among the archived chats."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """A text that the link to a chat may bring along, so that it stands in the entry when the chat opens."""

    text: str
    says_last: Callable[[ListRowSeen], bool]
    """Whether a row of the chat list shows the chat's last message, and so no draft that the text would replace."""


class PhoneAside(Protocol):
    """What a phone tells beside its screen. Touches nothing; every method may raise `PhoneLost`."""

    serial: Serial

    @property
    def answered_at(self) -> float:
        """When the phone last answered anything, in monotonic seconds; read from other threads."""

    @property
    def is_undisturbed(self) -> bool:
        """Whether the chat list kept the focus since it was last looked at, as the phone pushed it.

        False where the phone does not push that, or nothing was heard yet. Read from other threads.
        """

    def read_notifications(self) -> list[NotificationSeen]:
        """Return the app's notifications."""

    def read_health(self) -> HealthReport:
        """Ask the phone for its vital signs."""

    def list_media(self, days: int) -> list[MediaFile]:
        """Return the app's media files of the last so many days, oldest first. Needs no screen and no session."""

    def pull_media(self, file: MediaFile, pull: Pull) -> None:
        """Copy a listed file as a whole. Needs no screen and no session.

        Raises:
            MediaFailed: Gone, changed since it was listed or meanwhile, too big, no room here, or told to stop; what
                was written is removed.
        """


class PhoneFiles(Protocol):
    """How a file gets into a chat. Every method may raise `PhoneLost`, those that look `ScreenNotRecognised`."""

    def push_file(self, push: Push) -> str:
        """Copy a file to a folder of our own on the phone and return its path there. Needs no screen.

        Raises:
            SendRefused: The phone has no room or does not take it; what was written may be there.
        """

    def drop_files(self, token: str = "") -> None:
        """Remove the file of a token, or all that was ever pushed, also by an earlier run. Needs no screen."""

    def offer_file(self, target: ChatTarget, parcel: Parcel) -> ComposerSeen:
        """Have the app's composer hold one file for one chat with its caption, and return it as read back.

        Raises:
            SendRefused: Another recipient, another number of files, a caption that was not taken, no composer at all.
                The composer was left; nothing was sent.
        """

    def tap_send_file(self, target: ChatTarget, ready: ComposerSeen) -> None:
        """Tap the composer's send button, exactly once, if the composer still is as `ready` showed it.

        Raises:
            SendRefused: It is not; nothing was tapped.
            PhoneLost: The tap may have happened.
        """

    def see_after_file(self, target: ChatTarget) -> ChatSeen | None:
        """Return the chat at its newest message, or None while the composer with its send button is still there."""

    def leave_composer(self) -> ComposerSeen | None:
        """Leave the composer if it is in front and return what it held, which is not sent; None where it was not."""


class PhoneQuotes(Protocol):
    """How the app is made to quote a message. Like all that looks, every method may raise `ScreenNotRecognised`."""

    def quote_row(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        """Have the app quote the message of one row of the window in view; return the chat with the bar as it is then.

        What the bar names is for the caller to judge; one that is slow to come is waited for. Where the row stands
        there no more nothing is touched, and the chat is returned without a bar.

        Raises:
            SendRefused: Somebody's draft is in the entry, or no bar came.
        """

    def end_of_chat(self, target: ChatTarget) -> ChatSeen:
        """Go down the open chat to its newest message without leaving it."""

    def drop_quote(self, target: ChatTarget, bar: Quote) -> None:
        """Close the bar over the entry if it is this one; what is typed stays."""


class Phone(PhoneAside, PhoneFiles, PhoneQuotes, Protocol):
    """One app on one phone. Blocking: all calls come from the phone's own thread, each with its own deadline inside.

    Every method may raise `PhoneLost` or `ScreenNotRecognised`; none taps anything on a screen it does not recognise.
    """

    def start(self) -> PhoneFacts:
        """Make the phone ready: connect, install what is missing, begin the automation session."""

    def stop(self) -> None:
        """End the session. Never raises."""

    def is_alive(self) -> bool:
        """Tell whether the automation answers, by a cheap command that needs the screen."""

    def use_words(self, learned: LearnedWords) -> None:
        """Read screens with what this phone taught of its language from now on. Touches nothing."""

    def look(self) -> ScreenSeen:
        """Return what is in front now. Touches nothing."""

    def read_chat_list(self) -> ChatListSeen:
        """Bring the chat list to the front at its top, and read it."""

    def scroll_chat_list(self) -> ChatListSeen:
        """Go one window down the chat list."""

    def read_archive(self) -> tuple[ChatListSeen, ...]:
        """Read the archived chats, window by window; none where the chat list shows no way to them."""

    def open_chat(self, target: ChatTarget, prefill: Prefill | None = None) -> ChatSeen:
        """Bring one chat to the front at its newest message.

        Args:
            target: The chat.
            prefill: A text that may come along; whether it did, the entry tells.

        Raises:
            SendRefused: The chat cannot be opened for certain (not found, ambiguous, not on the app).
            TakenOver: The phone was left at its chat list and is elsewhere; nothing was done.
        """

    def read_chat(self, target: ChatTarget) -> ChatSeen:
        """Read the window of the open chat again; its header must be the target's."""

    def scroll_chat_up(self, target: ChatTarget, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Go up less than one window; return it and by how many pixels the content was dragged.

        Args:
            target: The open chat.
            careful: Only a little, so that most rows are seen twice.
        """

    def need_whole_chat(self, target: ChatTarget) -> ChatSeen:
        """Return the open chat once it shows all that typing needs; one may see it half drawn.

        Raises:
            ScreenNotRecognised: It goes on lacking something: the app's layout is not known.
        """

    def read_more(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        """Have the open chat show more of a text that the app cut, and return the window as it then is."""

    def skip_chat_up(self, target: ChatTarget) -> ChatSeen:
        """Fling several windows up the open chat and return where it came to rest."""

    def type_reply(
        self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset(), bar: Quote | None = None
    ) -> ChatSeen:
        """Put a text into the entry as a whole and return the chat as read back afterwards.

        Args:
            target: The open chat.
            body: The text.
            ours: Texts that this program may have left in the entry; any other is somebody's draft.
            bar: What must stand over the entry; None for no quote. Any other is somebody's draft too.

        Raises:
            SendRefused: Header, entry or send button are not as they must be; the entry is as it was.
        """

    def tap_send(self, target: ChatTarget, typed: ChatSeen) -> None:
        """Tap the send button, exactly once, if the chat still is as `typed` showed it.

        Raises:
            SendRefused: It is not; nothing was tapped.
            PhoneLost: The tap may have happened.
        """

    def clear_entry(self, target: ChatTarget, text: str) -> None:
        """Take a text out of the entry of the open chat, and close the quote bar over it; any other text stays."""

    def leave_chat(self) -> ChatListSeen:
        """Go back to the chat list, so that new messages notify again, and return what it shows."""


class PhoneThread(Protocol):
    """Runs calls on a phone's own thread, one at a time, from asyncio."""

    async def call(self, step: Callable[[Phone], T], deadline_s: float) -> T:
        """Run `step` in the phone's thread.

        Raises:
            PhoneLost: No answer within `deadline_s`; the thread is given up and replaced.
        """

    def silence_s(self) -> float:
        """Return for how many seconds a call has waited for the phone's next answer, 0 while nothing is asked."""

    def is_undisturbed(self) -> bool:
        """Tell whether the chat list kept the focus since it was last looked at, as far as the phone pushed it."""
