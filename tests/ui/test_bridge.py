"""Changes come as few signals; slots that are coroutines report their failures; garbage waits for the GUI thread."""

from __future__ import annotations

import asyncio
import gc

import pytest
from PySide6.QtCore import QObject

from app.services.browsing import RowChanged
from ui.bridge import Changes, Collector, async_slot, stop_all


@pytest.fixture
def changes(world):
    made = Changes(world.desk.browsing)
    made.heard = []
    made.chats_changed.connect(lambda ids: made.heard.append(("chats", ids)))
    made.messages_changed.connect(lambda ids: made.heard.append(("messages", ids)))
    made.accounts_changed.connect(lambda: made.heard.append(("accounts",)))
    yield made
    made.deleteLater()


def test_many_changes_become_one_signal(changes, world, hands):
    for number in range(50):
        world.store.tell([RowChanged("message", str(number % 3), 7), RowChanged("chat", "7", 7)])
    hands.until(lambda: changes.heard)
    assert changes.heard == [("messages", frozenset({(7, 0), (7, 1), (7, 2)})), ("chats", frozenset({7}))]


def test_a_phone_and_a_reply_are_heard(changes, world, hands):
    world.store.tell([RowChanged("account", "1"), RowChanged("reply", "abc", 5)])
    hands.until(lambda: len(changes.heard) == 2)
    assert changes.heard == [("chats", frozenset({5})), ("accounts",)]


def test_a_failing_slot_reaches_the_loops_handler(hands, ui_loop):
    told = []
    ui_loop.set_exception_handler(lambda _, context: told.append(context))

    @async_slot
    async def fail():
        raise ValueError("on purpose")

    fail()
    hands.until(lambda: told)
    assert str(told[0]["exception"]) == "on purpose"


def test_slots_under_way_are_cancelled_at_the_end(hands):
    begun, ended = [], []

    @async_slot
    async def wait():
        begun.append(1)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    wait()
    hands.until(lambda: begun)
    hands.run(stop_all())
    assert ended


def test_garbage_is_collected_by_a_timer_only(qapp, hands):
    parent = QObject()
    collector = Collector(parent)
    try:
        assert not gc.isenabled()
        collector._collect()
    finally:
        collector.stop()
        parent.deleteLater()
    assert gc.isenabled()
