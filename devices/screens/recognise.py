"""Says which screen is in front, by what must be there and what must not. What fits nothing is UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.domain.observation import Bounds, DialogSeen, ScreenKind, ScreenSeen
from devices.screens import words
from devices.screens.chat_list import parse_chat_list
from devices.screens.composer import parse_composer
from devices.screens.conversation import parse_conversation, parse_whole_conversation
from devices.screens.profile import BASE, Profile
from devices.screens.tree import APPS, Element, is_empty, parse_source

_SYSTEM = frozenset({"com.android.systemui", "android", "", "com.samsung.android.honeyboard"})
_INPUT_METHODS = ("honeyboard", "inputmethod", "latin", "swiftkey", "keyboard")


def parse_screen(source: str, today: date, profile: Profile = BASE) -> ScreenSeen:
    """Return what a page source shows.

    Args:
        source: Any of the three tree forms (phone-screens.md 10.1).
        today: The phone's own day.
        profile: What the parts of a screen are called in this phone's app.

    Raises:
        SourceUnreadable: The text is no page source.
    """
    windows = parse_source(source, profile.aliases)
    app = [w for w in windows if w.package in APPS and not is_blank(w)]
    keyboard = any(_is_keyboard(w) for w in windows)
    if not app:
        return _without_app(windows)
    if any(_has(w.by_id(), profile.keyguard) for w in windows if w not in app):
        return ScreenSeen(ScreenKind.LOCKED, app[0].package)
    return _app_screen(app, today, keyboard, profile)


def is_blank(window: Element) -> bool:
    """Tell whether a window shows nothing at all (captures hold some of zero size; made-up ones have no bounds)."""
    return is_empty(window.bounds) and not window.children


def _is_keyboard(window: Element) -> bool:
    return any(part in window.package for part in _INPUT_METHODS) and not is_empty(window.bounds)


def _without_app(windows: list[Element]) -> ScreenSeen:
    """Locked, dark, or another app in front."""
    keyguard = any(e.id.startswith("keyguard_") for w in windows for e in w.walk())
    if keyguard:
        return ScreenSeen(ScreenKind.LOCKED, "com.android.systemui")
    other = next(
        (w.package for w in windows if w.package not in _SYSTEM and not _is_keyboard(w) and _fills(w, windows)),
        None,
    )
    if other is not None:
        return ScreenSeen(ScreenKind.OTHER_APP, other, dialog=_dialog([w for w in windows if w.package == other]))
    return ScreenSeen(ScreenKind.NO_APP, windows[0].package if windows else "")


def _fills(window: Element, windows: list[Element]) -> bool:
    """Edge handles of the maker's own panels are windows too; an app in front is not a sliver."""
    width = max((w.bounds[2] for w in windows), default=0)
    return is_empty(window.bounds) or (window.bounds[2] - window.bounds[0]) * 2 > width


def _app_screen(app: list[Element], today: date, keyboard: bool, profile: Profile) -> ScreenSeen:
    # The window drawn over the others decides; a dialog has one of its own (phone-screens.md 1).
    for window in sorted(app, key=_covers):
        ids = window.by_id()
        seen = _special(window, ids, today, profile) or _ordinary(window, ids, today, profile)
        if seen is not None:
            return replace(seen, keyboard_shown=keyboard)
    return ScreenSeen(ScreenKind.UNKNOWN, app[0].package, dialog=_dialog(app), keyboard_shown=keyboard)


def _special(window: Element, ids: dict[str, Element], today: date, profile: Profile) -> ScreenSeen | None:
    """A screen with marks of its own, or a dialog; a sheet lies over a chat that is still there."""
    kind = _named(ids, profile)
    if kind is not None:
        chat = parse_conversation(window, ids, today, profile) if "conversation_root_layout" in ids else None
        composer = parse_composer(window, ids) if kind is ScreenKind.MEDIA_COMPOSER else None
        way_out = _way_out(kind, ids, profile)
        return ScreenSeen(kind, window.package, chat, dialog=_dialog([window]), composer=composer, way_out=way_out)
    if _has(ids, profile.dialog):
        return _dialog_screen(window, ids, profile)
    return None


def _ordinary(window: Element, ids: dict[str, Element], today: date, profile: Profile) -> ScreenSeen | None:
    """A chat, the chat list, or something that still loads."""
    if "conversation_root_layout" in ids:
        chat = parse_whole_conversation(window, ids, today, profile)
        return ScreenSeen(ScreenKind.CHAT, window.package, chat=chat, lacks=chat.lacks)
    if _has(ids, profile.home):
        # A screen without rows may still be loading: only rows without what stands around them are the archive's.
        is_archive = "contact_row_container" in ids and not _has(ids, profile.home_only)
        kind = ScreenKind.ARCHIVE if is_archive else ScreenKind.CHAT_LIST
        return ScreenSeen(kind, window.package, chat_list=parse_chat_list(window, ids, today, profile))
    if not profile.loading.isdisjoint(ids):
        return ScreenSeen(ScreenKind.LOADING, window.package)
    return None


def _covers(window: Element) -> int:
    """Smaller windows lie over larger ones."""
    left, top, right, bottom = window.bounds
    return (right - left) * (bottom - top)


def _named(ids: dict[str, Element], profile: Profile) -> ScreenKind | None:
    for rule in profile.screens:
        if not rule.ids.isdisjoint(ids):
            if (
                rule.kind is ScreenKind.SEARCH
                and "conversations_row_contact_name" not in ids
                and "search_input" not in ids
            ):
                continue
            return rule.kind
    return None


def _has(ids: dict[str, Element], names: Iterable[str]) -> bool:
    return any(name in ids for name in names)


def _dialog_screen(window: Element, ids: dict[str, Element], profile: Profile) -> ScreenSeen:
    """A stock dialog. Two buttons under a message with a phone number is the "not on WhatsApp" one (2.4)."""
    dialog = _dialog([window])
    message = ids.get("message")
    text = message.text if message else ""
    has_number = sum(c.isdigit() for c in text) >= 4 and "+" in text
    asks_invite = has_number and "button1" in ids and "button2" in ids
    kind = ScreenKind.NOT_ON_APP if asks_invite else ScreenKind.DIALOG
    if kind is ScreenKind.DIALOG and "button1" not in ids and not profile.loading.isdisjoint(ids):
        kind = ScreenKind.LOADING
    return ScreenSeen(kind, window.package, dialog=dialog, way_out=_way_out(kind, ids, profile))


def _way_out(kind: ScreenKind, ids: dict[str, Element], profile: Profile) -> Bounds | None:
    names = profile.exits(kind)
    return next((ids[n].bounds for n in names if n in ids and not is_empty(ids[n].bounds)), None)


def _dialog(windows: list[Element]) -> DialogSeen:
    """Return the words of a screen: title, longest text, buttons by local id."""
    said = [(e, e.id, e.text, e.desc if e.id else "") for w in windows for e in w.walk()]
    said = [each for each in said if each[2] or each[3]]
    titles = [text for _, name, text, _ in said if text and "title" in name.casefold()]
    texts = [text for e, name, text, _ in said if text and text not in titles[:1] and not e.clickable]
    buttons = tuple((name, words.bare(text or desc)) for e, name, text, desc in said if name and (
        name.startswith("button") or name.endswith(("_button", "_btn")) or e.clickable))  # fmt: skip
    return DialogSeen(words.bare(titles[0]) if titles else "", words.bare(max(texts, key=len, default="")), buttons)
