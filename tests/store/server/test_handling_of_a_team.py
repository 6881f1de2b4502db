"""The services of handling, drafts and presence with people's own logins: what they need, they may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
import sqlalchemy as sa

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import ChatId, ReplyId
from app.domain.reply import ReplyState
from app.services.alerting import Alerting
from app.services.attending import Attending
from app.services.browsing import Browsing
from app.services.drafting import Drafting
from app.services.giving import Giving
from app.services.guarding import Facts
from app.services.handling import ChatState, Handling, Preset, Priority, Waking
from app.services.hearing import Heard, News, hear
from app.services.replying import Replying
from app.services.viewing import View, Viewing
from app.store import accounts, chats, replies
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_of


@dataclass
class Office:
    """A team on one number, each with a store of their own; Cees may only read."""

    team: Team
    clock: FakeClock
    stores: dict[str, Store]
    chat: ChatId

    def hand(self, name: str) -> Handling:
        return Handling(self.stores[name], self.clock, self.team.login(name))

    async def writes(self, text: str = "hello") -> None:
        """Have the bridge hear the customer."""
        async with self.stores["box"].write() as unit:
            await hear(unit, self.chat, News((Heard(unit.now, text),)))


@pytest.fixture
async def office(postgres: Postgres) -> AsyncIterator[Office]:
    people = {"eva": "agent", "bram": "agent", "cees": "agent", "box": "bridge"}
    async with team_of(postgres, people) as team:
        clock = FakeClock()
        root = Store(team.owner, clock.now)
        async with root.write() as unit:
            account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            chat = await chats.add_chat(unit, account, "Otto", "person")
            await unit.connection.execute(
                sa.text("INSERT INTO membership SELECT 1, id, name <> 'Cees' FROM member WHERE name <> 'Box'")
            )
            await unit.connection.execute(sa.text("UPDATE account SET lease_holder = 'pc'"))
        await root.close()
        stores = {name: Store(team.server(name), clock.now) for name in people}
        yield Office(team, clock, stores, chat)
        for store in stores.values():
            await store.close()


async def test_agents_do_all_of_it_and_are_named(office: Office) -> None:
    await office.writes()
    eva, bram = office.hand("eva"), office.hand("bram")
    him = await bram.me()
    await eva.take(office.chat)
    await eva.assign(office.chat, him.id, "knows the pump")
    await bram.set_priority(office.chat, Priority.HIGH)
    await bram.snooze(office.chat, Preset.REPLY)
    await office.writes("and?")
    assert (await bram.done(office.chat)).state is ChatState.DONE
    assert (await eva.reopen(office.chat)).handling.assignee == him.id
    await eva.spam(office.chat)
    await eva.not_spam(office.chat)
    found = [(event.kind, event.actor) for event in await eva.list_events(office.chat) if event.actor]
    her, his = office.team.login("eva"), office.team.login("bram")
    assert found == [
        ("assign", her), ("assign", her), ("priority", his), ("snooze", his), ("close", his), ("reopen", her),
        ("spam", her), ("not_spam", her),
    ]  # fmt: skip


async def test_who_may_only_read_does_nothing_and_is_given_nothing(office: Office) -> None:
    await office.writes()
    with pytest.raises(NotAllowed):
        await office.hand("cees").take(office.chat)
    reader = await office.hand("eva").find_member("cees")
    with pytest.raises(BadInput, match="may not answer"):
        await office.hand("eva").assign(office.chat, reader.id, "for you")
    assert (await office.hand("eva").get(office.chat)).handling.assignee is None


async def test_the_phones_driver_wakes_and_lets_authors_own(office: Office) -> None:
    await office.writes()
    await office.hand("bram").snooze(office.chat, Preset.HOUR)
    office.clock.advance(3601)
    assert await Waking(office.stores["box"], office.clock).wake_due("pc") == [office.chat]
    eva = Replying(office.stores["eva"], office.clock, office.team.login("eva"))
    reply = await eva.queue_reply(office.chat, "until six")
    async with office.stores["box"].write() as unit:
        await unit.connection.execute(
            sa.text("UPDATE account SET lease_holder = 'pc', lease_epoch = 1, lease_until = now() + interval '1 hour'")
        )
        await replies.claim(unit, reply.id, "pc", 1)
        steps = (ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED, ReplyState.SENT)
        for before, after in pairwise(steps):
            assert await replies.move(unit, reply.id, before, after)
        found = await replies.get_reply(unit.connection, reply.id)
        for _ in range(2):
            await hear(unit, office.chat, News((Heard(unit.now, is_own=True, reply=found),)))
    handled = await office.hand("bram").get(office.chat)
    assert (handled.state, handled.handling.assignee) == (ChatState.WAITING, (await office.hand("eva").me()).id)
    events = await office.hand("bram").list_events(office.chat)
    assert [event.reply for event in events if event.kind == "human_out"] == [reply.id]


async def test_a_colleague_says_of_a_reply_in_doubt_that_it_was_sent(office: Office) -> None:
    await office.writes()
    her = office.team.login("eva")
    async with office.team.as_() as root:
        await root.execute(
            "INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) "
            f"VALUES ('lost', 1, 1, 'until six', '{her}', 'unknown', now())"
        )
    bram = Replying(office.stores["bram"], office.clock, office.team.login("bram"))
    assert await bram.settle_reply(ReplyId("lost"), was_sent=True)
    found = [(event.kind, event.actor) for event in await office.hand("eva").list_events(office.chat) if event.actor]
    assert found == [("human_out", her), ("assign", office.team.login("bram"))]


async def test_a_draft_is_handed_over_and_seen_by_its_new_owner_alone(office: Office) -> None:
    eva, bram = (Drafting(office.stores[n], office.clock, office.team.login(n)) for n in ("eva", "bram"))
    await eva.save(office.chat, "until")
    assert await bram.get(office.chat) is None
    with pytest.raises(BadInput, match="may answer on this number"):
        await eva.hand_over(office.chat, (await office.hand("cees").me()).id)
    await eva.hand_over(office.chat, (await office.hand("bram").me()).id)
    found = await bram.get(office.chat)
    assert found is not None
    assert (found.body, found.handed_by) == ("until", (await office.hand("eva").me()).id)
    assert await eva.list_mine() == []


async def test_the_inbox_and_presence_work_under_row_security(office: Office) -> None:
    await office.writes()
    await office.hand("eva").take(office.chat)
    eva, bram = (Attending(office.stores[n], office.clock, office.team.login(n)) for n in ("eva", "bram"))
    await eva.sign_in()
    await eva.typing(office.chat)
    await eva.typing(office.chat)
    assert await eva.beat()
    viewing = Viewing(office.stores["bram"], office.clock, office.team.login("bram"))
    (row,) = await viewing.list_inbox(View.WAITING)
    assert (row.owner_name, row.others, row.others_type, row.has_draft) == ("Eva", 1, True, False)
    assert (await viewing.count_inbox())[View.MINE] == 0
    assert [one.name for one in await bram.list_present()] == ["Eva"]
    await eva.sign_out()
    assert await bram.others_in([office.chat]) == {}


async def test_the_phones_driver_gives_chats_out(office: Office) -> None:
    await office.writes()
    async with office.team.as_() as root:
        await root.execute("UPDATE account SET rules = '{\"auto_assign\": true}'")
    giving = Giving(office.stores["box"], office.clock)
    await Attending(office.stores["cees"], office.clock, office.team.login("cees")).sign_in()
    assert await giving.give_out("pc") == []
    await Attending(office.stores["bram"], office.clock, office.team.login("bram")).sign_in()
    assert await giving.give_out("pc") == [(office.chat, (await office.hand("bram").me()).id)]


async def test_who_wrote_is_shown_by_name(office: Office) -> None:
    await office.writes()
    for name, body in (("eva", "one"), ("bram", "two")):
        await (
            Replying(office.stores[name], office.clock, office.team.login(name))
            .knowing(Facts(is_anyway=True))
            .queue_reply(office.chat, body)
        )
    root = Store(office.team.owner, office.clock.now)
    async with root.write() as unit:
        await unit.connection.execute(sa.text("UPDATE outbox SET author = 'Kees' WHERE body = 'two'"))
        await unit.connection.execute(
            sa.text(
                "INSERT INTO message (chat_id, account_id, position, direction, kind, text, reactions, origin,"
                " first_seen_at, reply_uid) SELECT chat_id, account_id, 1, 'out', 'text', body, '[]', 'screen', now(),"
                " uid FROM outbox WHERE body = 'one'"
            )
        )
    await root.close()
    for reader in ("bram", "cees"):
        browsing = Browsing(office.stores[reader], office.clock)
        rows = await browsing.list_messages(office.chat)
        assert [(row.content.text, row.author) for row in rows] == [("one", "Eva"), ("two", "Kees")]
        assert sorted(reply.author for reply in await browsing.list_outbox()) == ["Eva", "Kees"]


async def test_who_sees_only_their_own_hands_a_chat_over_and_sees_it_no_more(office: Office) -> None:
    await office.writes()
    root = Store(office.team.owner, office.clock.now)
    async with root.write() as unit:
        await unit.connection.execute(sa.text("UPDATE member SET only_own = true WHERE name = 'Eva'"))
    eva, bram = office.hand("eva"), office.hand("bram")
    him = await bram.me()
    await eva.take(office.chat)
    given = await eva.assign(office.chat, him.id, "knows the pump")
    assert given.handling.assignee == him.id
    with pytest.raises(BadInput, match="no chat"):
        await eva.get(office.chat)
    with pytest.raises(BadInput, match="no chat"):
        await eva.take(office.chat)
    assert (await bram.get(office.chat)).handling.assignee == him.id
    told = [(event.kind, event.actor, event.note) for event in await bram.list_events(office.chat)][-1]
    assert told == ("assign", office.team.login("eva"), "knows the pump")
    await root.close()


async def test_the_rules_of_a_number_are_a_leads_or_an_admins(postgres: Postgres) -> None:
    people = {"eva": "agent", "lea": "lead", "max": "lead", "ada": "admin", "otto": "auditor"}
    async with team_of(postgres, people) as team:
        clock = FakeClock()
        root = Store(team.owner, clock.now)
        async with root.write() as unit:
            account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            await unit.connection.execute(
                sa.text("INSERT INTO membership SELECT 1, id, true FROM member WHERE name IN ('Eva', 'Lea', 'Otto')")
            )
        await root.close()
        stores = {name: Store(team.server(name), clock.now) for name in people}
        hands = {name: Handling(store, clock, team.login(name)) for name, store in stores.items()}
        for name in ("eva", "otto", "max"):
            # Max leads, but not on this number.
            with pytest.raises(NotAllowed):
                await hands[name].set_rules(account, most_open=1)
        assert (await hands["lea"].set_rules(account, most_open=3))["most_open"] == 3
        assert (await hands["ada"].set_rules(account, alert_minutes=20))["alert_minutes"] == 20
        assert (await hands["eva"].get_rules(account)) == {
            "new_case_hours": 72, "auto_assign": False, "most_open": 3, "alert_minutes": 20,
        }  # fmt: skip
        for store in stores.values():
            await store.close()


async def test_a_bridge_alerts_the_team_of_an_owner_who_is_away(office: Office) -> None:
    await office.writes()
    await office.hand("eva").take(office.chat)
    bridge = Alerting(office.stores["box"], office.clock)
    assert await bridge.alert("pc") == []
    root = Store(office.team.owner, office.clock.now)
    async with root.write() as unit:
        earlier = "UPDATE chat SET waiting_since = waiting_since - interval '1 hour'"
        await unit.connection.execute(sa.text(earlier))
        await unit.connection.execute(sa.text("UPDATE handling_event SET at = at - interval '1 hour'"))
    await root.close()
    assert await bridge.alert("pc") == [office.chat]
    assert await bridge.alert("pc") == []
    (one,) = await Alerting(office.stores["bram"], office.clock).list_alerts()
    assert (one.chat, one.owner) == (office.chat, "Eva")
    (row,) = await Viewing(office.stores["bram"], office.clock, office.team.login("bram")).list_inbox(View.TEAM)
    assert row.is_left_alone
