"""`window`: the inbox on a profile, and the window of the demo. One event loop for it and for what drives phones."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import EXIT_USAGE, HomeOption, VerboseOption, fail, opened_settings
from app.cli.hosting import keep_server
from app.cli.team import at_work
from app.domain.errors import BadInput, PhoneshelfError
from app.main import Program
from app.settings import Settings, load_settings
from app.team_setup import TeamSetup
from ui.application import Stay, run_window
from ui.desk import Desk

ForOption = Annotated[float | None, typer.Option("--for", help="Seconds to stay open; without it, until closed.")]
ScreenshotOption = Annotated[Path | None, typer.Option("--screenshot", help="With --for: keep a picture at the end.")]
SizeOption = Annotated[str, typer.Option("--size", help="Size of the window, such as 1280x800.")]

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def window(
    home: HomeOption = None,
    no_bridge: Annotated[
        bool, typer.Option("--no-bridge", help="Do not drive the phones: another process does.")
    ] = False,
    for_s: ForOption = None,
    screenshot: ScreenshotOption = None,
    size: SizeOption = "",
    verbose: VerboseOption = False,
) -> None:
    """Open the inbox, and drive the phones of this PC meanwhile."""
    try:
        settings = load_settings(home)
        stay = Stay(for_s, screenshot, parse_size(size))
    except BadInput as error:
        fail(str(error), EXIT_USAGE)

    @asynccontextmanager
    async def open_desk() -> AsyncIterator[Desk]:
        await keep_server(settings)
        async with opened_settings(settings, verbose=verbose) as program, at_work(program):
            desk = desk_of(program, drives=not no_bridge and program.may_drive)
            yield replace(desk, team=TeamSetup(settings, program.seat))

    show(settings, open_desk, stay)


def open_demo_window(
    settings: Settings,
    phones: Callable[[], AbstractAsyncContextManager[Any]],
    shelve: Callable[[Program, Any], Awaitable[None]],
    stay: Stay,
) -> None:
    """Open the inbox on a scratch profile whose phones run as long as it does."""

    @asynccontextmanager
    async def open_desk() -> AsyncIterator[Desk]:
        async with phones() as running, opened_settings(settings) as program:
            await shelve(program, running)
            try:
                yield desk_of(program, drives=True)
            finally:
                await asyncio.to_thread(program.adb.stop)

    show(settings, open_desk, stay)


def show(settings: Settings, open_desk: Callable[[], AbstractAsyncContextManager[Desk]], stay: Stay) -> None:
    """Run the window; a failure of the world becomes one line and an exit code."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _DISPLAYS):
        fail("there is no display here; without a window: phoneshelf bridge", 1)
    try:
        run_window(settings, open_desk, stay)
    except PhoneshelfError as error:
        fail(str(error), 1)


def desk_of(program: Program, *, drives: bool) -> Desk:
    """Return the place of an agent at a program."""
    return Desk(
        settings=program.settings,
        browsing=program.browsing,
        replying=program.replying,
        now=program.clock.now,
        check_now=program.bridge.check_now if drives else None,
        background=tuple(work for _, work in program.works(drives=drives)),
    )


def parse_size(text: str) -> tuple[int, int] | None:
    """Return width and height of `1280x800`.

    Raises:
        BadInput: It is something else.
    """
    if not text:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise BadInput("--size is WIDTHxHEIGHT, such as 1280x800")
    return int(width), int(height)
