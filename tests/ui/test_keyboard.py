"""Everything is reached without a mouse, and every row and control has words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def press(window, hands, qtbot):
    window.activateWindow()
    hands.until(window.isActiveWindow)

    def send(key, modifiers=Qt.KeyboardModifier.NoModifier):
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return send


def open_title(window):
    return window.pane.header.title.text()


def test_alt_and_arrows_walk_through_the_chats(window, press, hands):
    press(Qt.Key.Key_Down, ALT)
    hands.until(lambda: open_title(window) == "Mohamed El Amrani")
    press(Qt.Key.Key_Up, ALT)
    hands.until(lambda: open_title(window) == "Sanne de Vries")


def test_control_tab_goes_to_the_next_unread(window, press, hands):
    press(Qt.Key.Key_Tab, CONTROL)
    hands.until(lambda: open_title(window) == "فاطمة بنعلي")


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_F])
def test_control_k_and_f_search(window, press, hands, key):
    press(key, CONTROL)
    assert window.panel.search.hasFocus()
    press(Qt.Key.Key_Escape)
    assert window.panel.chats.hasFocus()


def test_enter_in_the_search_opens_the_first_chat_and_the_composer(window, press, hands, qtbot):
    press(Qt.Key.Key_K, CONTROL)
    qtbot.keyClicks(window.panel.search, "bezorg")
    press(Qt.Key.Key_Return)
    hands.until(lambda: open_title(window) == "Bezorgers")
    assert window.pane.composer.editor.hasFocus()


def test_escape_goes_back_to_the_list(window, press):
    window.focus_composer()
    press(Qt.Key.Key_Escape)
    assert window.panel.chats.hasFocus()


def test_f5_asks_for_a_check_of_the_phones(window, press, world):
    press(Qt.Key.Key_F5)
    assert world.checks == ["check"]


def test_tab_goes_from_search_over_the_list_to_the_composer(window, press):
    window.panel.focus_search()
    seen = []
    for _ in range(8):
        press(Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    order = [w for w in seen if w in (window.panel.chats, window.pane.view, window.pane.composer.editor)]
    assert order[:3] == [window.panel.chats, window.pane.view, window.pane.composer.editor]


def test_a_message_is_copied_with_the_keyboard(window, press):
    view = window.pane.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(view.model().rowCount() - 1))
    press(Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "Top, dank u wel!"


def spoken(model):
    return [model.data(model.index(i), Qt.ItemDataRole.AccessibleTextRole) for i in range(model.rowCount())]


def test_chats_say_who_what_and_what_is_open(window):
    said = spoken(window.panel.model)
    assert "Sanne de Vries" in said[0]
    assert "2 unread" in said[0]
    assert "waits for an answer" in said[0]
    assert "Top, dank u wel!" in said[0]
    assert "Winkel" in said[0]
    assert "a reply was not sent" in said[1]
    assert "not known whether" in said[1]


def test_messages_say_who_what_when_and_how_far(window):
    said = spoken(window.pane.conversation.model)
    assert any("We, " in line and "read" in line and "week 48" in line for line in said)
    assert any(line.startswith("Customer, Photo") or "Zo ziet hij eruit" in line for line in said)
    assert all(said)


def test_every_control_has_a_name(window):
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible() and widget.parent() is not None:
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else "")
            is_inner = widget.objectName().startswith("qt_") or type(widget) is QWidget
            assert name or is_inner or type(widget).__name__ in ("QToolButton", "QSplitter"), widget


def test_the_lists_are_lists_for_a_screen_reader(window):
    found = QAccessible.queryAccessibleInterface(window.panel.chats)
    assert found.role() == QAccessible.Role.List
    assert found.childCount() == 6
    assert "Sanne" in found.child(0).text(QAccessible.Text.Name)
