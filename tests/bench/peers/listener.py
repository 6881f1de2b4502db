"""A listener in the manner of UiAutomator2 scripts: looks every ten seconds, waits fixed times, scrolls to find a chat.

Such a client sets the server's own waits to nothing and waits itself; finding and clicking is one request.
"""

from __future__ import annotations

import json

from tests.bench.peers import windows
from tests.bench.peers.scripts import SCREENS, START, NotFound
from tests.bench.peers.windows import APP, Row, Window
from tests.bench.peers.wires import UIAUTOMATOR, Adb, OnDevice, Wait, real_wait

_STARTED_S, _OPENED_S, _TURNED_S, _SCROLLED_S = 3.0, 2.0, 1.5, 0.8
_EXISTS_MS = 1000


class Listener:
    """Polls, clicks and dumps."""

    name = "u2 listener"

    def __init__(self, adb: Adb, wait: Wait = real_wait, exists_ms: int = _EXISTS_MS) -> None:
        self._adb = adb
        self._wait = wait
        self._phone = OnDevice(adb, {"waitForIdleTimeout": 0, "waitForSelectorTimeout": exists_ms})

    def start(self) -> None:
        self._adb.shell(START)
        self._wait(_STARTED_S)
        self._phone.start()

    def stop(self) -> None:
        self._phone.stop()

    def poll(self) -> dict[str, tuple[Row, ...]]:
        if APP.encode() not in self._adb.shell("dumpsys window | grep mCurrentFocus"):
            self._adb.shell(START)
            self._wait(_STARTED_S)
        if not self._exists(_id("contact_row_container")):
            self.go_home()
        found = {}
        while self._exists(_id("conversations_row_message_count")):
            self._phone.click_by(UIAUTOMATOR, _id("conversations_row_message_count"))
            seen = self._opened()
            found[seen.title] = seen.rows
            self._phone.back()
            self._wait(_TURNED_S)
        return found

    def read(self, title: str) -> tuple[Row, ...]:
        self._click(title)
        return self._opened().rows

    def send(self, title: str, text: str) -> bool:
        self._click(title)
        self._wait(_OPENED_S)
        entry = self._exists(_id("entry"))
        if not entry:
            raise NotFound("entry")
        self._phone.fill(entry, text)
        self._phone.click_by(UIAUTOMATOR, _id("send"))
        for _ in range(5):
            if windows.shows_sent(self._window(), text):
                return True
            self._wait(_SCROLLED_S)
        return False

    def back_fill(self, title: str, count: int) -> list[Row]:
        self._click(title)
        held = list(self._opened().rows)
        wanted, stuck = len(held) + count, 0
        while len(held) < wanted and stuck < 2:
            self._phone.scroll("up", _LIST)
            self._wait(_TURNED_S)
            more = windows.join_above(held, self._window().rows)
            stuck = stuck + 1 if len(more) == len(held) else 0
            held = more
        return held

    def go_home(self) -> None:
        for _ in range(SCREENS):
            if self._exists(_id("contact_row_container")):
                break
            self._phone.back()
            self._wait(_TURNED_S)
        for _ in range(SCREENS):
            if self._exists(_id("my_search_bar")):
                return
            self._phone.scroll("up", _LIST)
            self._wait(_SCROLLED_S)

    def _click(self, title: str) -> None:
        wanted = f"{_id('conversations_row_contact_name')}.text({json.dumps(title, ensure_ascii=False)})"
        for _ in range(SCREENS):
            if self._exists(wanted):
                self._phone.click_by(UIAUTOMATOR, wanted)
                return
            self._phone.scroll("down", _LIST)
            self._wait(_SCROLLED_S)
        raise NotFound("chat")

    def _opened(self) -> Window:
        self._wait(_OPENED_S)
        if not self._exists(_id("entry")):
            raise NotFound("entry")
        return self._window()

    def _window(self) -> Window:
        return windows.window_of(windows.parse(self._phone.source()))

    def _exists(self, selector: str) -> str:
        return self._phone.find(UIAUTOMATOR, selector)


_LIST = (100, 300, 800, 2000)
"""Where such a script swipes: constants for its phone, as they are commonly written."""


def _id(name: str) -> str:
    return f'new UiSelector().resourceId("{APP}:id/{name}")'
