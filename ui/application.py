"""Runs the window: one Qt application, one event loop, ended in order when the window is closed."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.domain.errors import PhoneshelfError
from app.settings import Settings
from ui.beside import Beside
from ui.bridge import Collector, stop_all
from ui.desk import Desk
from ui.dialogs.notice import tell
from ui.theme import icons
from ui.theme.colours import LIGHT
from ui.theme.theme import Theme
from ui.windows.main_window import MainWindow
from ui.windows.team_door import TeamDoor
from ui.words import choose_language, speak, tr

logger = logging.getLogger(__name__)

OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


@dataclass(frozen=True, slots=True)
class Stay:
    """How long, how large, and whether a picture is wanted: for runs that nobody watches."""

    for_s: float | None = None
    screenshot: Path | None = None
    size: tuple[int, int] | None = None


def run_window(settings: Settings, open_desk: OpenDesk, stay: Stay = Stay()) -> None:
    """Show the window until it is closed.

    Args:
        settings: Language, colours, the profile's folder.
        open_desk: Opens database and services; entered inside the event loop, left after the window.
        stay: Limits for a run that nobody watches.

    Raises:
        PhoneshelfError: The desk could not be opened; a person was told.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101
    application.setQuitOnLastWindowClosed(False)
    application.setApplicationName("Phoneshelf")
    application.setDesktopFileName("phoneshelf")
    application.setWindowIcon(icons.icon("chats", LIGHT.accent, 64))
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    sys.excepthook = _report
    loop.set_exception_handler(_report_task)
    collector = Collector()
    try:
        loop.run_until_complete(_live(application, settings, open_desk, stay))
    finally:
        collector.stop()
        loop.close()


async def _live(application: QApplication, settings: Settings, open_desk: OpenDesk, stay: Stay) -> None:
    remembered = QSettings(str(settings.home / "window.ini"), QSettings.Format.IniFormat)
    speak(choose_language(str(remembered.value("language", "")) or settings.language))
    theme = Theme(str(remembered.value("theme", "")) or settings.theme)
    theme.dress()
    try:
        while await _open(open_desk, theme, remembered, stay):
            logger.info("the profile came into a team; the window is opened anew")
    except PhoneshelfError as error:
        if stay.for_s is None:
            await tell(tr("Phoneshelf cannot start"), str(error))
        raise


async def _open(open_desk: OpenDesk, theme: Theme, remembered: QSettings, stay: Stay) -> bool:
    """Show one window to its end; return whether another is to follow, on another database."""
    async with open_desk() as desk:
        beside = Beside(desk.background)
        window = MainWindow(desk, theme, remembered)
        door = TeamDoor(window, desk, theme, beside)
        await _show(window, door, beside, stay)
        return door.is_seated_now


async def _show(window: MainWindow, door: TeamDoor, beside: Beside, stay: Stay) -> None:
    closing = asyncio.Event()
    window.close_wanted.connect(closing.set)
    door.entered.connect(closing.set)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, closing.set)
        except (NotImplementedError, RuntimeError, ValueError):
            logger.debug("no handler for %s here", name)
    if stay.size is not None:
        window.resize(*stay.size)
    started = time.perf_counter()
    window.show()
    window.load()
    logger.info("window shown in %.0f ms", (time.perf_counter() - started) * 1000)
    beside.start()
    try:
        await asyncio.wait_for(closing.wait(), stay.for_s)
    except TimeoutError:
        if stay.screenshot is not None:
            window.grab().save(str(stay.screenshot))
    finally:
        window.hide()
        await beside.end()
        await stop_all()
        window.deleteLater()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody caught. Qt swallows exceptions of slots; this is where they surface."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    logger.critical("not caught", exc_info=(kind, error, trace))


def _report_task(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logger.critical("%s", context.get("message", "a task failed"), exc_info=context.get("exception"))
