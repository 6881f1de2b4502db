"""How a number is called and told from others."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.domain.ids import AccountId
from app.domain.phone import Badge
from app.services.watching import Watching
from app.store import accounts
from tests.store.conftest import Desk


async def test_a_number_gets_a_name_and_a_badge_part_by_part(desk: Desk) -> None:
    watching = Watching(desk.store, desk.clock)
    assert (await watching.set_look(desk.account, short=" 06-11 ", colour="#1F77B4")).badge == Badge("06-11", "#1f77b4")
    assert (await watching.set_look(desk.account, name="Balie  1")).badge.short == "06-11"
    assert (await watching.set_look(desk.account, colour="")).name == "Balie 1"
    async with desk.store.read() as connection:
        (kept,) = await accounts.list_statuses(connection, desk.clock.now())
    assert (kept.name, kept.badge) == ("Balie 1", Badge("06-11", ""))


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 121}, {"short": "x" * 13}, {"colour": "blue"}, {"colour": "#12345"}]
)
async def test_what_cannot_be_changes_nothing(desk: Desk, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        await Watching(desk.store, desk.clock).set_look(desk.account, **wrong)
    with pytest.raises(BadInput, match="no phone"):
        await Watching(desk.store, desk.clock).set_look(AccountId(99), name="x")
    async with desk.store.read() as connection:
        assert (await accounts.list_statuses(connection, desk.clock.now()))[0].name == "Winkel"
