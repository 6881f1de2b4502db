"""Reads what health commands print. A value that is not there is None; a vendor's extra lines change nothing.

Facts and pitfalls: phone-screens.md 4.
"""

from __future__ import annotations

import re

from app.domain.observation import HealthReport

_TEMPERATURE = re.compile(r"Temperature\{mValue=(-?\d+(?:\.\d+)?), mType=(\d+), mName=([^,]*), mStatus=(\d+)\}")
_PROPERTY = re.compile(r"^\[([^\]\n]+)\]: \[(.*?)\]$", re.MULTILINE | re.DOTALL)
_NOT_AVAILABLE = 2147483647
_LOW_BATTERY, _HOT_C, _FULL_SHARE = 20, 45.0, 0.05


def parse_battery(text: str) -> HealthReport:
    """Read `dumpsys battery`: percent, charging, temperature. Only the first section counts (Samsung repeats words)."""
    section = text.split("[EventLogBuffer]", maxsplit=1)[0]
    level, scale = _first_int(section, "level"), _first_int(section, "scale") or 100
    tenths, status = _first_int(section, "temperature"), _first_int(section, "status")
    plugged = re.search(r"^[ \t]*(?:AC|USB|Wireless|Dock) powered: true", section, re.MULTILINE) is not None
    return HealthReport(
        battery_percent=round(level * 100 / scale) if level is not None else None,
        charging=None if status is None and not plugged else (status in (2, 5) or plugged),
        temperature_c=tenths / 10 if tenths is not None else None,
    )


def parse_thermal(text: str) -> tuple[int | None, float | None]:
    """Read `dumpsys thermalservice`: the status 0 to 6, and the hottest plausible sensor in degrees Celsius."""
    status = re.search(r"Thermal Status:\s*(\d{1,9})", text)
    values = [float(m[1]) for m in _TEMPERATURE.finditer(text)]
    # 0.0 and -99.9 stand for "no such sensor".
    plausible = [v for v in values if 0.5 < v < 150]
    return (int(status[1]) if status else None), max(plausible, default=None)


def parse_power(text: str) -> bool | None:
    """Read `dumpsys power`: whether the phone is awake."""
    state = re.search(r"mWakefulness=(\w+)", text)
    if state:
        return state[1] == "Awake"
    display = re.search(r"Display Power: state=(\w+)", text)
    return display[1] == "ON" if display else None


def parse_locked(window: str, trust: str = "") -> bool | None:
    """Read whether the keyguard is up; `mDreamingLockscreen` alone is no proof (one make says true always)."""
    showing = re.search(r"(?:isKeyguardShowing|mShowingLockscreen|mIsShowing|keyguardShowing)=(true|false)", window)
    locked = re.search(r"deviceLocked=([01])", trust)
    if locked and locked[1] == "1":
        return True
    if showing:
        return showing[1] == "true"
    return False if locked else None


def parse_focus(window: str) -> str:
    """Return `package/activity` in front. The focused app counts before the window: a pulled-down shade is none."""
    found = re.search(r"mFocusedApp=\S*(?:ActivityRecord)?\{\S+ u\d+ (\S+?/\S+?)[ }]", window)
    found = found or re.search(r"mCurrentFocus=Window\{\S+ u\d+ (\S+?/\S+?)[ }]", window)
    return found[1] if found else ""


def parse_front_user(window: str, package: str) -> int | None:
    """Return which Android user's app is in front, None where it is another app or the phone does not tell."""
    place = rf" u(\d{{1,9}}) {re.escape(package)}/"
    found = re.search(rf"mFocusedApp=\S*(?:ActivityRecord)?\{{\S+{place}", window)
    found = found or re.search(rf"mCurrentFocus=Window\{{\S+{place}", window)
    return int(found[1]) if found else None


def parse_app_users(text: str, package: str) -> frozenset[int]:
    """Read `dumpsys package P`: the Android users for whom the app is installed; empty where that is not told."""
    _, _, section = text.partition(f"Package [{package}]")
    return frozenset(
        int(user) for user in re.findall(r"^\s+User (\d{1,9}):[^\n]*\binstalled=true", section, re.MULTILINE)
    )


def parse_storage(text: str) -> tuple[int, int] | None:
    """Read `df -k`: free and total bytes of the first file system listed."""
    for line in text.splitlines():
        match = re.match(r"\S+\s+(\d{1,18})\s+(\d{1,18})\s+(\d{1,18})\s+\d+%", line)
        if match:
            return int(match[3]) * 1024, int(match[1]) * 1024
    return None


def parse_wifi(text: str) -> str:
    """Read `dumpsys wifi`: "off", "on", or "on, -58 dBm"; the network's name is not kept."""
    if re.search(r"Wi-?Fi is disabled", text):
        return "off"
    signal = re.search(r"RSSI: (-\d+)", text)
    if signal:
        return f"on, {signal[1]} dBm"
    return "on" if re.search(r"Wi-?Fi is enabled", text) else ""


def parse_online(text: str) -> bool | None:
    """Read `dumpsys connectivity`: whether a default network is there."""
    found = re.search(r"Active default network:\s*(\S+)", text)
    return found[1] not in ("none", "null", "-1") if found else None


def parse_signal(text: str) -> int | None:
    """Read `dumpsys telephony.registry`: the best level 0 to 4 of any SIM."""
    levels = [int(m) for m in re.findall(r"[lL]evel=(\d{1,10})(?!\d)", text) if int(m) != _NOT_AVAILABLE]
    usable = [level for level in levels if level <= 4]
    return max(usable, default=None)


def parse_app_version(text: str, package: str) -> str:
    """Read `dumpsys package P`: the version name, empty when the app is not installed."""
    if f"Package [{package}]" not in text:
        return ""
    found = re.search(r"versionName=(\S+)", text)
    return found[1] if found else ""


def parse_properties(text: str) -> dict[str, str]:
    """Read `getprop`; a value may span lines."""
    return {m[1]: m[2] for m in _PROPERTY.finditer(text)}


def warnings_of(report: HealthReport) -> tuple[str, ...]:
    """Return the names of what a person should look at."""
    found = []
    if report.battery_percent is not None and report.battery_percent < _LOW_BATTERY and not report.charging:
        found.append("battery_low")
    if report.charging is False:
        found.append("not_charging")
    if (report.temperature_c or 0) > _HOT_C or (report.thermal_status or 0) >= 3:
        found.append("hot")
    if report.storage_free is not None and report.storage_total:
        found += ["storage_low"] if report.storage_free < report.storage_total * _FULL_SHARE else []
    if report.online is False:
        found.append("offline")
    return tuple(found)


def _first_int(text: str, name: str) -> int | None:
    match = re.search(rf"^[ \t]*{name}:\s*(-?\d{{1,18}})\s*$", text, re.MULTILINE)
    return int(match[1]) if match else None
