"""The only way to start a task: it is named, kept alive, and its failure is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ASK_AGAIN_S = 2.0
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Start a task and keep a reference until it ends; an exception goes to the loop's handler."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled() or task.exception() is None:
        return
    loop = task.get_loop()
    loop.call_exception_handler(
        {"message": f"task {task.get_name()} failed", "exception": task.exception(), "task": task}
    )


async def to_its_end(work: Coroutine[Any, Any, T], name: str, farewell_s: float) -> T:
    """Run work and return what it returns; a cancellation waits for its end, at most so long, and then goes on."""

    async def carry() -> tuple[list[T], Exception | None]:
        try:
            return [await work], None
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            return [], error

    task = spawn(carry(), name)
    try:
        found, failure = await asyncio.shield(task)
    except asyncio.CancelledError:
        loop = asyncio.get_running_loop()
        until = loop.time() + farewell_s
        while not task.done() and (left := until - loop.time()) > 0:
            # Whoever waits for the end may ask again.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([task], timeout=left)
        await stop(task)
        raise
    if failure is not None:
        raise failure
    result: T = found[0]
    return result


async def stop(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait until they have ended."""
    live = {task for task in tasks if task is not None and not task.done()}
    while live:
        # A library may swallow a cancellation that comes as its own wait ends: ask again.
        for task in live:
            task.cancel()
        _, live = await asyncio.wait(live, timeout=_ASK_AGAIN_S)
