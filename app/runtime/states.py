"""What a screen, adb or a failure says of a phone, in the words that people are shown."""

from __future__ import annotations

from app.domain.errors import AppiumMissing, FilesMissing, PhoneRefused
from app.domain.observation import ScreenKind, ScreenSeen
from app.domain.phone import PhoneState


def state_of_screen(seen: ScreenSeen) -> tuple[PhoneState, str]:
    """Return what a screen in front means for the work."""
    if seen.kind is ScreenKind.LOCKED:
        return PhoneState.LOCKED, ""
    if seen.kind is ScreenKind.CHAT and seen.chat is not None and seen.chat.read_only_notice:
        return PhoneState.READY, "read_only"
    needs_person = {
        ScreenKind.UPDATE_REQUIRED, ScreenKind.REGISTRATION, ScreenKind.BANNED, ScreenKind.LOGGED_OUT,
        ScreenKind.CALL, ScreenKind.DIALOG, ScreenKind.UNKNOWN,
    }  # fmt: skip
    return (PhoneState.BLOCKED, str(seen.kind)) if seen.kind in needs_person else (PhoneState.READY, "")


def state_of_adb(adb_state: str, error: Exception) -> tuple[PhoneState, str]:
    """Return the state of a phone that adb reports so, or that failed so."""
    if adb_state in ("unauthorized", "authorizing") or str(error) == "unauthorized":
        return PhoneState.UNAUTHORISED, ""
    if adb_state in ("absent", "offline"):
        return PhoneState.UNPLUGGED, adb_state
    return _state_of_error(error)


def _state_of_error(error: Exception) -> tuple[PhoneState, str]:
    if isinstance(error, FilesMissing):
        return PhoneState.UNPREPARED, ""
    if isinstance(error, AppiumMissing):
        return PhoneState.NO_APPIUM, str(error)
    if str(error) == "app missing":
        return PhoneState.APP_MISSING, ""
    if isinstance(error, PhoneRefused):
        return PhoneState.BLOCKED, str(error)
    return PhoneState.NOT_ANSWERING, str(error)
