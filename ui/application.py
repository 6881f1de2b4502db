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
from ui.bridge import Collector, spawn, stop_all
from ui.desk import Desk
from ui.dialogs.notice import tell
from ui.theme import icons
from ui.theme.colours import LIGHT
from ui.theme.theme import Theme
from ui.windows.main_window import MainWindow
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
        async with open_desk() as desk:
            await _show(MainWindow(desk, theme, remembered), desk, stay)
    except PhoneshelfError as error:
        if stay.for_s is None:
            await tell(tr("Phoneshelf cannot start"), str(error))
        raise


async def _show(window: MainWindow, desk: Desk, stay: Stay) -> None:
    closing = asyncio.Event()
    window.close_wanted.connect(closing.set)
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
    beside = [spawn(work(), getattr(work, "__qualname__", "background")) for work in desk.background]
    try:
        await asyncio.wait_for(closing.wait(), stay.for_s)
    except TimeoutError:
        if stay.screenshot is not None:
            window.grab().save(str(stay.screenshot))
    finally:
        window.hide()
        await stop_all()
        await asyncio.gather(*beside, return_exceptions=True)
        window.deleteLater()


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody caught. Qt swallows exceptions of slots; this is where they surface."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    logger.critical("not caught", exc_info=(kind, error, trace))


def _report_task(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logger.critical("%s", context.get("message", "a task failed"), exc_info=context.get("exception"))
