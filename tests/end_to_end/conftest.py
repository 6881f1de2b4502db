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
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now)
    await store.open()
    yield await make_bench(store, clock, FakePhone(), tmp_path)
    await store.close()
