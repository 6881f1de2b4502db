"""The window on a conversation: pages both ways, keeps its place, follows the newest, changes rows in place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from app.domain.message import Content, Kind, Tick
from app.domain.reply import ReplyState
from ui.models.conversation import FIRST, MOST, PAGE
from ui.models.conversation_items import ItemKind
from ui.models.keyed import ROW

MANY = 1200


@pytest.fixture
def long_chat(world, hands):
    async def fill():
        account = await world.add_phone("Winkel")
        chat = await world.add_chat(account, "Lang gesprek", complete=True)
        await world.fill(chat, [f"bericht {n} woord{n}" for n in range(MANY)])
        return chat

    return hands.run(fill())


@pytest.fixture
def view(long_chat, open_window, hands):
    window = open_window()
    hands.until(lambda: window.pane.conversation.model.rowCount() >= FIRST)
    hands.settle()
    return window.pane.view


def top_key(view):
    return view.indexAt(QPoint(view.viewport().width() // 2, 1)).data(ROW).key


def top_of(view, key):
    return view.visualRect(view.model().index(view.model().position_of(key))).top()


def conversation(view):
    return view._conversation


def last_text(view):
    return view.model().row_at(view.model().rowCount() - 1).row.content.text


def test_a_chat_opens_at_its_newest_message_with_one_page(view):
    assert view.is_at_end
    assert FIRST <= view.model().rowCount() <= FIRST + 3
    assert last_text(view) == f"bericht {MANY - 1} woord{MANY - 1}"


def test_the_first_chat_is_opened_once(long_chat, open_window, hands):
    """A second opening would throw whoever scrolled in the meantime back to the end."""
    window = open_window()
    opened = []
    window.pane.conversation.opened.connect(opened.append)
    window.load()
    hands.until(lambda: opened)
    hands.settle()
    assert opened == [None]


def test_the_chat_chosen_last_is_the_one_that_is_shown_and_answered(window, chats, hands):
    first, last = list(chats.values())[:2]
    for chat in (first, last, first, last):
        window.pane.open(chat)
        assert window.pane.conversation.chat == chat
    hands.until(lambda: any(i.row for i in map(window.pane.view.model().row_at, range(3)) if i))
    hands.settle()
    assert window.pane.conversation.chat == last
    assert window.pane.chat.id == last


def test_older_pages_come_above_and_what_is_read_stays_where_it_is(view, hands):
    resets = []
    view.model().modelReset.connect(lambda: resets.append(1))
    before = view.model().rowCount()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 3)
    key = top_key(view)
    place = top_of(view, key)
    conversation(view).load_older()
    hands.until(lambda: view.model().rowCount() >= before + PAGE)
    assert abs(top_of(view, key) - place) <= 1
    assert not resets


def test_the_window_stays_small_and_pages_back_down_to_the_newest(view, hands):
    resets = []
    view.model().modelReset.connect(lambda: resets.append(1))

    def has_top():
        return view.model().row_at(0).kind is ItemKind.START

    def up():
        view.verticalScrollBar().setValue(0)
        return has_top()

    hands.until(up)
    assert view.model().rowCount() <= MOST + 5
    assert conversation(view).has_newer
    assert view.model().row_at(0).kind is ItemKind.START

    def down():
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        return not conversation(view).has_newer

    hands.until(down)
    assert last_text(view) == f"bericht {MANY - 1} woord{MANY - 1}"
    assert conversation(view).has_older
    keys = [view.model().row_at(i).row.order for i in range(view.model().rowCount()) if view.model().row_at(i).row]
    assert keys == sorted(keys)
    assert not resets


def test_a_new_message_is_followed_at_the_end(view, world, long_chat, hands):
    hands.run(world.say(long_chat, "zojuist"))
    hands.until(lambda: last_text(view) == "zojuist")
    assert view.is_at_end


def test_a_new_message_does_not_move_who_reads_further_up(view, world, long_chat, hands):
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    hands.settle()
    key = top_key(view)
    place = top_of(view, key)
    hands.run(world.say(long_chat, "zojuist"))
    hands.until(lambda: last_text(view) == "zojuist")
    assert abs(top_of(view, key) - place) <= 1
    assert view.newest.isVisible()


def test_a_tick_changes_one_row(view, world, long_chat, hands):
    changed, others = [], []
    model = view.model()
    row = model.row_at(model.rowCount() - 5).row
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
        signal.connect(lambda *_: others.append(1))
    hands.run(world.change(long_chat, int(row.key[1:]), Content(Kind.TEXT, "bewerkt", tick=Tick.READ, edited=True)))
    hands.until(lambda: changed)
    position = model.rowCount() - 5
    assert changed == [(position, position)]
    assert not others
    assert model.row_at(position).row.content.text == "bewerkt"


def test_a_change_far_above_is_seen_too(view, world, long_chat, hands):
    model = view.model()
    row = model.row_at(4).row
    hands.run(world.change(long_chat, int(row.key[1:]), Content(Kind.DELETED)))
    hands.until(lambda: model.row_at(4).row.content.kind is Kind.DELETED)


def test_a_found_message_far_away_is_shown_in_the_middle(view, long_chat, hands):
    hands.run(conversation(view).open(long_chat, 40))
    row = view.model().position_of("m40")
    assert row > 0
    box = view.visualRect(view.model().index(row))
    assert 0 < box.top() < view.viewport().height()
    assert view.newest.isVisible()
    view.newest.click()
    hands.until(lambda: last_text(view) == f"bericht {MANY - 1} woord{MANY - 1}")
    assert view.is_at_end


def test_a_reply_stands_below_and_gives_way_to_its_echo(view, world, long_chat, hands):
    hands.run(world.reply(long_chat, "Komt eraan", ReplyState.QUEUED))
    hands.until(lambda: last_text(view) == "Komt eraan")
    assert view.model().row_at(view.model().rowCount() - 1).row.state == "queued"
    assert view.is_at_end


def test_gaps_days_and_beginnings_have_rows_of_their_own(window, hands, chats):
    window.open_chat(chats["kinds"])
    model = window.pane.conversation.model
    hands.until(lambda: model.rowCount() > 20)
    kinds = [model.row_at(i).kind for i in range(model.rowCount())]
    assert kinds[0] is ItemKind.UNREAD_ABOVE
    assert kinds.count(ItemKind.DAY) == 3
    assert kinds.count(ItemKind.GAP) == 1
    assert kinds.count(ItemKind.NOTICE) == 1
    assert "Messages are missing here" in model.data(model.index(kinds.index(ItemKind.GAP)))


def test_a_closed_gap_disappears(window, world, hands, chats):
    model = window.pane.conversation.model
    gap = next(model.row_at(i) for i in range(model.rowCount()) if model.row_at(i).kind is ItemKind.GAP)
    hands.run(world.close_gap(chats["kinds"], int(gap.key.removeprefix("gap-m"))))
    hands.until(lambda: model.position_of(gap.key) < 0)
