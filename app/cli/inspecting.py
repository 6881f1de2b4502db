"""`inspect FILE`: what the program sees in a saved screen, notification dump, event log or health output."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import EXIT_USAGE, fail, put_json
from app.domain.observation import HealthReport
from app.services.browsing import shown_text
from devices.adb.outputs import parse_components, parse_dumps, parse_starts, parse_states
from devices.adb.phone import parse_devices
from devices.health import reading
from devices.health.exits import parse_exits
from devices.screens.events import parse_event
from devices.screens.notifications import parse_notifications
from devices.screens.profile import BASE, BASE_FILE, Profile, ProfileBroken, compose, parse_profile
from devices.screens.recognise import parse_screen
from devices.screens.tree import SourceUnreadable

MAX_FILE = 64_000_000
_STATES = frozenset({"device", "offline", "unauthorized", "authorizing", "connecting", "recovery", "sideload", "no"})


def inspect(
    file: Annotated[Path, typer.Argument(help="A page source, a dump, or what a health command printed.")],
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The phone's day when it was saved.")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="A screen profile (TOML) to read the screen with, over the built-in one.")
    ] = None,
) -> None:
    """Say what the program sees in a saved file, as JSON. The format is recognised by itself."""
    try:
        if file.stat().st_size > MAX_FILE:
            fail(f"{file.name} is too large to be what a phone printed", EXIT_USAGE)
        raw = file.read_bytes()
    except OSError as error:
        fail(f"{file.name} cannot be read: {error.strerror}", EXIT_USAGE)
    day = today.date() if today else datetime.now().astimezone().date()
    put_json(describe(decode(raw), day, _profile(profile)))


def _profile(path: Path | None) -> Profile:
    if path is None:
        return BASE
    try:
        return compose([BASE_FILE, parse_profile(path.read_text("utf-8"), path.name)])
    except (OSError, UnicodeDecodeError):
        fail(f"{path.name} cannot be read", EXIT_USAGE)
    except ProfileBroken as error:
        fail(str(error), EXIT_USAGE)
    raise AssertionError("unreachable")


def decode(raw: bytes) -> str:
    """Return the text of a saved dump; PowerShell saves UTF-16 (phone-screens.md 10.4)."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    return raw.decode("utf-8", "replace")


def describe(text: str, today: date, profile: Profile = BASE) -> dict[str, Any]:
    """Return what is seen in a text of any known format."""
    if "<hierarchy" in text[:2000]:
        return _screen(text, today, profile)
    if "NotificationRecord(" in text:
        found = parse_notifications(text)
        return {"format": "notifications", "notifications": [plain(one) for one in found]}
    return _outputs(text) or _events(text) or _facts(text) or {"format": "unknown"}


def _events(text: str) -> dict[str, Any]:
    events = [event for line in text.splitlines() if (event := parse_event(line))]
    return {"format": "events", "events": [plain(one) for one in events]} if events else {}


def _facts(text: str) -> dict[str, Any]:
    health = _health(text)
    if health:
        return {"format": "health", "health": health}
    devices = parse_devices(text)
    is_listing = bool(devices) and all(state.split()[:1] and state.split()[0] in _STATES for state in devices.values())
    return {"format": "devices", "devices": devices} if is_listing else {}


def _outputs(text: str) -> dict[str, Any]:
    """Return what commands of adb and of the phone's shell printed, or nothing."""
    exits = parse_exits(text)
    if exits:
        told = [plain(one) | {"is_fault": one.is_fault, "is_by_person": one.is_by_person} for one in exits]
        return {"format": "exits", "exits": told}
    starts = parse_starts(text)
    if starts:
        return {"format": "starts", "starts": [plain(one) for one in starts]}
    dumps = parse_dumps(text)
    if dumps:
        found = {"format": "dumps", "dumps": [plain(one) for one in dumps]}
        components = parse_components(text)
        return found | ({"components": components} if components else {})
    states = parse_states(text)
    devices = {one.serial: one.state for one in states if one.serial}
    return {"format": "devices", "devices": devices, "states": [plain(one) for one in states]} if states else {}


def _screen(text: str, today: date, profile: Profile) -> dict[str, Any]:
    try:
        seen = parse_screen(text, today, profile)
    except SourceUnreadable as error:
        return {"format": "screen", "screen": "unreadable", "reason": str(error)}
    form: dict[str, Any] = {"format": "screen", "screen": seen.kind.value}
    form |= {k: v for k, v in plain(seen).items() if k != "kind"}
    if seen.chat is not None:
        for row, source in zip(form["chat"]["rows"], seen.chat.rows, strict=True):
            row["shown_at"] = shown_text(source.shown)
    return form


_SINGLE: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("awake", reading.parse_power),
    ("locked", lambda text: reading.parse_locked(text, text)),
    ("online", reading.parse_online),
    ("wifi", reading.parse_wifi),
    ("focus", reading.parse_focus),
    ("signal_level", reading.parse_signal),
)


def _health(text: str) -> dict[str, Any]:
    """Return the values that a text of one or of several health commands holds."""
    found = _warmth(text)
    storage = reading.parse_storage(text)
    if storage:
        found |= {"storage_free": storage[0], "storage_total": storage[1]}
    for name, parse in _SINGLE:
        value = parse(text)
        if value not in (None, ""):
            found[name] = value
    package = re.search(r"Package \[(com\.whatsapp(?:\.w4b)?)\]", text)
    if package:
        found["app_version"] = reading.parse_app_version(text, package[1])
    properties = reading.parse_properties(text)
    if len(properties) > 3:
        found["properties"] = properties
    if found:
        known = {k: v for k, v in found.items() if k in HealthReport.__dataclass_fields__}
        found["warnings"] = list(reading.warnings_of(HealthReport(**known)))
    return found


def _warmth(text: str) -> dict[str, Any]:
    """Return what battery and thermal dumps say."""
    found: dict[str, Any] = {}
    if "Battery Service state" in text or re.search(r"^[ \t]*temperature: -?\d+\s*$", text, re.MULTILINE):
        battery = reading.parse_battery(text)
        found |= {k: getattr(battery, k) for k in ("battery_percent", "charging", "temperature_c")}
    if "Thermal Status" in text:
        status, hottest = reading.parse_thermal(text)
        found |= {"thermal_status": status, "hottest_sensor_c": hottest}
    return found


def plain(value: Any) -> Any:
    """Return values as JSON knows them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: plain(v) for k, v in asdict(value).items()}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, (date, datetime)) else value
