"""What adb, `am start`, `uiautomator dump` and `cmd package` print becomes an outcome. Pure: exit codes prove nothing.

`am start` and `uiautomator dump` end with 0 for failures too (phone-screens.md 0.6, 0.8): only their words tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

_STARTING = re.compile(r"^Starting: Intent \{.*?\}\s*$", re.MULTILINE)
_FIELD = re.compile(r"^(Status|LaunchState|Activity|TotalTime|WaitTime): (.+?)\s*$", re.MULTILINE)
_COMPLAINS = re.compile(r"^(?:Warning|Error|java\.|Exception|Security exception).*", re.MULTILINE)
_DUMPED = re.compile(r"^UI hier\w+ dumped to: (\S+)", re.MULTILINE)
_COMPONENT = re.compile(r"^[ \t]*([A-Za-z][\w.]*/[\w.$]+)\s*$", re.MULTILINE)
_STATE = re.compile(
    r"^(\S+)(?:\t| {2,})(device|offline|unauthorized|authorizing|connecting|recovery|sideload|bootloader|"
    r"no permissions.*?|host)(?:\s+\S+:.*)?$"
)
_COMPLAINT = re.compile(
    r"(?:^|: )(?:error: )?(device unauthorized|device offline|no devices/emulators found|"
    r"device '[^']*' not found|device still authorizing)"
)
_STATE_OF = {
    "device unauthorized": "unauthorized",
    "device offline": "offline",
    "no devices/emulators found": "absent",
    "device still authorizing": "authorizing",
}


class StartOutcome(StrEnum):
    """What became of an `am start`."""

    STARTED = "started"
    BROUGHT_TO_FRONT = "brought_to_front"
    """The app came to the front where it was left: the intent's own screen may not be there."""
    DELIVERED = "delivered"
    """The screen in front got the intent; it may not have moved."""
    NO_SUCH_ACTIVITY = "no_such_activity"
    NOTHING_RESOLVES = "nothing_resolves"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"


_START_WORDS: tuple[tuple[str, StartOutcome], ...] = (
    ("Permission Denial", StartOutcome.NOT_ALLOWED),
    ("java.lang.SecurityException", StartOutcome.NOT_ALLOWED),
    ("does not exist", StartOutcome.NO_SUCH_ACTIVITY),
    ("unable to resolve Intent", StartOutcome.NOTHING_RESOLVES),
    ("its current task has been brought to the front", StartOutcome.BROUGHT_TO_FRONT),
    ("intent has been delivered to currently running top-most", StartOutcome.DELIVERED),
)


@dataclass(frozen=True, slots=True)
class StartSaid:
    """One answer of `am start`; activity and milliseconds only with `-W`."""

    outcome: StartOutcome
    activity: str = ""
    total_ms: int | None = None


def parse_starts(text: str) -> list[StartSaid]:
    """Return the answer to each `am start` in a text, in order."""
    begins = [match.start() for match in _STARTING.finditer(text)]
    return [_start(text[a:b]) for a, b in pairwise([*begins, len(text)])]


def _start(answer: str) -> StartSaid:
    # What follows the first line decides: a name or a link inside the intent may say anything.
    rest = answer.partition("\n")[2]
    fields = {match[1]: match[2] for match in _FIELD.finditer(rest)}
    complaints = "\n".join(_COMPLAINS.findall(rest))
    outcome = next((outcome for words, outcome in _START_WORDS if words in complaints), None)
    if outcome is None:
        is_bad = bool(complaints) or fields.get("Status", "ok") != "ok"
        outcome = StartOutcome.UNKNOWN if is_bad else StartOutcome.STARTED
    total = fields.get("TotalTime", "")
    return StartSaid(outcome, fields.get("Activity", ""), int(total) if total.isdecimal() and len(total) < 10 else None)


class DumpOutcome(StrEnum):
    """What became of a `uiautomator dump`. Only `WRITTEN` means that the file is new."""

    WRITTEN = "written"
    NOT_IDLE = "not_idle"
    NO_ROOT = "no_root"
    KILLED = "killed"
    """Another automation session is connected."""


@dataclass(frozen=True, slots=True)
class DumpSaid:
    """One answer of `uiautomator dump`."""

    outcome: DumpOutcome
    path: str = ""


def parse_dumps(text: str) -> list[DumpSaid]:
    """Return the answer to each `uiautomator dump` in a text; lines that are none are passed over."""
    found: list[DumpSaid] = []
    for line in text.splitlines():
        dumped = _DUMPED.match(line)
        if dumped:
            found.append(DumpSaid(DumpOutcome.WRITTEN, dumped[1]))
        elif line.startswith("ERROR: could not get idle state"):
            found.append(DumpSaid(DumpOutcome.NOT_IDLE))
        elif line.startswith("ERROR: null root node"):
            found.append(DumpSaid(DumpOutcome.NO_ROOT))
        elif line.strip() == "Killed":
            found.append(DumpSaid(DumpOutcome.KILLED))
    return found


def parse_components(text: str) -> list[str]:
    """Return the `package/activity` names that `cmd package resolve-activity --brief` or `query-activities` lists."""
    return [match[1] for match in _COMPONENT.finditer(text)]


@dataclass(frozen=True, slots=True)
class StateSaid:
    """A phone's state as adb printed it; `serial` is empty where a command only complained."""

    serial: str
    state: str


def parse_states(text: str) -> list[StateSaid]:
    """Return the states in what people copy from a terminal: `adb devices` tables and complaints, in order."""
    found: list[StateSaid] = []
    listing: bool | None = None
    for line in [*text.splitlines(), ""]:
        if line.startswith("List of devices attached"):
            listing = False
            continue
        row = _STATE.match(line.strip())
        complaint = _COMPLAINT.search(line)
        if listing is not None and row:
            listing = True
            found.append(StateSaid(row[1], "no permissions" if row[2].startswith("no ") else row[2]))
        elif listing is not None:
            # A table ends at its first other line; one without rows says that no phone is there.
            found += [] if listing else [StateSaid("", "absent")]
            listing = None
        if listing is None and complaint:
            found.append(StateSaid("", _STATE_OF.get(complaint[1], "absent")))
    return found
