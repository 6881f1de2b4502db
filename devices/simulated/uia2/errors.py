"""What a command may fail with: the W3C error, its HTTP status and the server's own words."""

from __future__ import annotations

_STATUS = {
    "invalid argument": 400,
    "invalid element state": 400,
    "invalid selector": 400,
    "invalid session id": 404,
    "no such alert": 404,
    "no such element": 404,
    "session not created": 500,
    "stale element reference": 404,
    "unable to capture screen": 500,
    "unknown command": 404,
    "unknown error": 500,
    "unknown method": 405,
}


class CommandError(Exception):
    """A command failed; `error` is a W3C error name."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status of the error."""
        return _STATUS[self.error]

    def as_json(self) -> dict[str, str]:
        """Return the error as the value of a reply."""
        trace = f"io.appium.uiautomator2.common.exceptions: {self.message}"
        return {"error": self.error, "message": self.message, "stacktrace": trace}


def no_such_element() -> CommandError:
    """Return the error for a locator that matches nothing."""
    return CommandError(
        "no such element",
        "An element could not be located on the page using the given search parameters",
    )


def not_cached(element_id: str) -> CommandError:
    """Return the error for an element the server never gave out or has forgotten."""
    return CommandError(
        "no such element",
        f"The element identified by '{element_id}' is not present in the cache or has expired. Try to find it again",
    )


def stale(locator: str) -> CommandError:
    """Return the error for an element that has left the screen."""
    return CommandError("stale element reference", f"The element '{locator}' does not exist in DOM anymore")


def unknown_command() -> CommandError:
    """Return the error for a path that no handler serves."""
    return CommandError(
        "unknown command",
        "The requested resource could not be found, or a request was received using an HTTP "
        "method that is not supported by the mapped resource",
    )


def missing_field(path: str, field: str) -> CommandError:
    """Return the error for a body without one of its fields."""
    return CommandError("invalid argument", f"{path}: The mandatory field '{field}' is not present in JSON")


def not_connected() -> CommandError:
    """Return the error for a server that lost its UiAutomation."""
    return CommandError("unknown error", "java.lang.IllegalStateException: UiAutomation not connected!")
