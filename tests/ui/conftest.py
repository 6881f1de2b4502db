"""One event loop for all tests of the window, as in the program; a real database for each."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.domain.ids import ChatId
from app.store.engine import Store
from tests.ui.seeding import StillClock, World, furnish
from ui import bridge
from ui.bridge import stop_all
from ui.theme.theme import Theme
from ui.windows.main_window import MainWindow
from ui.words import speak

PATIENCE_S = 10.0


@dataclass
class Hands:
    """Runs coroutines and waits for conditions on the window's loop."""

    loop: qasync.QEventLoop

    def run(self, work: Awaitable[Any]) -> Any:
        # Not run_until_complete: it ends with a round of events in which no loop is the running one.
        task = self.loop.create_task(asyncio.wait_for(work, PATIENCE_S))
        task.add_done_callback(lambda _: self.loop.stop())
        try:
            self.loop.run_forever()
        finally:
            # Clicks and pytest-qt let Qt run between two waits; the program's loop runs all the time, so must this one.
            asyncio._set_running_loop(self.loop)
        return task.result()

    def until(self, condition: Callable[[], Any]) -> None:
        async def wait() -> None:
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

        try:
            self.run(wait())
        except TimeoutError:
            pytest.fail("what was waited for did not come")

    def settle(self) -> None:
        """Let everything that is under way finish."""

        async def wait() -> None:
            # Longer than changes are collected for; then whatever they began has to end.
            await asyncio.sleep(0.12)
            while bridge._running:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

        self.run(wait())


@pytest.fixture(scope="session")
def ui_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    qapp.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(qapp)
    yield loop
    loop.close()


@pytest.fixture
def hands(ui_loop: qasync.QEventLoop) -> Iterator[Hands]:
    asyncio.set_event_loop(ui_loop)
    asyncio._set_running_loop(ui_loop)
    failures: list[Any] = []
    ui_loop.set_exception_handler(lambda _, context: failures.append(context))
    speak("en")
    made = Hands(ui_loop)
    yield made
    made.run(stop_all())
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(None)
    assert not failures, failures


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "phoneshelf.sqlite"

    async def make() -> None:
        store = Store(path, StillClock().now)
        await store.open()
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def world(empty_database: Path, hands: Hands, tmp_path: Path) -> Iterator[World]:
    shutil.copy(empty_database, tmp_path)
    made = hands.run(World.make(tmp_path))
    yield made
    hands.run(stop_all())
    hands.run(made.store.close())


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme("light")
    made.dress()
    yield made
    made.deleteLater()


Opener = Callable[[], MainWindow]


@pytest.fixture
def open_window(world: World, theme: Theme, hands: Hands, qtbot: Any, tmp_path: Path) -> Iterator[Opener]:
    made: list[MainWindow] = []

    def start() -> MainWindow:
        window = MainWindow(world.desk, theme, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        window.resize(1280, 800)
        window.show()
        window.load()
        made.append(window)
        hands.until(lambda: window.inbox.is_loaded)
        return window

    yield start
    hands.run(stop_all())
    for window in made:
        window.hide()
        window.deleteLater()
    QApplication.sendPostedEvents()


@pytest.fixture
def chats(world: World, hands: Hands) -> dict[str, ChatId]:
    return hands.run(furnish(world))


@pytest.fixture
def window(chats: dict[str, ChatId], open_window: Opener, hands: Hands) -> MainWindow:
    """A window on chats of every sort, with the newest one open."""
    made = open_window()
    hands.until(lambda: made.pane.conversation.model.rowCount() > 0)
    hands.until(lambda: all(row.tail is not None for row in made.inbox.rows()))
    return made
