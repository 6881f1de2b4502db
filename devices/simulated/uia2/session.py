"""One session: its capabilities, its settings and the elements it gave out."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from devices.simulated.uia2.errors import CommandError, not_cached
from devices.simulated.uia2.settings import SettingValues, setting_name

CACHE_SIZE = 500
_SERVER_PACKAGE = "io.appium.uiautomator2.server"


@dataclass(frozen=True, slots=True)
class Locator:
    """How an element was looked for, and within which other one."""

    strategy: str
    selector: str
    context: str = ""

    def __str__(self) -> str:
        return f"By.{self.strategy}: {self.selector}"


class ElementCache:
    """The elements given out, the least recently used forgotten first."""

    def __init__(self) -> None:
        self._elements: OrderedDict[str, Locator | None] = OrderedDict()

    def add(self, element_id: str, locator: Locator | None) -> None:
        """Remember an element; `locator` is None for one found together with others."""
        self._elements[element_id] = locator
        self._elements.move_to_end(element_id)
        while len(self._elements) > CACHE_SIZE:
            self._elements.popitem(last=False)

    def locator(self, element_id: str) -> Locator | None:
        """Return how an element was found, and count that as a use.

        Raises:
            CommandError: The element was never given out, or is forgotten.
        """
        if element_id not in self._elements:
            raise not_cached(element_id)
        self._elements.move_to_end(element_id)
        return self._elements[element_id]


class Session:
    """A session on the on-device server; a new one replaces it."""

    def __init__(self, capabilities: Mapping[str, object], settings: SettingValues) -> None:
        self.id = str(uuid.uuid4())
        self.capabilities = capabilities
        self.settings = settings
        self.cache = ElementCache()
        self.last_scroll: dict[str, int] | None = None

    @property
    def package(self) -> str:
        """The package that short ids belong to."""
        return str(self.capabilities.get("appPackage") or _SERVER_PACKAGE)


def read_capabilities(body: Mapping[str, object]) -> dict[str, object]:
    """Merge W3C capabilities and strip their prefix.

    Raises:
        CommandError: There are none, or a key is in both parts.
    """
    given = body.get("capabilities")
    if not isinstance(given, dict):
        raise CommandError("session not created", "'capabilities' are mandatory for session creation")
    always = given.get("alwaysMatch") or {}
    first = (given.get("firstMatch") or [{}])[0]
    both = {str(key).removeprefix("appium:"): value for key, value in always.items()}
    for key, value in first.items():
        name = str(key).removeprefix("appium:")
        if name in both:
            raise CommandError("session not created", f"Capability '{name}' is given twice")
        both[name] = value
    return both


def apply_settings(capabilities: Mapping[str, object], settings: SettingValues) -> None:
    """Take over the capabilities whose names are settings."""
    settings.reset()
    for key, value in capabilities.items():
        name = setting_name(key)
        if name is not None:
            settings.update(name, value)
    nested = capabilities.get("settings")
    if isinstance(nested, dict):
        for key, value in nested.items():
            settings.update(str(key), value)
