"""The server's settings: names, defaults, and what it does with values it does not like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devices.simulated.uia2.errors import CommandError


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; a value below `low` or above `high` is ignored."""

    default: object
    low: float = float("-inf")
    high: float = float("inf")
    is_global: bool = False


SETTINGS: Mapping[str, Setting] = {
    "waitForIdleTimeout": Setting(10_000, low=0),
    "waitForSelectorTimeout": Setting(10_000, low=0),
    "actionAcknowledgmentTimeout": Setting(3_000, low=0),
    "scrollAcknowledgmentTimeout": Setting(200, low=0),
    "keyInjectionDelay": Setting(0, low=0),
    "ignoreUnimportantViews": Setting(False),
    "allowInvisibleElements": Setting(False),
    "snapshotMaxDepth": Setting(70, low=1, high=500),
    "enforceXPath1": Setting(False),
    "limitXPathContextScope": Setting(True),
    "normalizeTagNames": Setting(False),
    "disableIdLocatorAutocompletion": Setting(False),
    "simpleBoundsCalculation": Setting(False),
    "deferAccessibilityCacheReset": Setting(False),
    "shouldUseCompactResponses": Setting(True),
    "elementResponseAttributes": Setting("name,text"),
    "enableNotificationListener": Setting(True),
    "enableMultiWindows": Setting(False),
    "enableTopmostWindowFromActivePackage": Setting(False),
    "trackScrollEvents": Setting(True),
    "currentDisplayId": Setting(0, low=0),
    "alwaysTraversableViewClasses": Setting(""),
    "includeExtrasInPageSource": Setting(False),
    "includeA11yActionsInPageSource": Setting(False),
    "includeExtraRenderingInfo": Setting(False),
    "useResourcesForOrientationDetection": Setting(False),
    "mapTestTagToResourceId": Setting(False),
    "shutdownOnPowerDisconnect": Setting(True, is_global=True),
    "wakeLockTimeout": Setting(86_400_000, low=0, is_global=True),
    "serverPort": Setting(6790, low=1024, high=65535, is_global=True),
    "mjpegServerPort": Setting(7810, low=1024, high=65535, is_global=True),
    "mjpegServerFramerate": Setting(10, low=1, high=60, is_global=True),
    "mjpegScalingFactor": Setting(50, low=1, high=100, is_global=True),
    "mjpegServerScreenshotQuality": Setting(50, low=1, high=100, is_global=True),
    "mjpegBilinearFiltering": Setting(False, is_global=True),
}

_BY_LOWER = {name.lower(): name for name in SETTINGS}


def setting_name(name: str) -> str | None:
    """Return the setting a capability of this name sets; case does not matter."""
    return _BY_LOWER.get(name.lower())


class SettingValues:
    """The values in force. A new session takes the defaults again, but for the global ones."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {name: one.default for name, one in SETTINGS.items()}

    def reset(self) -> None:
        """Take the defaults that a new session begins with."""
        for name, setting in SETTINGS.items():
            if not setting.is_global:
                self._values[name] = setting.default

    def as_json(self) -> dict[str, object]:
        """Return all values by name."""
        return dict(self._values)

    def number(self, name: str) -> int:
        """Return a numeric value."""
        value = self._values[name]
        return value if isinstance(value, int) else 0

    def flag(self, name: str) -> bool:
        """Return a boolean value."""
        return self._values[name] is True

    def text(self, name: str) -> str:
        """Return a text value."""
        return str(self._values[name])

    def update(self, name: str, value: object) -> None:
        """Set a value; an unknown name or one out of range is passed over.

        Raises:
            CommandError: The value is of the wrong type.
        """
        setting = SETTINGS.get(name)
        if setting is None:
            return
        wanted = type(setting.default)
        if isinstance(value, bool) is not isinstance(setting.default, bool) or not isinstance(value, wanted):
            raise CommandError(
                "invalid argument",
                f"Invalid setting value type. Got: {type(value).__name__}. Expected: {wanted.__name__}.",
            )
        if isinstance(value, int) and not setting.low <= value <= setting.high:
            return
        self._values[name] = value
