"""A profile in a scratch folder, a phone in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain.ids import ChatId
from app.domain.server import Server
from app.store.engine import Store
from tests.end_to_end.bench import Bench, make_bench
from tests.fakes.clock import FakeClock
from tests.fakes.phone import FakeChat, FakePhone
from tests.fakes.team import team_database

ON_BOTH = {
    "test_sending",
    "test_drafts",
    "test_restraint",
    "test_quiet",
    "test_archive",
    "test_quoting",
    "test_handling",
    "test_two_numbers",
}
"""Modules whose tests run on a server too; the others ask nothing of the database that these do not."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        has_server = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
        metafunc.parametrize("place", ["sqlite", "postgresql"] if has_server else ["sqlite"], indirect=True)


@pytest.fixture
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Path | Server]:
    """Where the database is: a file, or a server."""
    if request.param == "sqlite":
        yield tmp_path / "phoneshelf.db"
    else:
        async with team_database(request.getfixturevalue("postgres")) as server:
            yield server


@pytest.fixture
async def bench(request: pytest.FixtureRequest, tmp_path: Path, place: Path | Server) -> AsyncIterator[Bench]:
    clock = FakeClock()
    store = Store(place, clock.now)
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
