"""The two ways by which scripts reach a phone: the `adb` program, and HTTP to the automation server on the phone."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import adbutils

Wait = Callable[[float], object]
_PATIENCE_S = 40.0
_RUNNER = "io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner"
_PORT = 6790
UIAUTOMATOR = "-android uiautomator"


def real_wait(seconds: float) -> None:
    """Wait as the scripts do."""
    threading.Event().wait(seconds)


class Adb:
    """One phone by the `adb` program, a process for each command."""

    def __init__(self, port: int, serial: str) -> None:
        self._words = [adbutils.adb_path(), "-P", str(port), "-s", serial]

    def shell(self, line: str) -> bytes:
        """Run a line in the phone's shell and return what it printed."""
        return self.run("shell", line)

    def run(self, *words: str) -> bytes:
        """Run a command of adb."""
        return subprocess.run([*self._words, *words], capture_output=True, check=False, timeout=_PATIENCE_S).stdout

    def begin(self, line: str) -> subprocess.Popen[bytes]:
        """Start a line in the phone's shell that runs for long."""
        return subprocess.Popen([*self._words, "shell", line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class OnDevice:
    """A session with the automation server on the phone."""

    def __init__(self, adb: Adb, settings: dict[str, object]) -> None:
        self._adb = adb
        self._settings = settings
        self._server: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._line: http.client.HTTPConnection | None = None
        self._path = ""

    def start(self) -> None:
        """Start the server and a session."""
        self._server = self._adb.begin(f"am instrument -w -e disableAnalytics true {_RUNNER}")
        self._port = int(self._adb.run("forward", "tcp:0", f"tcp:{_PORT}"))
        for _ in range(200):
            try:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
                self._call("GET", "/status")
                break
            except (OSError, http.client.HTTPException):
                self._line.close()
                real_wait(0.1)
        wishes = {f"appium:{name}": value for name, value in self._settings.items()}
        asked = {"alwaysMatch": {"platformName": "Android", **wishes}, "firstMatch": [{}]}
        self._path = f"/session/{self._call('POST', '/session', {'capabilities': asked})['sessionId']}"

    def stop(self) -> None:
        """End the server."""
        if self._line is not None:
            self._line.close()
        if self._server is not None:
            self._server.terminate()
            self._server.wait(_PATIENCE_S)
        if self._port:
            self._adb.run("forward", "--remove", f"tcp:{self._port}")

    def find(self, strategy: str, selector: str) -> str:
        """Return the first element's id, or nothing."""
        found = self._find(strategy, selector, is_many=False)
        return str(found["ELEMENT"]) if isinstance(found, dict) and "ELEMENT" in found else ""

    def find_all(self, strategy: str, selector: str) -> list[str]:
        """Return the ids of all elements."""
        return [str(one["ELEMENT"]) for one in self._find(strategy, selector, is_many=True) or ()]

    def click(self, element: str) -> None:
        """Click an element."""
        self.do(f"/element/{element}/click")

    def click_by(self, strategy: str, selector: str) -> None:
        """Find and tap in one request."""
        self.do("/appium/gestures/click", locator={"strategy": strategy, "selector": selector})

    def fill(self, element: str, text: str) -> None:
        """Put text into a field."""
        self.do(f"/element/{element}/value", text=text)

    def scroll(self, direction: str, place: tuple[int, int, int, int]) -> None:
        """Move the window over the content by a part of it, without a fling."""
        left, top, right, bottom = place
        area = {"left": left, "top": top, "width": right - left, "height": bottom - top}
        self.do("/appium/gestures/scroll", area=area, direction=direction, percent=0.6)

    def back(self) -> None:
        """Press back."""
        self.do("/back")

    def source(self) -> bytes:
        """Return the screen."""
        return str(self._call("GET", f"{self._path}/source")).encode()

    def do(self, path: str, **body: object) -> None:
        """Send a command whose answer tells nothing."""
        self._call("POST", self._path + path, body)

    def _find(self, strategy: str, selector: str, *, is_many: bool) -> Any:
        body = {"strategy": strategy, "selector": selector, "context": "", "multiple": is_many}
        return self._call("POST", f"{self._path}/element", body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        assert self._line is not None
        head = {"Content-Type": "application/json"}
        self._line.request(method, path, None if body is None else json.dumps(body), head)
        answer = json.loads(self._line.getresponse().read())
        return answer["value"]
