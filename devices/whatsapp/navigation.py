"""Ways between screens, as a checked graph. From a screen that has no way here nothing is tapped."""

from __future__ import annotations

from enum import StrEnum

from app.domain.observation import ScreenKind


class Step(StrEnum):
    """One move towards the chat list."""

    NONE = "none"
    BACK = "back"
    WAY_OUT = "way_out"
    LAUNCH = "launch"
    WAIT = "wait"
    WAKE = "wake"


TO_CHAT_LIST: dict[ScreenKind, Step] = {
    ScreenKind.CHAT_LIST: Step.NONE,
    ScreenKind.CHAT: Step.BACK,
    ScreenKind.ARCHIVE: Step.BACK,
    ScreenKind.SEARCH: Step.BACK,
    ScreenKind.CONTACT_PICKER: Step.BACK,
    ScreenKind.CONTACT_FORM: Step.BACK,
    ScreenKind.DOCUMENT_PICKER: Step.BACK,
    ScreenKind.ATTACH_SHEET: Step.BACK,
    ScreenKind.MEDIA_COMPOSER: Step.BACK,
    ScreenKind.NOT_ON_APP: Step.WAY_OUT,
    ScreenKind.PRIVACY_NOTICE: Step.WAY_OUT,
    ScreenKind.BACKUP_SETUP: Step.WAY_OUT,
    ScreenKind.NOTICE: Step.WAY_OUT,
    ScreenKind.LOADING: Step.WAIT,
    ScreenKind.NO_APP: Step.LAUNCH,
    ScreenKind.OTHER_APP: Step.LAUNCH,
}
"""Screens that are not here (update, registration, ban, call, lock, unknown dialogs) need a person."""

BLOCKING = frozenset(set(ScreenKind) - set(TO_CHAT_LIST))
