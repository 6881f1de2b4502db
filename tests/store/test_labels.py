"""Labels, marks and saved views, on a file and on a server."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.domain.ids import ChatId
from app.services.labelling import COLOURS, Labelling, Mark
from app.store.engine import RowChanged
from tests.store.conftest import Desk


@pytest.fixture
def eva(desk: Desk) -> Labelling:
    return Labelling(desk.store, "eva")


async def test_a_label_is_made_once_and_its_name_is_its_own_among_the_living(desk: Desk, eva: Labelling) -> None:
    first = await eva.add(" Spoed  klus ", uid="l-1")
    assert await eva.add("Spoed klus", uid="l-1") == first
    assert (first.name, first.colour, first.author) == ("Spoed klus", COLOURS[0], "eva")
    with pytest.raises(BadInput, match="of that name"):
        await Labelling(desk.store, "bram").add("SPOED KLUS")
    await eva.remove("spoed klus")
    second = await eva.add("Spoed klus")
    assert second.id != first.id
    assert await eva.list_labels() == [second]


async def test_a_removed_label_keeps_where_it_was(desk: Desk, eva: Labelling) -> None:
    bram = Labelling(desk.store, "bram")
    told: list[RowChanged] = []
    made = await eva.add("garantie")
    desk.store.listen(told.extend)
    assert await eva.put(desk.chat, "Garantie")
    assert not await bram.put(desk.chat, "garantie")
    assert RowChanged("chat_label", str(made.id), desk.chat) in told
    assert await eva.labels_of(desk.chat) == [made]
    assert await eva.labels_by_chat() == {desk.chat: [made]}
    assert await bram.take(desk.chat, "garantie")
    assert not await bram.take(desk.chat, "garantie")
    assert await eva.put(desk.chat, "garantie")
    await bram.remove("garantie")
    assert await eva.labels_of(desk.chat) == []
    history = await eva.history_of(desk.chat)
    assert [(one.label.name, one.author, one.removed_by) for one in history] == [
        ("garantie", "eva", "bram"),
        ("garantie", "eva", None),
    ]


async def test_a_label_is_renamed_but_not_to_one_that_is_there(desk: Desk, eva: Labelling) -> None:
    made = await eva.add("garantie")
    await eva.add("spoed")
    await eva.put(desk.chat, "garantie")
    with pytest.raises(BadInput, match="of that name"):
        await eva.change("garantie", "Spoed")
    changed = await eva.change("garantie", "Garantié", "#00FF00")
    assert (changed.id, changed.name, changed.colour) == (made.id, "Garantié", "#00ff00")
    assert await eva.labels_of(desk.chat) == [changed]


async def test_what_cannot_be_is_refused(desk: Desk, eva: Labelling) -> None:
    await eva.add("spoed")
    for wrong in (
        eva.add(" "), eva.add("x" * 61), eva.add("y", "red"), eva.remove("nobody"), eva.put(desk.chat, "nobody"),
        eva.put(ChatId(99), "spoed"), eva.take(desk.chat, "nobody"), eva.mark(ChatId(99), star=True),
        eva.save_view("v", {"a": object()}), eva.save_view("v", {"a": "x" * 5000}), eva.save_view("", {}),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            await wrong
    assert [one.name for one in await eva.list_labels()] == ["spoed"]
    assert await eva.list_views() == []


async def test_marks_are_each_persons_own(desk: Desk, eva: Labelling) -> None:
    bram = Labelling(desk.store, "bram")
    assert await eva.mark(desk.chat, star=True) == Mark(desk.chat, star=True)
    assert await eva.mark(desk.chat, follow=True) == Mark(desk.chat, star=True, follow=True)
    assert await bram.list_marks() == {}
    await bram.mark(desk.chat, follow=True)
    assert await eva.mark(desk.chat, star=False, follow=False) == Mark(desk.chat)
    assert await eva.list_marks() == {}
    assert await bram.list_marks() == {desk.chat: Mark(desk.chat, follow=True)}


async def test_views_are_private_or_shared_and_their_owners_to_change(desk: Desk, eva: Labelling) -> None:
    bram = Labelling(desk.store, "bram")
    private = await eva.save_view("mine", {"label": "spoed"}, uid="v-1")
    assert await bram.list_views() == []
    shared = await eva.save_view("ours", {"label": "garantie"}, shared=True, uid="v-1")
    assert (shared.id, shared.name, shared.query) == (private.id, "ours", {"label": "garantie"})
    assert await bram.list_views() == [shared]
    with pytest.raises(BadInput, match="somebody else"):
        await bram.save_view("taken", {}, uid="v-1")
    assert not await bram.remove_view("v-1")
    assert await eva.remove_view("v-1")
    assert not await eva.remove_view("v-1")
    assert await bram.list_views() == []
    with pytest.raises(BadInput, match="removed"):
        await eva.save_view("again", {}, uid="v-1")
