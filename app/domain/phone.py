"""A phone's state as people see it: one word and one next step for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.ids import AccountId, Serial
from app.domain.observation import HealthReport


class PhoneState(StrEnum):
    """What can be done with a phone now. Only `READY` sends and receives; `READ_ONLY` still receives."""

    STARTING = "starting"
    READY = "ready"
    UNPLUGGED = "unplugged"
    UNAUTHORISED = "unauthorised"
    NOT_ANSWERING = "not_answering"
    LOCKED = "locked"
    APP_MISSING = "app_missing"
    BLOCKED = "blocked"
    """A screen that needs a person is in front: update, registration, unknown dialog."""
    READ_ONLY = "read_only"
    """The app looks otherwise than is known: what can be read is read, nothing is typed."""
    IN_USE = "in_use"
    """Somebody has it in hand: nothing is sent or opened until a minute after the last thing they did."""
    UNPREPARED = "unprepared"
    """This PC lacks what has to be put on the phone."""
    NO_APPIUM = "no_appium"
    """The Appium server that the settings name does not answer or lacks something."""
    RESTRICTED = "restricted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Badge:
    """How a number is told from others at a glance: a short name, and a colour as `#rrggbb`. Both may be empty."""

    short: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """One phone with its account, as shown in lists and lights. `detail` is a screen kind or a step, never a text."""

    account: AccountId
    serial: Serial
    name: str
    app: str
    state: PhoneState
    detail: str = ""
    since: datetime | None = None
    verified_until: datetime | None = None
    queue: int = 0
    health: HealthReport | None = None
    badge: Badge = Badge()
    user: int = 0
    """The Android user whose app it is; 0 is the phone's owner."""


NEXT_STEP: dict[PhoneState, str] = {
    PhoneState.STARTING: "Wait a moment: the phone is being made ready.",
    PhoneState.READY: "",
    PhoneState.UNPLUGGED: "Check the cable or the network of the phone; work goes on by itself when it is back.",
    PhoneState.UNAUTHORISED: "Look at the phone and accept \u201cAllow USB debugging\u201d.",
    PhoneState.NOT_ANSWERING: "The phone is being restarted by the program; if this stays, restart the phone.",
    PhoneState.LOCKED: "Unlock the phone and set its screen lock to none or swipe.",
    PhoneState.APP_MISSING: "Install and set up WhatsApp Business on the phone.",
    PhoneState.BLOCKED: "Look at the phone: a screen waits there that a person must answer.",
    PhoneState.READ_ONLY: (
        "The app on this phone looks otherwise than this program knows, so nothing is typed and replies wait. Look "
        "whether something lies over the app; if not, send on the file that `phoneshelf phone report` names."
    ),
    PhoneState.IN_USE: "Somebody uses the phone by hand; work goes on a minute after they are done.",
    PhoneState.UNPREPARED: (
        "Files for the phone are missing on this PC: start Phoneshelf once by run.py while online, or install it anew."
    ),
    PhoneState.NO_APPIUM: (
        "Start the Appium server that the settings name (`automation`), and see that it has the UiAutomator2 driver, "
        "an adb (ANDROID_HOME) and this phone."
    ),
    PhoneState.RESTRICTED: "WhatsApp restricts this account: read the notice on the phone. Nothing is sent.",
    PhoneState.STOPPED: "Start the bridge to drive this phone.",
}
