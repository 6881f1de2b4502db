"""Who is there and in which chat, and the drafts of each: on both engines."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.domain.ids import ChatId, MessageId
from app.services.attending import LEASE_S, Attending, Mode, Presence
from app.services.drafting import Drafting
from app.services.handling import Handling
from tests.store.conftest import Desk


def attending(desk: Desk, name: str) -> Attending:
    return Attending(desk.store, desk.clock, name)


def drafting(desk: Desk, name: str) -> Drafting:
    return Drafting(desk.store, desk.clock, name)


async def member(desk: Desk, name: str) -> int:
    return (await Handling(desk.store, desk.clock, name).me()).id


async def test_who_is_there_is_seen_by_others_until_they_are_silent(desk: Desk) -> None:
    eva, bram = attending(desk, "Eva"), attending(desk, "Bram")
    await eva.sign_in()
    desk.clock.advance(30)
    await bram.sign_in(Presence.BREAK)
    assert [(one.name, one.state) for one in await eva.list_present()] == [
        ("Bram", Presence.BREAK), ("Eva", Presence.AVAILABLE),
    ]  # fmt: skip
    desk.clock.advance(LEASE_S - 10)
    assert await bram.beat()
    assert [one.name for one in await eva.list_present()] == ["Bram"]
    await bram.sign_out()
    assert await eva.list_present() == []
    assert not await bram.beat()


async def test_a_state_is_since_it_was_said_and_a_silence_begins_anew(desk: Desk) -> None:
    eva = attending(desk, "Eva")
    await eva.sign_in(Presence.BUSY)
    began = desk.clock.now()
    desk.clock.advance(20)
    await eva.sign_in(Presence.BUSY)
    assert [one.since for one in await eva.list_present()] == [began]
    desk.clock.advance(LEASE_S + 1)
    await eva.sign_in(Presence.BUSY)
    assert [one.since for one in await eva.list_present()] == [desk.clock.now()]


async def test_who_types_in_a_chat_is_seen_by_the_others_alone(desk: Desk) -> None:
    eva, bram = attending(desk, "Eva"), attending(desk, "Bram")
    await eva.enter(desk.chat)
    await bram.enter(desk.chat)
    await bram.typing(desk.chat)
    (lease,) = (await eva.others_in([desk.chat]))[desk.chat]
    assert (lease.agent, lease.mode) == (await member(desk, "Bram"), Mode.TYPE)
    assert await eva.others_in([ChatId(99)]) == {}
    await bram.leave(desk.chat)
    assert await eva.others_in([desk.chat]) == {}


async def test_a_beat_keeps_a_chat_and_a_silence_gives_it_up(desk: Desk) -> None:
    eva, bram = attending(desk, "Eva"), attending(desk, "Bram")
    await bram.sign_in()
    await bram.typing(desk.chat)
    desk.clock.advance(LEASE_S - 1)
    await bram.beat()
    desk.clock.advance(LEASE_S - 1)
    assert desk.chat in await eva.others_in([desk.chat])
    desk.clock.advance(2)
    assert await eva.others_in([desk.chat]) == {}
    await bram.beat()
    assert await eva.others_in([desk.chat]) == {}


async def test_only_what_others_can_see_is_told(desk: Desk) -> None:
    told: list[str] = []
    bram = attending(desk, "Bram")
    await bram.sign_in()
    desk.store.listen(lambda rows: told.extend(row.kind for row in rows))
    await bram.typing(desk.chat)
    assert told == ["presence"]
    await bram.typing(desk.chat)
    await bram.beat()
    assert told == ["presence"]
    await bram.sign_out()
    assert told == ["presence"] * 3


async def test_a_draft_is_kept_with_what_was_seen_and_when_it_was_begun(desk: Desk) -> None:
    (seen,) = await desk.add("hello")
    eva = drafting(desk, "Eva")
    began = desk.clock.now()
    await eva.save(desk.chat, "unt", last_seen=seen)
    desk.clock.advance(9)
    await eva.save(desk.chat, "until six ", quote=seen, last_seen=seen)
    found = await eva.get(desk.chat)
    assert found is not None
    assert (found.body, found.quote, found.last_seen) == ("until six ", seen, seen)
    assert (found.begun_at, found.changed_at) == (began, desk.clock.now())
    assert await eva.list_mine() == [found]
    assert await drafting(desk, "Bram").get(desk.chat) is None
    assert await eva.clear(desk.chat)
    assert not await eva.clear(desk.chat)


async def test_nothing_typed_is_no_draft(desk: Desk) -> None:
    eva = drafting(desk, "Eva")
    await eva.save(desk.chat, "until")
    assert await eva.save(desk.chat, " \n") is None
    assert await eva.list_mine() == []
    with pytest.raises(BadInput, match="no chat 99"):
        await eva.save(ChatId(99), "x")


async def test_a_draft_that_is_handed_over_is_the_colleagues_with_its_text(desk: Desk) -> None:
    eva, bram = drafting(desk, "Eva"), drafting(desk, "Bram")
    eva_id, bram_id = await member(desk, "Eva"), await member(desk, "Bram")
    with pytest.raises(BadInput, match="no draft of yours"):
        await eva.hand_over(desk.chat, bram_id)
    await eva.save(desk.chat, "until six", last_seen=MessageId(7))
    for wrong in (eva_id, 99):
        with pytest.raises(BadInput):
            await eva.hand_over(desk.chat, wrong)
    told: list[str] = []
    desk.store.listen(lambda rows: told.extend(row.row_id for row in rows if row.kind == "draft"))
    await eva.hand_over(desk.chat, bram_id)
    assert set(told) == {str(eva_id), str(bram_id)}
    assert await eva.get(desk.chat) is None
    found = await bram.get(desk.chat)
    assert found is not None
    assert (found.body, found.handed_by, found.last_seen) == ("until six", eva_id, 7)


async def test_a_draft_of_ones_own_is_not_written_over_by_a_colleagues(desk: Desk) -> None:
    eva, bram = drafting(desk, "Eva"), drafting(desk, "Bram")
    await eva.save(desk.chat, "until six")
    await bram.save(desk.chat, "until five")
    with pytest.raises(BadInput, match="of their own"):
        await eva.hand_over(desk.chat, await member(desk, "Bram"))
    found = await bram.get(desk.chat)
    assert found is not None
    assert found.body == "until five"
