"""What reading a long chat back costs on a simulated phone: round trips and seconds a message, nothing lost.

Once with messages of all kinds, and once with texts of which about twelve fill a window: for those the targets are set.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

from app.cli.common import opened_settings
from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.domain.filling import OPEN_STATES
from app.main import Program
from app.mirror.run import whole_rows
from app.runtime.tasks import spawn, stop
from devices.screens.recognise import parse_screen
from devices.simulated.shelf import Handset, make_whatsapp
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.uia2.source import dump_appium
from tests.bench.comparing import PROFILE
from tests.bench.phone import Row, total

_MESSAGES = 1_000
_SEED = 3
_LIMIT_S = 900.0
_KINDS: Mapping[str, dict[str, object]] = {"mixed": {}, "texts": {"texts_only": True}}
_STEP_PX = 900
_PLACES = 20


async def measure() -> list[Row]:
    """Return all rows: name, value, unit, note."""
    return [row for kind, wish in _KINDS.items() for row in await _measure(kind, wish)]


async def _measure(kind: str, wish: dict[str, object]) -> list[Row]:
    filling = {"chats": 1, "messages": _MESSAGES, "seed": _SEED} | wish
    with tempfile.TemporaryDirectory() as folder:
        settings = demo_settings(Path(folder))
        async with demo_phones(1, 7, PROFILE, chats=0) as phones, opened_settings(settings) as program:
            await asyncio.to_thread(phones.ask, phones.addresses[0], "fill", **filling)
            await program.watching.add_phone(phones.addresses[0], "com.whatsapp.w4b", "bench", "full")
            tasks = [spawn(program.bridge.run(), "bridge"), spawn(program.feed.run(), "feed")]
            try:
                rows = await _one_chat(program, phones)
            finally:
                await stop(*tasks)
                await asyncio.to_thread(program.adb.stop)
    held = round(await asyncio.to_thread(_rows_of_a_window, filling), 1)
    whole = (f"{kind}: a window holds", held, "whole rows", f"mean of {_PLACES} places")
    return [whole, *((f"{kind}: {name}", *rest) for name, *rest in rows)]


async def _one_chat(program: Program, phones: DemoPhones) -> list[Row]:
    address = phones.addresses[0]
    async with asyncio.timeout(_LIMIT_S):
        while not (found := await program.browsing.list_chats()) or found[0].verified_until is None:
            await asyncio.sleep(0.05)
        first = len(await program.browsing.list_messages(found[0].id, 100_000))
        await asyncio.to_thread(phones.ask, address, "reset_trips")
        began = time.monotonic()
        request = await program.filling.ask(found[0].id, None)
        while request.state in OPEN_STATES:
            await asyncio.sleep(0.2)
            request = await program.filling.get(request.id)
        seconds = time.monotonic() - began
        trips = await asyncio.to_thread(total, phones, address)
    have = await program.browsing.list_messages(found[0].id, 100_000)
    truth = await asyncio.to_thread(phones.ask, address, "truth")
    on_phone = sum(len(chat["messages"]) for chat in truth)
    note = f"simulated phone, {PROFILE} profile, one chat of {on_phone} messages"
    return [
        ("first read of the chat", first, "messages", note),
        ("read back", request.added, "messages", f"{request.windows} windows, {request.state.value}"),
        ("read back", round(trips / max(1, request.added), 3), "round trips a message", note),
        ("read back", round(trips / max(1, request.windows), 2), "round trips a window", note),
        ("read back", round(seconds * 1000 / max(1, request.added), 1), "s a thousand messages", note),
        ("missing or too many", abs(len([m for m in have if m.order is not None]) - on_phone), "messages", note),
    ]


def _rows_of_a_window(filling: dict[str, object]) -> float:
    """Return how many whole rows such a chat shows at once, in the middle."""
    handset = Handset(PhoneSpec(locale="en"), make_whatsapp)
    made = handset.control("fill", filling)
    assert isinstance(made, list)
    handset.control("bring", {"package": "com.whatsapp.w4b"})
    counts = []
    for place in range(_PLACES):
        handset.control("open_chat", {"chat": made[0], "offset": place * _STEP_PX})
        source = dump_appium(handset.phone.screen.windows(), handset.phone.display)
        seen = parse_screen(source, datetime.now(UTC).date())
        assert seen.chat is not None
        counts.append(len(whole_rows(seen.chat)))
    return mean(counts)
