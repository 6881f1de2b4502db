"""What the running app holds: account, settings, the stack of screens, the dialog in front.

One place, no behaviour but lookup.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Protocol

from devices.simulated.contract import Host, View
from devices.simulated.whatsapp.chat_list import Home
from devices.simulated.whatsapp.conversation import Conversation
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.metrics import Scale
from devices.simulated.whatsapp.model import Book, Chat, Message
from devices.simulated.whatsapp.skins import Skin, skin_named
from devices.simulated.whatsapp.words import Words


class Screen(Protocol):
    """One full screen of the app."""

    def draw(self, look: Look) -> View:
        """Return the window's root."""

    def scroll(self, pixels: int, look: Look) -> int:
        """Move the content down by some pixels (negative: up); return how far it went."""


class Dialog(Protocol):
    """A window over the screen."""

    name: str

    def draw(self, look: Look) -> View:
        """Return the window's root."""


@dataclass(slots=True)
class Settings:
    """What a person or a fault has changed about the app."""

    is_restricted: bool = False
    is_offline: bool = False
    read_after_s: float = 0.0
    """Seconds after which customers read what they are sent; 0 never."""
    ignored_links: int = 0
    """How many of the next links only bring the app to the front."""
    dialog_form: str = "2026"
    """Which of the two captured "not on WhatsApp" dialogs is shown: `plain` or `2026`."""
    locale: str = ""
    is_24h: bool | None = None
    has_previews: bool = True
    has_old_folders: bool = False
    """Media lie where phones before Android 11 have them."""
    is_auto_download: bool = True
    is_jid_ignored: bool = False
    """A share asks for the chat whatever it names. invented: that a build does so."""
    dead_swipes: int = 0
    """How many of the next swipes over a message do nothing."""
    slipped_swipes: int = 0
    """How many of the next swipes meet the message above: the list moved under the finger."""
    dead_sends: int = 0
    """How many of the composer's next sends do nothing."""
    extra_recipients: tuple[str, ...] = ()
    """Who stands in the composer beside the one that a share names."""
    shared_files: int = 1
    is_draft_caption: bool = False
    """A draft of the chat becomes the caption and leaves the entry. invented: whether the app does so for a share."""
    keeps_archived: bool = True
    """Archived chats stay so when something comes, and nobody is told. *Invented*: the app's default, not captured."""


@dataclass(slots=True)
class AppState:
    """Everything that is true of the app now."""

    host: Host
    package: str
    skin: Skin
    book: Book
    random: random.Random
    settings: Settings = field(default_factory=Settings)
    stack: list[Screen] = field(default_factory=list)
    dialog: Dialog | None = None
    is_running: bool = False
    media_counts: dict[str, int] = field(default_factory=dict)
    """The last number of each day's file names."""
    moving: int = 0
    """Movements under way: a transition, a fling, a spinner."""

    @property
    def top(self) -> Screen:
        """The screen in front."""
        return self.stack[-1]

    @property
    def home(self) -> Home:
        """The chat list at the bottom of the stack."""
        home = self.stack[0]
        if not isinstance(home, Home):
            raise TypeError("the first screen is the chat list")
        return home

    @property
    def conversation(self) -> Conversation | None:
        """The conversation in front, if it is one."""
        return self.top if isinstance(self.top, Conversation) else None

    def look(self) -> Look:
        """Return how the phone draws now."""
        host, settings = self.host, self.settings
        is_24h = host.is_24h if settings.is_24h is None else settings.is_24h
        bottom = min(host.display[1] - host.navigation_bar, host.keyboard_top())
        return Look(
            words=Words(settings.locale or host.locale, is_24h),
            skin=self.skin,
            display=host.display,
            px=Scale(host.density / 160),
            status_bar=host.status_bar,
            bottom=bottom,
            now=host.now(),
            package=self.package,
        )

    def new_message(self, chat: Chat, kind: str, sender: str = "", text: str = "") -> Message:
        """Return a message of this moment that is not in its chat yet."""
        status = "" if sender else "pending"
        at = self.host.now()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        return Message(self.book.new_id(), kind, at, sender, text, status)

    def is_watched(self, chat: Chat) -> bool:
        """Tell whether a person sees this chat now: open, in front, nothing over it."""
        screen = self.conversation
        is_open = screen is not None and screen.chat is chat and self.dialog is None
        return is_open and self.host.is_front(self.package)


def new_state(host: Host, package: str, layout: str, seed: int) -> AppState:
    """Return the state of a freshly installed, registered app."""
    book = Book(own_jid="31600000001@s.whatsapp.net")
    state = AppState(host, package, skin_named(layout), book, random.Random(seed))
    state.stack.append(Home(book))
    return state
