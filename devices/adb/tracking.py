"""What adb pushes by itself: the list of phones at each change, and the event log line by line. Nothing is polled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from app.domain.errors import PhoneLost
from devices.adb.phone import parse_devices
from devices.adb.server import AdbServer
from devices.screens.events import AppEvent, parse_event

logger = logging.getLogger(__name__)


async def track_phones(server: AdbServer) -> AsyncIterator[dict[str, str]]:
    """Yield state by serial, at once and at each change, until the server goes away.

    Raises:
        PhoneLost: The adb server is gone.
    """
    reader, writer = await _open(server)
    try:
        await _request(reader, writer, "host:track-devices")
        while True:
            size = int(await reader.readexactly(4), 16)
            yield parse_devices((await reader.readexactly(size)).decode("utf-8", "replace"))
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise PhoneLost("adb server went away") from error
    finally:
        writer.close()


async def follow_events(server: AdbServer, serial: str) -> AsyncIterator[AppEvent | None]:
    """Yield what the event log says from now on; None once, when the log has begun to speak.

    Raises:
        PhoneLost: The stream ended.
    """
    reader, writer = await _open(server)
    try:
        await _request(reader, writer, f"host:transport:{serial}")
        # -T 1: only what comes from now on; the log keeps days.
        await _request(reader, writer, "shell:logcat -b events -v threadtime -T 1")
        yield None
        while line := await reader.readline():
            event = parse_event(line.decode("utf-8", "replace"))
            if event is not None:
                yield event
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise PhoneLost("event log ended") from error
    finally:
        writer.close()
    raise PhoneLost("event log ended")


async def _open(server: AdbServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        return await asyncio.open_connection(*server.address, limit=1 << 20)
    except OSError as error:
        raise PhoneLost("no adb server") from error


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: str) -> None:
    data = text.encode("utf-8")
    writer.write(f"{len(data):04x}".encode() + data)
    await writer.drain()
    if await reader.readexactly(4) != b"OKAY":
        raise PhoneLost("adb refused a stream")
