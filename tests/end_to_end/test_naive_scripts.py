"""The scripts that the bench measures do each task as they should: the right chat, sent once, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.bench.peers.dumper import Dumper
from tests.bench.peers.field import Field
from tests.bench.peers.finder import Finder
from tests.bench.peers.listener import Listener
from tests.bench.peers.scripts import Script
from tests.bench.peers.tasks import BACK_FILL, NOTICE, READ, REST, SEND, SEND_FAR, Tasks
from tests.bench.peers.windows import Row, join_above
from tests.bench.peers.wires import Adb
from tests.fakes.shelf import SimulatedShelf, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="adbutils brings no adb for this platform")
SCRIPTS: tuple[Callable[..., Script], ...] = (partial(Listener, exists_ms=0), Dumper, Finder)


def hardly_wait(seconds: float) -> None:
    threading.Event().wait(min(seconds, 0.02))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("naive"), "--phones", "3", "--seed", "7", "--chats", "0") as shelf:
        yield shelf


@pytest.mark.parametrize("number", range(3), ids=["listener", "dumper", "finder"])
def test_each_script_does_each_task(shelf: SimulatedShelf, number: int) -> None:
    address = shelf.addresses[number]
    field = Field(shelf.control, address, 7000)
    field.prepare()
    field.write_all()
    field.read_all()
    script = SCRIPTS[number](Adb(shelf.adb.port, address), hardly_wait)
    try:
        script.start()
        found = Tasks(script, field, hardly_wait, back=25).run(1, 10.0)
    finally:
        script.stop()
    assert [one.task for one in found] == [REST, BACK_FILL, NOTICE, READ, SEND, SEND_FAR]
    assert [one.task for one in found if not one.ok] == []
    assert all(one.trips >= 1 for one in found)


def test_windows_join_at_their_longest_overlap() -> None:
    a, b, c, d = (Row(False, text, ()) for text in "abcd")
    assert join_above([b, b, c], (a, b, b)) == [a, b, b, c]
    assert join_above([c, d], (a, b)) == [a, b, c, d]
