"""Lets the Appium client speak to the on-device server itself (phone-wire.md 4), or to an Appium server between.

The two have other routes and other names for a few commands; these are translated here, nowhere else.
"""

from __future__ import annotations

from typing import Any

from appium.webdriver.appium_connection import AppiumConnection
from selenium.webdriver.remote.command import Command

TAP = "phoneshelfTap"
SET_TEXT = "phoneshelfSetText"
TYPE = "phoneshelfType"
FIND = "findElement"
_FIND_MANY = "findElements"
_SESSION = "/session/$sessionId"


class DirectConnection(AppiumConnection):
    """An Appium connection whose other end is the UiAutomator2 server on the phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_command(TAP, "POST", f"{_SESSION}/appium/gestures/click")  # type: ignore[no-untyped-call]
        self.add_command(TYPE, "POST", f"{_SESSION}/keys")  # type: ignore[no-untyped-call]
        self.add_command(SET_TEXT, "POST", f"{_SESSION}/element/$id/value")  # type: ignore[no-untyped-call]

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a command; element searches get the device's own field names."""
        if command in (FIND, _FIND_MANY):
            session = params.get("sessionId")
            params = {
                "strategy": params["using"],
                "selector": params["value"],
                "context": "",
                "multiple": command == _FIND_MANY,
            }
            if session:
                params["sessionId"] = session
        answer: dict[str, Any] = super().execute(command, params)  # type: ignore[no-untyped-call]
        return answer


class AppiumServerConnection(AppiumConnection):
    """An Appium connection whose other end is an Appium server: its `mobile:` commands are the device's own routes."""

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a command, in Appium's words."""
        if command == TAP:
            command, params = _script("clickGesture", params, params["offset"])
        elif command == SET_TEXT:
            field = {"elementId": params["id"], "text": params["text"]}
            command, params = _script("replaceElementValue", params, field)
        answer: dict[str, Any] = super().execute(command, params)  # type: ignore[no-untyped-call]
        return answer


def _script(name: str, params: dict[str, Any], given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return Command.W3C_EXECUTE_SCRIPT, {"script": f"mobile: {name}", "args": [given], "sessionId": params["sessionId"]}
