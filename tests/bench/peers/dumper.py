"""A script on adb alone: `uiautomator dump` and `cat`, `input tap`, `input text`, short sleeps.

The dump waits for rest by itself, so the sleeps only let a change begin. It types ASCII only, as `input text` does.
"""

from __future__ import annotations

import shlex

from lxml import etree

from tests.bench.peers import windows
from tests.bench.peers.scripts import SCREENS, START, NotFound
from tests.bench.peers.windows import Row, Window
from tests.bench.peers.wires import Adb, Wait, real_wait

_FILE = "/sdcard/window_dump.xml"
_DUMP = f"uiautomator dump {_FILE} >/dev/null && cat {_FILE}"
_BEGUN_S, _STARTED_S = 0.5, 3.0
_SWIPE_MS = 800
"""Slow enough that the list does not run on."""


class Dumper:
    """Dumps, reckons where to tap, taps."""

    name = "adb dump"

    def __init__(self, adb: Adb, wait: Wait = real_wait) -> None:
        self._adb = adb
        self._wait = wait

    def start(self) -> None:
        self._adb.shell(START)
        self._wait(_STARTED_S)

    def stop(self) -> None:
        """Nothing runs on the phone."""

    def poll(self) -> dict[str, tuple[Row, ...]]:
        found = {}
        for badge in windows.by_id(self._look(), "conversations_row_message_count"):
            self._tap(badge)
            seen = self._window()
            found[seen.title] = seen.rows
            self._back()
        return found

    def read(self, title: str) -> tuple[Row, ...]:
        self._open(title)
        return self._window().rows

    def send(self, title: str, text: str) -> bool:
        self._open(title)
        self._tap(self._need(self._look(), "entry"))
        self._adb.shell(f"input text {shlex.quote(text.replace(' ', '%s'))}")
        self._wait(_BEGUN_S)
        self._tap(self._need(self._look(), "send"))
        return any(windows.shows_sent(self._window(), text) for _ in range(3))

    def back_fill(self, title: str, count: int) -> list[Row]:
        self._open(title)
        tree = self._look()
        held = list(windows.window_of(tree).rows)
        wanted, stuck = len(held) + count, 0
        while len(held) < wanted and stuck < 2:
            self._swipe(tree, down=True)
            tree = self._look()
            more = windows.join_above(held, windows.window_of(tree).rows)
            stuck = stuck + 1 if len(more) == len(held) else 0
            held = more
        return held

    def go_home(self) -> None:
        tree = self._look()
        while not windows.by_id(tree, "contact_row_container"):
            self._back()
            tree = self._look()
        for _ in range(SCREENS):
            if windows.by_id(tree, "my_search_bar"):
                return
            self._swipe(tree, down=True)
            tree = self._look()

    def _open(self, title: str) -> None:
        for _ in range(SCREENS):
            tree = self._look()
            for node in windows.by_id(tree, "conversations_row_contact_name"):
                if node.get("text") == title:
                    self._tap(node)
                    return
            self._swipe(tree, down=False)
        raise NotFound("chat")

    def _look(self) -> etree._Element:
        for _ in range(3):
            dump = self._adb.shell(_DUMP)
            if dump.rstrip().endswith(b"</hierarchy>"):
                return windows.parse(dump)
        raise NotFound("dump")

    def _window(self) -> Window:
        return windows.window_of(self._look())

    def _need(self, tree: etree._Element, name: str) -> etree._Element:
        found = windows.by_id(tree, name)
        if not found:
            raise NotFound(name)
        return found[0]

    def _tap(self, node: etree._Element) -> None:
        x, y = windows.middle(node)
        self._adb.shell(f"input tap {x} {y}")
        self._wait(_BEGUN_S)

    def _back(self) -> None:
        self._adb.shell("input keyevent BACK")
        self._wait(_BEGUN_S)

    def _swipe(self, tree: etree._Element, *, down: bool) -> None:
        left, top, right, bottom = windows.list_place(tree)
        x, margin = (left + right) // 3, (bottom - top) // 5
        ends = (top + margin, bottom - margin) if down else (bottom - margin, top + margin)
        self._adb.shell(f"input swipe {x} {ends[0]} {x} {ends[1]} {_SWIPE_MS}")
        self._wait(_BEGUN_S)
