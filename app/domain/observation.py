"""What a screen, a notification or the phone itself showed. Facts only: nothing here says what to do about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.message import Content, Direction, Quote, Shown

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class RowSeen:
    """One row of a conversation. A row that the edge of the list cuts is not `whole` and never becomes a message."""

    direction: Direction
    shown: Shown
    content: Content
    whole: bool
    bounds: Bounds
    after_unread_divider: bool = False
    starts_day: bool = False
    """A day divider stands right above, readable or not."""
    tick_word: str = ""
    """What the status icon of an own message says, as words are compared."""
    has_icon: bool = False
    """An icon stands beside the text: so looks a message that was deleted."""
    by_side: bool = False
    """Only its side tells whose message it is: it has a time and no status icon, where ours have one."""
    more_at: tuple[Bounds, ...] = ()
    """Where a text that the app cut may be tapped to be shown further, the likeliest place first."""


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """The input field of a chat. `text` is empty when the field shows its hint; `send` is where the send button is."""

    text: str
    bounds: Bounds
    send: Bounds | None
    focused: bool = False
    """What is typed goes here."""
    quote: Quote | None = None
    """The message that the next text will quote, as the bar over the field names it."""
    close_quote: Bounds | None = None
    """Where that bar is closed."""


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """One window on a conversation, rows oldest first."""

    title: str
    subtitle: str
    rows: tuple[RowSeen, ...]
    entry: EntrySeen | None
    list_bounds: Bounds
    read_only_notice: str = ""
    starts_chat: bool = False
    """The first message of the chat is in this window (the encryption notice stands above it)."""
    ends_chat: bool = True
    """Nothing newer lies below this window."""
    days: tuple[date, ...] = ()
    """Days that dividers of this window named."""
    lacks: tuple[str, ...] = ()
    """Parts that sending needs and that this look did not find: half drawn, or the app looks otherwise than known."""
    fits: bool = False
    """The list does not scroll: all of the chat is in view, or a chat just opened shows its last rows only, so far."""


@dataclass(frozen=True, slots=True)
class ListRowSeen:
    """One row of the chat list. `when` is the day or minute beside it as far as it could be read."""

    title: str
    preview: str
    sender: str
    when_text: str
    when: Shown
    unread: int
    bounds: Bounds
    own_last: bool = False
    is_self: bool = False
    muted: bool = False
    pinned: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class ChatListSeen:
    """One window on the chat list, top row first."""

    rows: tuple[ListRowSeen, ...]
    list_bounds: Bounds
    ends_list: bool = False
    cut_above: bool = False
    """The topmost row touches the upper edge, also one that lost its name there: more may lie above."""
    archive_at: Bounds | None = None
    """Where the row is that leads to the archived chats, None where it is out of view or there is none."""
    archive_count: str = ""
    """What that row counts: archived chats with something unread."""


@dataclass(frozen=True, slots=True)
class ComposerSeen:
    """The screen between choosing files and sending them. `send` is where its button is, None where there is none."""

    recipients: tuple[str, ...]
    caption: str
    files: int
    send: Bounds | None


class ScreenKind(StrEnum):
    """What is in front on the phone."""

    CHAT_LIST = "chat_list"
    ARCHIVE = "archive"
    CHAT = "chat"
    NOT_ON_APP = "not_on_app"
    CONTACT_PICKER = "contact_picker"
    CONTACT_FORM = "contact_form"
    DOCUMENT_PICKER = "document_picker"
    ATTACH_SHEET = "attach_sheet"
    MEDIA_COMPOSER = "media_composer"
    SEARCH = "search"
    LOADING = "loading"
    UPDATE_REQUIRED = "update_required"
    REGISTRATION = "registration"
    BANNED = "banned"
    LOGGED_OUT = "logged_out"
    PRIVACY_NOTICE = "privacy_notice"
    NOTICE = "notice"
    BACKUP_SETUP = "backup_setup"
    CALL = "call"
    LOCKED = "locked"
    NO_APP = "no_app"
    OTHER_APP = "other_app"
    DIALOG = "dialog"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DialogSeen:
    """A dialog's words and its buttons by local id."""

    title: str
    message: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """A recognised screen. `package` is the app in front; `way_out` the bounds of the one button known to be safe."""

    kind: ScreenKind
    package: str
    chat: ChatSeen | None = None
    chat_list: ChatListSeen | None = None
    dialog: DialogSeen | None = None
    composer: ComposerSeen | None = None
    way_out: Bounds | None = None
    keyboard_shown: bool = False
    lacks: tuple[str, ...] = ()
    """What was looked for in vain; of a chat the same as its own."""
    read_only: tuple[str, ...] = ()
    """What the app's layout lacks for certain, whatever is in front now: nothing may be typed."""


@dataclass(frozen=True, slots=True)
class NotifiedMessage:
    """One line of a notification, with the app's own time in Unix milliseconds."""

    sender: str
    content: Content
    time_ms: int


@dataclass(frozen=True, slots=True)
class NotificationSeen:
    """What one chat's notification says. `messages` is empty when the phone keeps the texts to itself."""

    package: str
    key: str
    jid: str
    title: str
    is_group: bool
    messages: tuple[NotifiedMessage, ...]
    count: int
    is_redacted: bool = False
    user: int = 0


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """What a phone says of itself once connected."""

    model: str
    android: str
    sdk: int
    locale: str
    zone: str
    app_version: str


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The vital signs of a phone; None where it did not say. Temperature in degrees Celsius, sizes in bytes."""

    battery_percent: int | None = None
    charging: bool | None = None
    temperature_c: float | None = None
    thermal_status: int | None = None
    storage_free: int | None = None
    storage_total: int | None = None
    awake: bool | None = None
    locked: bool | None = None
    online: bool | None = None
    wifi: str = ""
    signal_level: int | None = None
    app_version: str = ""
    focus: str = ""
    warnings: tuple[str, ...] = field(default=())
