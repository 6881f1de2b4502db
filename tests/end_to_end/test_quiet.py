"""A quiet account opens no chat by itself: what notifications did not tell is shown as missing, blue ticks are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.ids import ChatId
from app.store import chats
from app.store.chats import Chat
from tests.end_to_end.bench import Bench
from tests.fakes.phone import FakeChat


@pytest.fixture
def quiet(bench: Bench) -> Bench:
    bench.account = replace(bench.account, reading="quiet")
    return bench


@pytest.fixture
def otto(quiet: Bench) -> FakeChat:
    return quiet.phone.add_chat("Otto", "31611111111")


async def look(bench: Bench, *, told: bool = True) -> Chat:
    """Take notifications, if the phone tells them, and the chat list; return the one chat."""
    if told:
        await bench.mirroring.take_notifications(bench.account, bench.phone.read_notifications())
    await bench.mirroring.take_list(bench.account, bench.phone.read_chat_list())
    async with bench.store.read() as connection:
        (chat,) = await chats.list_chats(connection)
    return chat


async def test_what_notifications_told_in_full_lacks_nothing(quiet: Bench, otto: FakeChat) -> None:
    quiet.phone.customer_writes(otto, "Hallo")
    quiet.phone.customer_writes(otto, "Is het klaar?")
    chat = await look(quiet)
    assert not chat.behind
    assert chat.opened_at is None


async def test_what_they_did_not_tell_is_shown_as_missing_until_the_chat_is_read(quiet: Bench, otto: FakeChat) -> None:
    quiet.phone.customer_writes(otto, "Hallo")
    chat = await look(quiet, told=False)
    assert chat.behind
    await quiet.mirroring.read_chat(quiet.thread, quiet.account, ChatId(chat.id), lambda: False)
    chat = await look(quiet)
    assert not chat.behind
    assert chat.opened_at == quiet.clock.now()


async def test_a_part_of_them_is_not_all(quiet: Bench, otto: FakeChat) -> None:
    quiet.phone.customer_writes(otto, "Een")
    otto.unread.clear()
    await look(quiet)
    first = otto.content.sent[-1]
    quiet.phone.customer_writes(otto, "Twee")
    quiet.phone.customer_writes(otto, "Drie")
    listed = quiet.phone.read_chat_list()
    otto.unread[:] = otto.unread[-1:]
    assert first.text == "Een"
    await quiet.mirroring.take_notifications(quiet.account, quiet.phone.read_notifications())
    await quiet.mirroring.take_list(quiet.account, listed)
    chat = await quiet.mirroring.get_chat(ChatId(1))
    assert chat.behind


async def test_what_the_owner_typed_on_the_phone_is_missing(quiet: Bench, otto: FakeChat) -> None:
    quiet.phone.customer_writes(otto, "Hallo")
    await look(quiet)
    otto.unread.clear()
    quiet.phone.owner_types(otto, "Morgen klaar")
    assert (await look(quiet)).behind


async def test_a_full_account_says_when_its_chats_were_opened(bench: Bench) -> None:
    otto = bench.phone.add_chat("Otto", "31611111111")
    bench.phone.customer_writes(otto, "Hallo")
    chat = await look(bench)
    assert chat.opened_at is None
    await bench.mirroring.read_chat(bench.thread, bench.account, ChatId(chat.id), lambda: False)
    first = (await bench.mirroring.get_chat(ChatId(chat.id))).opened_at
    assert first == bench.clock.now()
    bench.clock.advance(600)
    bench.phone.leave_chat()
    bench.phone.customer_writes(otto, "Nog iets")
    await look(bench)
    await bench.mirroring.read_chat(bench.thread, bench.account, ChatId(chat.id), lambda: False)
    assert (await bench.mirroring.get_chat(ChatId(chat.id))).opened_at == bench.clock.now()
