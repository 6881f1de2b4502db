"""A profile in a scratch folder, a phone in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain.ids import ChatId
from app.store.engine import Store
from tests.end_to_end.bench import Bench, make_bench
from tests.fakes.clock import FakeClock
from tests.fakes.phone import FakeChat, FakePhone


@pytest.fixture
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now)
    await store.open()
    phone = FakePhone()
    phone.pushes_focus = getattr(request, "param", False)
    yield await make_bench(store, clock, phone, tmp_path)
    await store.close()


@pytest.fixture
async def otto(bench: Bench) -> FakeChat:
    chat = bench.phone.add_chat("Otto", "31600000001")
    bench.phone.customer_writes(chat, "until when are you open?")
    return chat


@pytest.fixture
async def chat(bench: Bench, otto: FakeChat) -> ChatId:
    return await bench.chat(otto.title, otto.number)
