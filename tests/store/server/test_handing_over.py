"""Handing over what was written without the server: withdrawn meanwhile, asked twice, not allowed any more, drafts."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.change import MessageAdded
from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.policy import Policy
from app.domain.reply import Reply, ReplyState
from app.runtime.tasks import spawn
from app.services.drafting import Drafting, OwnDraft
from app.services.guarding import Facts
from app.services.handing_over import HandedOver, HandingOver
from app.services.replying import Replying
from app.store import accounts, chats, handling, messages, replies
from app.store.engine import Store
from app.store.kept import KeptFile, KeptState, KeptText
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_of
from tests.team_faults.stage import until

CHAT = ChatId(1)


@dataclass
class Desk:
    """Bram, who was away, with a clock of his PC; Eva, a colleague."""

    team: Team
    root: Store
    bram: Store
    eva: Store
    kept: KeptFile
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def drafting(self) -> Drafting:
        return Drafting(self.bram, self.clock, self.team.login("bram"))

    @property
    def handing(self) -> HandingOver:
        replying = Replying(self.bram, self.clock, self.team.login("bram"))
        return HandingOver(self.kept, replying, self.drafting, self.clock, self.team.login("bram"))

    def text(self, body: str, *, is_draft: bool = False) -> KeptText:
        uid, at, login = ReplyId(uuid.uuid4().hex), self.clock.now(), self.team.login("bram")
        return KeptText(uid, is_draft, 1, CHAT, "Otto", body, login, at, at)

    async def server_now(self) -> datetime:
        async with self.root.read() as connection:
            return (await connection.execute(sa.text("SELECT clock_timestamp()"))).scalar_one()  # type: ignore[no-any-return]

    async def sent(self) -> dict[str, ReplyState]:
        async with self.root.read() as connection:
            return {one.body: one.state for one in await replies.list_replies(connection)}

    async def waits(self) -> bool:
        """Tell whether somebody waits for another's transaction."""
        async with self.root.read() as connection:
            return bool((await connection.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar())

    async def eva_answers(self, body: str) -> str:
        replying = Replying(self.eva, self.clock, self.team.login("eva")).knowing(Facts(is_anyway=True))
        return (await replying.queue_reply(CHAT, body)).id

    async def put(self, one: KeptText) -> KeptText:
        await self.kept.add(one)
        return one

    async def left(self) -> dict[str, tuple[KeptState, str]]:
        return {one.body: (one.state, one.words) for one in await self.kept.list_all()}


@pytest.fixture
async def desk(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Desk]:
    async with team_of(postgres, {"eva": "agent", "bram": "agent"}) as team:
        clock = FakeClock()
        stores = [Store(place, clock.now) for place in (team.owner, team.server("bram"), team.server("eva"))]
        async with stores[0].write() as unit:
            account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            await accounts.set_policy(unit, account, Policy(unanswered=20))
            chat = await chats.add_chat(unit, account, "Otto", "person")
            asked = MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, "hello"), Origin.SCREEN, None)
            await messages.apply_changes(unit, chat, [asked])
            await unit.connection.execute(sa.text("INSERT INTO membership SELECT 1, id, true FROM member"))
        kept = KeptFile(tmp_path / "kept.sqlite", clock.now)
        made = Desk(team, *stores, kept, clock)
        # The copy was read just now.
        clock.advance((await made.server_now() - clock.now()).total_seconds() + 1)
        yield made
        for store in (*stores, kept):
            await store.close()


async def test_what_was_withdrawn_while_the_server_may_have_it_is_taken_back_there(desk: Desk) -> None:
    one = await desk.put(desk.text("oops"))
    assert await desk.kept.begin(one.uid, desk.clock.now())
    await Replying(desk.bram, desk.clock, desk.team.login("bram")).queue_reply(CHAT, "oops", reply_id=one.uid)
    assert await desk.kept.withdraw(one.uid) is KeptState.WITHDRAWN
    assert await desk.handing.push() == HandedOver(taken_back=1)
    assert await desk.sent() == {"oops": ReplyState.CANCELLED}
    assert await desk.left() == {}


async def test_what_another_program_may_still_be_handing_over_is_waited_for(desk: Desk) -> None:
    one = await desk.put(desk.text("oops"))
    assert await desk.kept.begin(one.uid, desk.clock.now())
    await desk.kept.withdraw(one.uid)
    assert await desk.handing.push() == HandedOver()
    assert await desk.left() == {"oops": (KeptState.WITHDRAWN, "")}
    desk.clock.advance(121)
    assert await desk.handing.push() == HandedOver(taken_back=1)
    assert (await desk.sent(), await desk.left()) == ({}, {})


class Crossed(Drafting):
    """Drafts of a program that another one overtakes."""

    other: Callable[[], Awaitable[None]]

    async def get(self, chat_id: ChatId) -> OwnDraft | None:
        found = await super().get(chat_id)
        if found is None:
            await self.other()
        return found


