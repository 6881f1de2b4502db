"""A script in the manner of Appium clients: finds by id and text, clicks, waits implicitly; every step is a request.

What an Appium server between would do is done here, so its own time is not counted: implicit waits look again every
half second, and each command waits for the screen's rest, which is that server's default.
"""

from __future__ import annotations

import json

from tests.bench.peers import windows
from tests.bench.peers.scripts import SCREENS, START, NotFound
from tests.bench.peers.windows import APP, Row, Window
from tests.bench.peers.wires import UIAUTOMATOR, Adb, OnDevice, Wait, real_wait

_STARTED_S, _IMPLICIT_S, _LOOK_AGAIN_S = 3.0, 5.0, 0.5
_ID = f"{APP}:id/"
_LIST = (100, 300, 800, 2000)


class Finder:
    """Finds, clicks and asserts."""

    name = "find by text"

    def __init__(self, adb: Adb, wait: Wait = real_wait) -> None:
        self._adb = adb
        self._wait = wait
        self._phone = OnDevice(adb, {"waitForSelectorTimeout": 0})

    def start(self) -> None:
        self._adb.shell(START)
        self._wait(_STARTED_S)
        self._phone.start()

    def stop(self) -> None:
        self._phone.stop()

    def poll(self) -> dict[str, tuple[Row, ...]]:
        found = {}
        # An absence is asked for without an implicit wait.
        while badges := self._phone.find_all("id", f"{_ID}conversations_row_message_count"):
            self._phone.click(badges[0])
            seen = self._opened()
            found[seen.title] = seen.rows
            self._phone.back()
            self._find("id", f"{_ID}contact_row_container")
        return found

    def read(self, title: str) -> tuple[Row, ...]:
        self._click(title)
        return self._opened().rows

    def send(self, title: str, text: str) -> bool:
        self._click(title)
        self._phone.fill(self._find("id", f"{_ID}entry"), text)
        self._phone.click(self._find("id", f"{_ID}send"))
        own = f'//*[@resource-id="{_ID}main_layout"][.//*[@resource-id="{_ID}status"]]'
        return bool(self._find("xpath", f'{own}//*[@resource-id="{_ID}message_text" and @text="{text}"]'))

    def back_fill(self, title: str, count: int) -> list[Row]:
        self._click(title)
        held = list(self._opened().rows)
        wanted, stuck = len(held) + count, 0
        while len(held) < wanted and stuck < 2:
            self._phone.scroll("up", _LIST)
            more = windows.join_above(held, self._window().rows)
            stuck = stuck + 1 if len(more) == len(held) else 0
            held = more
        return held

    def go_home(self) -> None:
        for _ in range(SCREENS):
            if self._phone.find("id", f"{_ID}contact_row_container"):
                break
            self._phone.back()
        for _ in range(SCREENS):
            if self._phone.find("id", f"{_ID}my_search_bar"):
                return
            self._phone.scroll("up", _LIST)

    def _click(self, title: str) -> None:
        row = f'new UiSelector().resourceId("{_ID}conversations_row_contact_name")'
        wanted = f"{row}.text({json.dumps(title, ensure_ascii=False)})"
        scrolled = f"new UiScrollable(new UiSelector().scrollable(true)).scrollIntoView({wanted})"
        self._phone.click(self._find(UIAUTOMATOR, scrolled))

    def _opened(self) -> Window:
        self._find("id", f"{_ID}entry")
        return self._window()

    def _window(self) -> Window:
        return windows.window_of(windows.parse(self._phone.source()))

    def _find(self, strategy: str, selector: str) -> str:
        """Find an element, with the implicit wait."""
        for _ in range(round(_IMPLICIT_S / _LOOK_AGAIN_S)):
            if found := self._phone.find(strategy, selector):
                return found
            self._wait(_LOOK_AGAIN_S)
        raise NotFound(selector)
