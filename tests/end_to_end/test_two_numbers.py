"""A customer who wrote to two of our numbers is answered from the one that each chat is on, never from the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.ids import ChatId, Serial
from app.domain.reply import ReplyState
from app.store import accounts
from app.store.accounts import Account
from tests.end_to_end.bench import AT_ONCE, Bench
from tests.fakes.phone import FakeChat, FakePhone

OTTO, NUMBER = "Otto", "31600000001"


@dataclass
class Side:
    """One of our numbers: its services and phone, and the chat that the customer has there."""

    bench: Bench
    chat: ChatId
    shown: FakeChat

    @property
    def phone(self) -> FakePhone:
        return self.bench.phone


async def _side(first: Bench, account: Account) -> Side:
    bench = Bench(first.store, first.clock, FakePhone(), account, first.vault)
    await bench.set_policy(**AT_ONCE)
    shown = bench.phone.add_chat(OTTO, NUMBER)
    bench.phone.customer_writes(shown, "hello")
    return Side(bench, await bench.chat(OTTO, NUMBER), shown)


@pytest.fixture(params=["two phones", "two apps of one phone", "two users of one phone"])
async def sides(request: pytest.FixtureRequest, bench: Bench, tmp_path: Path) -> tuple[Side, Side]:
    serial, package, user = {
        "two phones": ("OTHER", "com.whatsapp.w4b", 0),
        "two apps of one phone": (str(bench.account.serial), "com.whatsapp", 0),
        "two users of one phone": (str(bench.account.serial), "com.whatsapp.w4b", 10),
    }[request.param]
    async with bench.store.write() as unit:
        added = await accounts.add_account(unit, Serial(serial), package, "Balie", "full", user)
    async with bench.store.read() as connection:
        shop, desk = [await accounts.get_account(connection, one) for one in (bench.account.id, added)]
    assert shop.id != desk.id
    return await _side(bench, shop), await _side(bench, desk)


async def test_an_answer_goes_out_from_the_number_of_its_chat(sides: tuple[Side, Side]) -> None:
    for one, other in (sides, sides[::-1]):
        await one.bench.replying.queue_reply(one.chat, f"from {one.bench.account.name}")
        assert await other.bench.try_to_claim() is None
        assert await one.bench.deliver(await one.bench.claim()) is ReplyState.SENT
    for one in sides:
        name = one.bench.account.name
        assert one.phone.sent == [f"from {name}"]
        assert await one.bench.texts(one.chat) == ["hello", f"from {name}"]


async def test_both_at_once_are_not_mixed_up(sides: tuple[Side, Side]) -> None:
    shop, desk = sides
    for number in range(3):
        shop.bench.clock.advance(1)
        await shop.bench.replying.queue_reply(shop.chat, f"shop {number}")
        await desk.bench.replying.queue_reply(desk.chat, f"desk {number}")
    for _ in range(3):
        for one in (desk, shop):
            assert await one.bench.deliver(await one.bench.claim()) is ReplyState.SENT
    assert shop.phone.sent == ["shop 0", "shop 1", "shop 2"]
    assert desk.phone.sent == ["desk 0", "desk 1", "desk 2"]


async def test_a_phone_refuses_a_reply_of_another_number_before_it_touches_anything(sides: tuple[Side, Side]) -> None:
    shop, desk = sides
    await shop.bench.replying.queue_reply(shop.chat, "from the shop")
    reply = await shop.bench.claim()
    with pytest.raises(ValueError, match="of account"):
        await desk.bench.deliver(reply)
    assert desk.phone.sent == []
    assert desk.shown.entry == ""
    assert (await shop.bench.reply(reply.id)).state is ReplyState.CLAIMED
