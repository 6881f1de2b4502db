"""What a team keeps beside the chats, through the services, by people with logins of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import AccountId, ChatId
from app.services.canning import Canning, Draft
from app.services.contacting import Contacting
from app.services.labelling import Labelling
from app.services.noting import Noting
from app.services.opening import Opening
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import Team, team_of
from tests.store.server.test_rights import NUMBERS

PEOPLE = {"eva": "agent", "bram": "agent", "lea": "lead"}
ON = {"eva": (1, 2), "bram": (3,), "lea": (1, 2, 3)}


@dataclass
class Office:
    """Eva on numbers 1 and 2, Bram on 3, Lea leads on all; each with a store of their own."""

    team: Team
    stores: dict[str, Store]

    def who(self, name: str) -> tuple[Store, str]:
        return self.stores[name], self.team.login(name)


@asynccontextmanager
async def _opened(team: Team, name: str) -> AsyncIterator[Store]:
    store = Store(team.server(name), FakeClock().now)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def office(postgres: Postgres) -> AsyncIterator[Office]:
    async with team_of(postgres, PEOPLE) as team, AsyncExitStack() as stack:
        async with team.as_() as owner:
            await owner.execute(NUMBERS + "SELECT setval('chat_id_seq', 100);")
            for name, numbers in ON.items():
                await owner.execute(
                    "INSERT INTO membership SELECT unnest($1::bigint[]), id, true FROM member WHERE login = $2",
                    list(numbers), team.login(name),
                )  # fmt: skip
        stores = {name: await stack.enter_async_context(_opened(team, name)) for name in PEOPLE}
        yield Office(team, stores)


async def test_notes_and_mentions_of_people_who_log_in_as_themselves(office: Office) -> None:
    eva, lea, bram = (Noting(*office.who(name)) for name in ("eva", "lea", "bram"))
    text = f"@{office.team.login('lea')} and @{office.team.login('bram')}"
    one = await eva.add(ChatId(1), text, "n-1")
    assert await eva.add(ChatId(1), text, "n-1") == one
    assert [m.note.id for m in await lea.list_mentions()] == [one.id]
    assert await bram.list_mentions() == []
    assert await lea.mark_read(one.id)
    assert (await eva.edit(one.id, "never mind")).body == "never mind"
    with pytest.raises(BadInput, match="somebody else"):
        await lea.remove(one.id)
    for wrong in (bram.add(ChatId(1), "x"), bram.edit(one.id, "x"), bram.add(ChatId(3), "x", "n-1")):
        with pytest.raises(BadInput):
            await wrong
    await eva.remove(one.id)
    assert await lea.list_notes(ChatId(1)) == []


async def test_labels_marks_and_views_of_people_who_log_in_as_themselves(office: Office) -> None:
    eva, lea, bram = (Labelling(*office.who(name)) for name in ("eva", "lea", "bram"))
    made = await eva.add("spoed", uid="l-1")
    assert await eva.add("spoed", uid="l-1") == made
    assert await bram.list_labels() == [made]
    assert await eva.put(ChatId(1), "spoed")
    assert not await lea.put(ChatId(1), "spoed")
    assert await bram.labels_by_chat() == {}
    with pytest.raises(BadInput, match="no chat"):
        await bram.put(ChatId(1), "spoed")
    assert await lea.take(ChatId(1), "spoed")
    assert (await lea.change("spoed", "haast")).id == made.id
    await lea.remove("haast")
    assert await eva.list_labels() == []
    assert (await eva.mark(ChatId(1), star=True)).star
    assert not (await eva.mark(ChatId(1), star=False)).star
    view = await eva.save_view("ours", {"a": 1}, shared=True, uid="v-1")
    assert await bram.list_views() == [view]
    with pytest.raises(BadInput):
        await bram.save_view("x", {}, uid="v-1")
    assert await eva.remove_view("v-1")
    assert await bram.list_views() == []


async def test_canned_replies_are_the_leads_to_change_and_everybodys_to_use(office: Office) -> None:
    eva, lea, bram = (Canning(office.stores[n], FakeClock(), office.team.login(n)) for n in ("eva", "lea", "bram"))
    draft = Draft("open", "Open", "hello {{agent}}")
    with pytest.raises(NotAllowed):
        await eva.add(draft)
    one = await lea.add(draft, "c-1")
    assert await lea.add(draft, "c-1") == one
    own = await lea.add(Draft("eigen", "Own", "x", account=AccountId(1)))
    assert [o.id for o in await eva.find("")] == [own.id, one.id]
    assert [o.id for o in await bram.find("")] == [one.id]
    for wrong in (eva.edit(one, body="x"), eva.remove(one)):
        with pytest.raises(NotAllowed):
            await wrong
    assert (await eva.offer(one, ChatId(1))).rendered.text == "hello Eva"
    assert await eva.note_use(one, ChatId(1), 0, "r-1")
    assert not await eva.note_use(one, ChatId(1), 0, "r-1")
    assert (await lea.get("open")).uses == 1
    assert (await lea.edit(one, body="y")).draft.body == "y"
    await lea.remove(one)
    assert await bram.list_canned() == []
    assert (await lea.restore(one)).uses == 1


async def test_contacts_across_numbers_that_not_everybody_sees(office: Office) -> None:
    eva, lea, bram = (Contacting(*office.who(name)) for name in ("eva", "lea", "bram"))
    async with office.team.as_() as owner:
        await owner.execute(
            "INSERT INTO chat (id, account_id, title, title_key, jid) "
            "VALUES (11, 3, 'Same', 'same', '31612345671@s.whatsapp.net')"
        )
    first, same = await asyncio.gather(eva.open(ChatId(1)), bram.open(ChatId(11)))
    assert first.card.id == same.card.id
    assert [len((await who.open(chat)).chats) for who, chat in ((eva, 1), (bram, 11), (lea, 1))] == [1, 1, 2]
    for wrong in (bram.open(ChatId(1)), eva.set_part(ChatId(3), "name", "x"), bram.merge(ChatId(3), ChatId(1))):
        with pytest.raises(BadInput):
            await wrong
    await bram.set_part(ChatId(11), "company", "Bakker BV")
    assert (await eva.open(ChatId(1))).card.parts["company"] == "Bakker BV"
    second = await eva.open(ChatId(2))
    await eva.merge(ChatId(2), ChatId(1))
    assert (await bram.open(ChatId(11))).card.id == second.card.id
    assert [one.contact for one in await bram.find("customer")] == [second.card.id, None]
    assert (await eva.undo_merge(ChatId(1))).card.id == first.card.id
    assert (await eva.open(ChatId(2))).card.id == second.card.id
    await eva.link(ChatId(2), ChatId(1))
    assert len((await lea.open(ChatId(1))).chats) == 3
    assert (await eva.unlink(ChatId(2))).card.id not in (first.card.id, second.card.id)


async def test_hours_are_the_leads_to_change(office: Office) -> None:
    eva, lea, bram = (Opening(office.stores[n], FakeClock(), office.team.login(n)) for n in ("eva", "lea", "bram"))
    number = AccountId(1)
    with pytest.raises(NotAllowed):
        await eva.set_week(number, "mon 09:00-10:00")
    kept = await lea.set_week(number, "mon 09:00-10:00")
    assert kept.changed_by == office.team.login("lea")
    assert await eva.get(number) == kept
    assert (await bram.get(number)).calendar is None
    with pytest.raises(NotAllowed):
        await eva.set_level(number, first_minutes=1)
    assert (await lea.set_level(number, first_minutes=1)).level.first_minutes == 1
