"""Between asyncio and Qt: changes become signals, slots may be coroutines, garbage is collected on the GUI thread.

With the application's start this is the only user of the event loop's own library.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import StoreFailed
from app.services.browsing import Browsing, RowChanged

logger = logging.getLogger(__name__)

P = ParamSpec("P")
_running: set[asyncio.Task[Any]] = set()
_COALESCE_MS = 60
_COLLECT_MS = 1000


def spawn(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Start a task and keep it alive until it ends; its failure goes to the loop's handler."""
    task = asyncio.get_event_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled() or task.exception() is None:
        return
    if isinstance(task.exception(), StoreFailed):
        # The window says so as a whole, and asks again when the database is back.
        logger.warning("%s: %s", task.get_name(), task.exception())
        return
    context = {"message": f"{task.get_name()} failed", "exception": task.exception(), "task": task}
    task.get_loop().call_exception_handler(context)


async def stop_all() -> None:
    """Cancel every task that was started here and wait until they have ended."""
    mine = [task for task in _running if task is not asyncio.current_task()]
    for task in mine:
        task.cancel()
    await asyncio.gather(*mine, return_exceptions=True)


def async_slot(work: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let a coroutine be a Qt slot."""

    @functools.wraps(work)
    def start(*args: P.args, **kwargs: P.kwargs) -> None:
        spawn(work(*args, **kwargs), work.__qualname__)

    return start


class Changes(QObject):
    """What the database says it changed, told to widgets a few times a second at most, each thing once."""

    chats_changed = Signal(frozenset)
    """Ids of chats: their own line, their messages, or replies to them."""
    messages_changed = Signal(frozenset)
    """(chat, message) ids."""
    accounts_changed = Signal()
    all_changed = Signal()
    """So much was missed that nothing shown is certain."""
    lost = Signal()
    """The team's server stopped answering."""
    back = Signal()
    """It answers again; `all_changed` follows, for whatever was asked meanwhile failed."""

    def __init__(self, browsing: Browsing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats: set[int] = set()
        self._messages: set[tuple[int, int]] = set()
        self._has_account = False
        self._is_stale = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COALESCE_MS)
        self._timer.timeout.connect(self.flush)
        browsing.listen(self._heard)

    def _heard(self, touched: list[RowChanged]) -> None:
        for one in touched:
            if one.kind == "database":
                self._heard_of_database(one.row_id)
            if one.kind == "account":
                self._has_account = True
            if one.chat_id is not None:
                self._chats.add(one.chat_id)
            if one.kind == "message" and one.chat_id is not None:
                self._messages.add((one.chat_id, int(one.row_id)))
            if one.kind == "reply":
                self._has_account = True
        if not self._timer.isActive():
            self._timer.start()

    def _heard_of_database(self, what: str) -> None:
        if what == "lost":
            self.lost.emit()
        elif what == "back":
            self.back.emit()
        self._is_stale |= what in ("back", "stale")

    def flush(self) -> None:
        """Tell what was heard so far."""
        chats, messages, has_account = frozenset(self._chats), frozenset(self._messages), self._has_account
        self._chats, self._messages, self._has_account = set(), set(), False
        if self._is_stale:
            self._is_stale = False
            self.all_changed.emit()
        if messages:
            self.messages_changed.emit(messages)
        if chats:
            self.chats_changed.emit(chats)
        if has_account:
            self.accounts_changed.emit()


class Collector(QObject):
    """Runs Python's cyclic collector on the GUI thread only.

    A Qt object that a worker thread collects takes its timers with it there, and the program crashes (desktop.md 1c).
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_COLLECT_MS)

    def _collect(self) -> None:
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give collecting back to Python."""
        self._timer.stop()
        gc.enable()
