"""The whole window on a real database."""

from __future__ import annotations

import os
import subprocess
import sys

from PySide6.QtCore import Qt

from app.domain.phone import PhoneState
from app.store import chats as chat_table
from ui.models.chat_rows import View
from ui.models.keyed import ROW


def titles(window):
    model = window.panel.model
    return [model.row_at(i).chat.title for i in range(model.rowCount())]


def button(window, text):
    return next(b for b in window.rail._group.buttons() if b.text() == text)


def test_a_first_start_says_the_next_step_with_the_exact_commands(open_window, world):
    window = open_window()
    assert window.pane.welcome.isVisible()
    assert "phoneshelf phones add SERIAL" in window.pane.welcome.commands.text()
    assert str(world.desk.settings.home) in window.pane.welcome.commands.text()
    assert window.panel.empty.isVisible()


def test_a_phone_that_is_added_appears_by_itself(open_window, world, hands):
    window = open_window()
    account = hands.run(world.add_phone("Winkel", PhoneState.STARTING))
    hands.until(lambda: window.status.segments)
    assert "starting" in window.status.segments[0].accessibleName()
    hands.until(lambda: "first chats" in window.pane.welcome.title.text())
    chat = hands.run(world.add_chat(account, "Eerste klant"))
    hands.run(world.say(chat, "Hallo"))
    hands.until(lambda: titles(window) == ["Eerste klant"])
    hands.until(lambda: window.pane.conversation.chat == chat)


def test_the_newest_chat_is_open_and_its_facts_stand_above(window):
    assert window.pane.header.title.text() == "Sanne de Vries"
    assert "via" in window.pane.header.facts.text()
    assert "verified until" in window.pane.header.verified.text()
    assert window.windowTitle().startswith("(3)")


def test_the_rail_narrows_the_list(window):
    everything = titles(window)
    button(window, "Waiting").click()
    assert titles(window) == ["Sanne de Vries", "فاطمة بنعلي", "Bezorgers"]
    button(window, "Werkplaats").click()
    assert titles(window) == ["Mohamed El Amrani", "+31 6 10003200"]
    button(window, "All").click()
    assert titles(window) == everything


def test_an_answer_ends_the_waiting(window, world, chats, hands):
    button(window, "Waiting").click()
    hands.run(world.desk.replying.queue_reply(chats["rtl"], "Tot zes uur"))
    hands.until(lambda: "فاطمة بنعلي" not in titles(window))


def test_a_new_message_brings_its_chat_to_the_top_and_keeps_the_selection(window, world, chats, hands):
    moved = []
    window.panel.model.rowsMoved.connect(lambda *_: moved.append(1))
    resets = []
    window.panel.model.modelReset.connect(lambda: resets.append(1))

    async def arrive():
        await world.say(chats["old"], "Bent u er nog?")
        async with world.store.write() as unit:
            await chat_table.change_chat(unit, chats["old"], last_at=world.clock.now(), unread=1)

    hands.run(arrive())
    hands.until(lambda: titles(window)[0].startswith("Chloé"))
    assert moved
    assert not resets
    assert window.panel.chats.currentIndex().data(ROW).chat.id == chats["kinds"]
    assert window.pane.conversation.chat == chats["kinds"]


def test_typing_narrows_chats_and_finds_messages(window, hands, qtbot):
    window.panel.focus_search()
    qtbot.keyClicks(window.panel.search, "moham")
    assert titles(window) == ["Mohamed El Amrani"]
    window.panel.search.clear()
    qtbot.keyClicks(window.panel.search, "ontbreekt")
    hands.until(lambda: window.panel.hits.rowCount() == 1)
    assert window.panel.found.isVisible()
    window.panel.found.clicked.emit(window.panel.hits.index(0))
    hands.until(lambda: window.pane.view.messages.flashed is not None)
    window.panel.search.clear()
    hands.until(lambda: window.panel.hits.rowCount() == 0)
    assert len(titles(window)) == 6


def test_a_number_is_found_by_its_digits(window, qtbot):
    qtbot.keyClicks(window.panel.search, "06 8765")
    assert titles(window) == ["Mohamed El Amrani"]


def test_the_status_bar_says_state_and_next_step_in_words(window):
    spoken = [segment.accessibleName() for segment in window.status.segments]
    assert spoken[0].startswith("Winkel: ready")
    assert "Werkplaats: locked" in spoken[1]
    assert "Unlock the phone" in spoken[1]
    assert "1 in the queue" in spoken[1]


def test_theme_and_language_change_while_it_runs(window):
    window.rail.theme_chosen.emit("dark")
    assert window._theme.colours.is_dark
    window.rail.language_chosen.emit("nl")
    assert button(window, "Wachtend")
    assert window.pane.composer.button.text() == "Verzenden"
    assert "vergrendeld" in window.status.segments[1].accessibleName()


def test_it_fits_where_it_must(window, hands):
    window.resize(1024, 700)
    hands.settle()
    assert window.width() == 1024
    assert window.minimumSizeHint().width() <= 960
    assert window.minimumSizeHint().height() <= 540
    assert window.pane.composer.button.geometry().right() <= window.pane.composer.width()


def test_it_mirrors_for_languages_from_right_to_left(window, qapp, hands):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        hands.settle()
        assert window.rail.mapTo(window, window.rail.rect().topLeft()).x() > window.width() // 2
        assert not window.grab().isNull()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_closing_asks_and_does_not_end_by_itself(window):
    asked = []
    window.close_wanted.connect(lambda: asked.append(1))
    window.close()
    assert asked
    assert window.isVisible()


def test_views_tell_what_they_show(window):
    row = window.panel.model.row_at(0)
    assert View().shows(row)
    assert not View(account=row.chat.account + 1).shows(row)


def test_the_command_opens_a_window_and_leaves_cleanly(tmp_path):
    picture = tmp_path / "window.png"
    command = [sys.executable, "-m", "app", "window", "--home", str(tmp_path), "--no-bridge", "--for", "0.5"]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PHONESHELF_LANGUAGE": "nl"}
    done = subprocess.run(  # noqa: S603
        [*command, "--screenshot", str(picture)], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert picture.stat().st_size > 5_000
    assert "CRITICAL" not in (tmp_path / "logs" / "phoneshelf.log").read_text("utf-8")
