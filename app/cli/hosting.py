"""`team host`: the team's server on this PC, kept running by a process that outlives windows."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from typing import Annotated

import typer

from app.cli.common import HomeOption, run, say
from app.cli.team import hosting_of
from app.domain.errors import HostingFailed
from app.runtime.clock import SystemClock
from app.seat import load_seat
from app.services.hosting import Hosting, ServerReport, Space, back_up
from app.settings import Settings, load_settings

_START_S = 30
_BACK_UP_LOOK_S = 60


def host(
    stop: Annotated[bool, typer.Option("--stop", help="Stop the server; nobody can work until it runs.")] = False,
    home: HomeOption = None,
) -> None:
    """Keep the team's server on this PC running until interrupted, with a backup every day."""

    async def work() -> None:
        settings = load_settings(home)
        hosting = hosting_of(settings)
        if stop:
            await hosting.stop()
            say("The server is stopped. It starts again with the window, the bridge, or `phoneshelf team host`.")
            return
        await _keep(settings, hosting)

    run(work)


async def _keep(settings: Settings, hosting: Hosting) -> None:
    watching = asyncio.ensure_future(hosting.supervise(_tell_server, _tell_space))  # noqa: TID251 - awaited below
    with contextlib.suppress(NotImplementedError):
        # Whoever ends this process, such as the system at its end, wants the server to be put down in order.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, watching.cancel)
    try:
        await _back_up_daily(settings, hosting, watching)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _back_up_daily(settings: Settings, hosting: Hosting, watching: asyncio.Future[None]) -> None:
    clock, last = SystemClock(), ""
    while not watching.done():
        done, _ = await asyncio.wait({watching}, timeout=_BACK_UP_LOOK_S)
        if done:
            return
        try:
            made = await back_up(await hosting.owner(), settings.home / "backups", clock)
        except HostingFailed as error:
            # A full disk for backups is no reason to end the server.
            if str(error) != last:
                say(f"No backup: {error}")
            last = str(error)
            continue
        last = ""
        if made is not None:
            say(f"Backup: {made.name}")


def _tell_server(report: ServerReport) -> None:
    say(". ".join(part for part in (f"Server: {report.state.value}", report.reason, report.next_step) if part))


def _tell_space(space: Space) -> None:
    say(str(space))


async def keep_server(settings: Settings) -> None:
    """Where this PC has the team's server: see that a process keeps it running, and wait until it does.

    The process is one of its own, for colleagues go on when this window is closed.
    """
    seat = load_seat(settings.home)
    if seat is None or not seat.server_folder:
        return
    hosting = hosting_of(settings)
    if hosting.keeper is None:
        _start_keeper(settings)
    for _ in range(_START_S * 4):
        if await hosting.is_running():
            return
        await asyncio.sleep(0.25)


def _start_keeper(settings: Settings) -> None:
    own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    logs = settings.home / "logs"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    apart = {"creationflags": 0x208} if sys.platform == "win32" else {"start_new_session": True}
    with (logs / "host.log").open("ab") as out:
        subprocess.Popen(  # noqa: S603
            [*own, "team", "host", "--home", str(settings.home)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, **apart,
        )  # fmt: skip
