"""`phoneshelf --self-test`: does this very program work here? Database, adb, a simulated phone, window."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from app.cli.common import changes_until, opened_settings, put_table
from app.cli.demo import demo_phones, demo_settings, shelve
from app.cli.windowing import window
from app.domain.errors import PhoneshelfError
from app.main import Program
from app.runtime.tasks import stop
from devices.adb.server import adb_path

_LIMIT_S = 90.0
_TEXT = "self-test 👍"
_DRAWN_BYTES = 10_000


def self_test() -> int:
    """Run all checks; return 0 when each passed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    results: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(prefix="phoneshelf-self-test-") as folder:
        try:
            asyncio.run(_phone_checks(Path(folder), results))
            results.append(("window", _window_check(Path(folder))))
        except (PhoneshelfError, OSError, TimeoutError) as error:
            results.append(("stopped by", f"{type(error).__name__}: {error}"))
    put_table(("check", "result"), results)
    return 0 if len(results) == 4 and results[-1][0] == "window" else 1


async def _phone_checks(home: Path, results: list[tuple[str, str]]) -> None:
    settings = demo_settings(home)
    async with demo_phones(1, 1, "none") as phones, opened_settings(settings) as program:
        results.append(("database", f"{len(await program.browsing.list_chats())} chats, migrations done"))
        results.append(("adb", adb_path().name))
        await shelve(program, phones, 0)
        tasks = program.begin()
        try:
            async with asyncio.timeout(_LIMIT_S):
                await changes_until(program, _is_ready)
                await asyncio.to_thread(
                    phones.ask, phones.addresses[0], "customer_writes", chat="31600000123", name="Self", text=_TEXT
                )
                await changes_until(program, _is_mirrored)
            results.append(("message", "from a simulated phone into the database"))
        finally:
            await stop(*tasks)
            await asyncio.to_thread(program.adb.stop)


async def _is_ready(program: Program) -> bool:
    return any(p.verified_until for p in await program.browsing.list_phones())


async def _is_mirrored(program: Program) -> bool:
    return bool(await program.browsing.search("self"))


def _window_check(home: Path) -> str:
    """Open the inbox on what was just mirrored, and look whether it drew something."""
    picture = home / "window.png"
    window(home=home, no_bridge=True, for_s=2.0, screenshot=picture, size="1280x800")
    if not picture.is_file() or picture.stat().st_size < _DRAWN_BYTES:
        raise OSError("the window drew nothing")
    return "opened and drawn"