async def test_what_another_program_handed_over_meanwhile_is_never_given_back(desk: Desk) -> None:
    one = await desk.put(desk.text("until five"))
    await desk.eva_answers("until six")
    crossed = Crossed(desk.bram, desk.clock, desk.team.login("bram"))

    async def hand_over() -> None:
        """Be the other program, which asked when nothing stood in the way any more."""
        replying = Replying(desk.bram, desk.clock, desk.team.login("bram")).knowing(Facts(is_anyway=True))
        await replying.queue_reply(CHAT, one.body, reply_id=one.uid)
        assert await desk.kept.end(one.uid, KeptState.WAITING)

    crossed.other = hand_over
    replying = Replying(desk.bram, desk.clock, desk.team.login("bram"))
    handing = HandingOver(desk.kept, replying, crossed, desk.clock, desk.team.login("bram"))
    assert await handing.push() == HandedOver()
    assert await desk.left() == {}
    assert set(await desk.sent()) == {"until six", "until five"}
    assert await desk.drafting.get(CHAT) is None


async def test_of_two_who_hand_over_the_same_at_once_the_second_finds_it(desk: Desk) -> None:
    one = desk.text("until five")
    async with desk.root.write() as unit:
        await accounts.set_policy(unit, AccountId(1), Policy(unanswered=1))
    login, other = desk.team.login("bram"), Store(desk.team.server("bram"), desk.clock.now)
    try:
        async with other.write() as unit:
            await handling.lock_chat(unit, CHAT)
            second = spawn(Replying(desk.bram, desk.clock, login).queue_reply(CHAT, one.body, reply_id=one.uid), "2nd")
            await until(desk.waits, "the second waits for the first")
            first = Reply(one.uid, AccountId(1), CHAT, one.body, login, ReplyState.QUEUED, desk.clock.now())
            await replies.add_reply(unit, first)
        assert (await second).id == one.uid
    finally:
        await other.close()
    assert await desk.sent() == {"until five": ReplyState.QUEUED}


async def test_a_colleagues_answer_that_was_seen_stops_nothing_and_one_that_was_not_does(desk: Desk) -> None:
    seen = await desk.eva_answers("until six")
    one = desk.text("and on sunday until four")
    await desk.put(replace(one, known=(seen,)))
    assert await desk.handing.push() == HandedOver(handed=1)
    # Of the same second: its time alone does not say that it was not seen.
    await desk.put(replace(desk.text("bye"), known=(seen,)))
    await desk.eva_answers("bye bye")
    assert await desk.handing.push() == HandedOver()
    assert (await desk.left())["bye"] == (KeptState.RETURNED, "Eva answered \u201cbye bye\u201d")
    draft = await desk.drafting.get(CHAT)
    assert draft is not None
    assert draft.begun_at == one.seen_at


async def test_who_may_only_read_by_now_gets_a_draft_back(desk: Desk) -> None:
    await desk.put(desk.text("until five"))
    async with desk.root.write() as unit:
        await unit.connection.execute(sa.text("UPDATE membership SET may_send = false"))
    assert await desk.handing.push() == HandedOver()
    state, words = (await desk.left())["until five"]
    assert (state, "may not do that" in words) == (KeptState.RETURNED, True)
    (told,) = await desk.handing.list_untold()
    await desk.kept.mark_told(told.uid)
    assert await desk.left() == {}


async def test_a_chat_that_is_seen_no_more_takes_nothing_and_the_text_stays_here(desk: Desk) -> None:
    await desk.put(desk.text("until five"))
    async with desk.root.write() as unit:
        await unit.connection.execute(sa.text("DELETE FROM membership"))
    assert await desk.handing.push() == HandedOver()
    assert (await desk.left())["until five"][0] is KeptState.REFUSED
    (told,) = await desk.handing.list_untold()
    await desk.kept.mark_told(told.uid)
    assert await desk.handing.list_untold() == []
    assert await desk.kept.withdraw(told.uid) is KeptState.REFUSED
    assert await desk.left() == {}


async def test_nobodys_words_go_under_another_name(desk: Desk) -> None:
    for is_draft in (False, True):
        await desk.put(replace(desk.text(f"draft: {is_draft}", is_draft=is_draft), author="bram_before"))
    assert await desk.handing.push() == HandedOver()
    assert {state for state, _ in (await desk.left()).values()} == {KeptState.REFUSED}
    assert (await desk.sent(), await desk.drafting.get(CHAT)) == ({}, None)


async def test_a_draft_goes_on_where_it_stood_and_never_over_a_newer_one(desk: Desk) -> None:
    base = await desk.drafting.save(CHAT, "we are")
    assert base is not None
    goes_on = replace(desk.text("we are open", is_draft=True), base=base.changed_at.isoformat())
    await desk.put(goes_on)
    assert await desk.handing.push() == HandedOver(handed=1)
    held = await desk.drafting.get(CHAT)
    assert held is not None
    assert (held.body, held.begun_at) == ("we are open", base.begun_at)
    desk.clock.advance(1)
    await desk.drafting.save(CHAT, "we are open")
    await desk.put(replace(goes_on, uid=ReplyId("late"), body="we are closed"))
    assert await desk.handing.push() == HandedOver()
    assert (await desk.left())["we are closed"][0] is KeptState.REFUSED
    held = await desk.drafting.get(CHAT)
    assert held is not None
    assert held.body == "we are open"


async def test_a_reply_ends_the_draft_that_was_kept_before_it(desk: Desk) -> None:
    await desk.put(desk.text("half a", is_draft=True))
    await desk.put(desk.text("half a thought", is_draft=True))
    assert list(await desk.left()) == ["half a thought"]
    await desk.put(desk.text("a thought"))
    assert list(await desk.left()) == ["a thought"]
    assert isinstance(desk.kept.place, Path)
    assert b"half" not in desk.kept.place.read_bytes()
