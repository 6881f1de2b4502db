"""Old changes and presence are removed in parts; a listener that was away for longer is told so; on both engines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.runtime.chores import SWEEP_EVERY_S, Chores
from app.services import sweeping
from app.services.attending import Attending, Presence
from app.services.sweeping import Sweeping
from app.store.changed import RowChanged
from app.store.feed import STALE, changes_after, newest_change
from app.store.schema import change, chat_presence, presence
from tests.store.conftest import Desk

DAY_S = 24 * 3600


async def count(desk: Desk, table: sa.Table) -> int:
    async with desk.store.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def tell(desk: Desk, kind: str, times: int = 1) -> None:
    async with desk.store.write() as unit:
        await unit.touch_many(kind, range(times))


async def test_what_is_three_days_old_goes_part_by_part_and_the_newest_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PART", 7)
    await tell(desk, "old", 30)
    before = await count(desk, change)
    desk.clock.advance(3 * DAY_S + 1)
    assert await Sweeping(desk.store, desk.clock).sweep() == before - 1
    await tell(desk, "new", 5)
    assert await Sweeping(desk.store, desk.clock).sweep() == 1
    assert await count(desk, change) == 5


async def test_who_was_there_long_ago_goes_and_who_was_lately_stays(desk: Desk) -> None:
    eva, bram = (Attending(desk.store, desk.clock, name) for name in ("Eva", "Bram"))
    for who in (eva, bram):
        await who.sign_in(Presence.AVAILABLE)
        await who.enter(desk.chat)
    desk.clock.advance(DAY_S + 120)
    await bram.sign_in(Presence.AVAILABLE)
    await bram.enter(desk.chat)
    await Sweeping(desk.store, desk.clock).sweep()
    assert (await count(desk, presence), await count(desk, chat_presence)) == (1, 1)
    assert [one.name for one in await bram.list_present()] == ["Bram"]


async def test_who_drives_the_phone_sweeps_once_an_hour(desk: Desk) -> None:
    chores = Chores(desk.store, desk.clock, "pc")
    await chores.do()
    await tell(desk, "old", 3)
    desk.clock.advance(SWEEP_EVERY_S - 1)
    async with desk.store.write() as unit:
        await unit.connection.execute(sa.update(change).values(at=unit.now - sweeping.KEPT * 2))
    before = await count(desk, change)
    await chores.do()
    assert await count(desk, change) == before
    desk.clock.advance(5)
    await chores.do()
    assert await count(desk, change) == 1


async def test_a_place_before_what_is_kept_is_stale_and_one_within_is_not(file_desk: Desk) -> None:
    async with file_desk.store.read() as connection:
        place = await newest_change(connection)
    await tell(file_desk, "old", 3)
    async with file_desk.store.read() as connection:
        within, heard = await changes_after(connection, place)
    assert STALE not in heard
    file_desk.clock.advance(3 * DAY_S + 1)
    await tell(file_desk, "new")
    await Sweeping(file_desk.store, file_desk.clock).sweep()
    async with file_desk.store.read() as connection:
        assert (await changes_after(connection, place))[1] == [STALE, RowChanged("new", "0")]
        assert (await changes_after(connection, within))[1] == [RowChanged("new", "0")]
