"""A profile in a scratch folder, a phone in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store.engine import Store
from tests.end_to_end.bench import Bench, make_bench
from tests.fakes.clock import FakeClock
from tests.fakes.phone import FakePhone


@pytest.fixture
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now)
    await store.open()
    phone = FakePhone()
    phone.pushes_focus = getattr(request, "param", False)
    yield await make_bench(store, clock, phone, tmp_path)
    await store.close()
