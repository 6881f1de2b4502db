"""What an agent wants goes to the outbox, can be taken back, and asks for a person only when one is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt

from app.domain.ids import ChatId
from app.domain.message import Content, Direction, Kind, Shown
from app.domain.policy import parse_quiet
from app.domain.reply import Reason, ReplyState, Wait
from app.services.browsing import MessageRow
from app.services.restraining import Restraining
from tests.ui.seeding import NOW
from ui.phrases import REASON, reply_line
from ui.widgets.composer import Editor


def outbox(world, hands):
    return hands.run(world.desk.browsing.list_outbox())


def write(qtbot, window, text):
    window.pane.composer.editor.setFocus()
    qtbot.keyClicks(window.pane.composer.editor, text)


def test_enter_queues_one_reply_to_the_open_chat(window, world, chats, hands, qtbot):
    write(qtbot, window, "Morgen klaar")
    qtbot.keyClick(window.pane.composer.editor, Qt.Key.Key_Return)
    hands.until(lambda: window.pane.undo.rows)
    mine = [r for r in outbox(world, hands) if r.body == "Morgen klaar"]
    assert [(r.chat, r.author, r.state) for r in mine] == [(chats["kinds"], "Eva", ReplyState.QUEUED)]
    assert mine[0].not_before == world.clock.at + timedelta(seconds=5)
    assert window.pane.composer.text == ""
    assert not window.inbox.rows()[0].has_draft


def test_shift_enter_starts_a_line(window, qtbot):
    write(qtbot, window, "een")
    qtbot.keyClick(window.pane.composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    write(qtbot, window, "twee")
    assert window.pane.composer.text == "een\ntwee"


def test_where_enter_does_not_send_control_enter_does(theme, qtbot, hands):
    editor = Editor(enter_sends=False)
    qtbot.addWidget(editor)
    sent = []
    editor.submitted.connect(lambda: sent.append(editor.toPlainText()))
    qtbot.keyClicks(editor, "a")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert not sent
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == ["a\n"]


def test_nothing_but_spaces_is_not_sent(window, world, hands, qtbot):
    before = len(outbox(world, hands))
    write(qtbot, window, "   ")
    assert not window.pane.composer.button.isEnabled()
    qtbot.keyClick(window.pane.composer.editor, Qt.Key.Key_Return)
    hands.settle()
    assert len(outbox(world, hands)) == before


def test_the_composer_says_to_whom_and_grows_to_six_lines(window, qtbot):
    composer = window.pane.composer
    assert "Sanne de Vries" in composer.recipient.text()
    assert "+31612345678" in composer.recipient.text()
    assert "Winkel" in composer.recipient.text()
    one = composer.editor.height()
    composer.put_text("\n".join("abc"))
    three = composer.editor.height()
    composer.put_text("\n".join("abcdefghijkl"))
    twelve = composer.editor.height()
    composer.put_text("\n".join("abcdef"))
    assert one < three < twelve == composer.editor.height()


def test_a_reply_can_be_taken_back_and_its_text_returns(window, world, hands, qtbot):
    write(qtbot, window, "Te vroeg")
    window.pane.composer.button.click()
    hands.until(lambda: window.pane.undo.rows)
    row = window.pane.undo.rows[0]
    assert "5 s" in row.button.text()
    write(qtbot, window, "nieuw")
    row.button.click()
    hands.until(lambda: not window.pane.undo.rows)
    assert [r.state for r in outbox(world, hands) if r.body == "Te vroeg"] == [ReplyState.CANCELLED]
    assert window.pane.composer.text == "Te vroeg\nnieuw"
    assert not window.pane.undo.isVisible()


def test_the_undo_strip_goes_when_its_time_is_over(window, world, hands, qtbot):
    write(qtbot, window, "Blijft")
    window.pane.composer.button.click()
    hands.until(lambda: window.pane.undo.rows)
    world.clock.at += timedelta(seconds=6)
    hands.until(lambda: not window.pane.undo.rows)
    assert [r.state for r in outbox(world, hands) if r.body == "Blijft"] == [ReplyState.QUEUED]


def test_control_z_takes_the_last_reply_back(window, world, hands, qtbot):
    write(qtbot, window, "Oeps")
    window.pane.composer.button.click()
    hands.until(lambda: window.pane.undo.rows)
    qtbot.keyClick(window.pane.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.until(lambda: not window.pane.undo.rows)
    assert window.pane.composer.text == "Oeps"


def test_drafts_stay_with_their_chat(window, hands, qtbot, chats):
    write(qtbot, window, "voor Sanne")
    hands.until(lambda: window.inbox.rows()[0].has_draft)
    window.open_chat(chats["number"])
    hands.until(lambda: window.pane.composer.text == "")
    write(qtbot, window, "voor het nummer")
    window.open_chat(chats["kinds"])
    hands.until(lambda: window.pane.composer.text == "voor Sanne")


def cards(window, name):
    return [card for card in window.pane.banner.cards if card.objectName() == name]


def open_failed(window, chats, hands):
    window.open_chat(chats["failed"])
    hands.until(lambda: len(window.pane.banner.cards) == 2)


def test_an_unknown_reply_is_settled_by_a_person(window, world, chats, hands):
    open_failed(window, chats, hands)
    cards(window, "warn")[0].buttons[0].click()
    hands.until(lambda: not cards(window, "warn"))
    assert [r.state for r in outbox(world, hands) if r.body == "De rekening komt per post."] == [ReplyState.SENT]


def test_an_unknown_reply_that_was_not_sent_becomes_a_failed_one(window, world, chats, hands):
    open_failed(window, chats, hands)
    cards(window, "warn")[0].buttons[1].click()
    hands.until(lambda: len(cards(window, "bad")) == 2)
    assert [r.state for r in outbox(world, hands) if r.body == "De rekening komt per post."] == [ReplyState.FAILED]


def test_a_failed_reply_says_why_and_gives_its_text_back(window, world, chats, hands):
    open_failed(window, chats, hands)
    row = window.pane.conversation.model
    spoken = [row.data(row.index(i)) for i in range(row.rowCount())]
    assert any("The phone was locked. Unlock it, then send again." in line for line in spoken)
    cards(window, "bad")[0].buttons[0].click()
    hands.until(lambda: not cards(window, "bad"))
    assert window.pane.composer.text == "Ja, u kunt hem morgen ophalen."
    before = [r.state for r in outbox(world, hands) if r.body == "Ja, u kunt hem morgen ophalen."]
    assert before == [ReplyState.FAILED]
    hands.until(lambda: next(r for r in window.inbox.rows() if r.chat.id == chats["failed"]).tail.failed == 0)


def test_a_text_that_is_too_long_is_kept_and_said(window, hands):
    window.pane.composer.put_text("x" * 70_000)
    window.pane.composer.submit()
    hands.until(lambda: "too long" in window.pane.composer.recipient.text())
    assert len(window.pane.composer.text) == 70_000


def set_policy(world, hands, chats, **values):
    account = next(a for a in hands.run(world.desk.browsing.list_accounts()) if a.name == "Winkel")
    hands.run(Restraining(world.store, "Eva").set_policy(account.id, **values))


def test_a_reply_that_a_rule_refuses_is_kept_and_the_rule_is_said_until_the_text_changes(window, world, hands, qtbot):
    for text in ("Een", "Twee", "Drie"):
        hands.until(lambda: not window.pane.composer.text)
        write(qtbot, window, text)
        window.pane.composer.submit()
    said = window.pane.composer.recipient
    hands.until(lambda: said.text() == REASON[Reason.UNANSWERED])
    assert said.toolTip() == said.text()
    assert window.pane.composer.text == "Drie"
    assert not [r for r in outbox(world, hands) if r.body == "Drie"]
    write(qtbot, window, "!")
    assert "Sanne de Vries" in said.text()


def test_a_customer_who_never_wrote_is_not_written_to(window, world, chats, hands, qtbot):
    window.open_chat(chats["number"])
    hands.until(lambda: window.pane.conversation.model.rowCount() > 0)
    write(qtbot, window, "Goedemorgen")
    window.pane.composer.submit()
    hands.until(lambda: window.pane.composer.recipient.text() == REASON[Reason.FIRST_CONTACT])
    assert window.pane.composer.text == "Goedemorgen"


def test_a_draft_on_the_phone_is_said_to_be_waited_for_and_nobody_is_asked_to_send_again():
    wait = Wait(NOW + timedelta(minutes=1), Reason.SOMEONE_ELSE_TYPING)
    text = Content(Kind.TEXT, "Ok")
    row = MessageRow("r1", ChatId(1), None, Direction.OUT, Shown(842, NOW.date()), text, "Eva")
    row = replace(row, reply_state=ReplyState.QUEUED, reason=wait.reason)
    assert reply_line(row) == "Waits for the phone"
    assert "looks otherwise" in reply_line(replace(row, reason=Reason.LAYOUT_UNKNOWN))
    assert reply_line(replace(row, wait=wait)).endswith(" Somebody is typing on the phone itself.")
    tomorrow = reply_line(replace(row, wait=Wait(NOW + timedelta(days=1), Reason.QUIET_HOURS)))
    assert str((NOW + timedelta(days=1)).day) in tomorrow


def test_a_reply_that_waits_says_until_when_and_why_and_can_be_taken_back_so_long(window, world, chats, hands, qtbot):
    begins, ends = (f"{(world.clock.at + timedelta(hours=h)).astimezone():%H:%M}" for h in (-1, 2))
    set_policy(world, hands, chats, quiet=parse_quiet(f"{begins}-{ends}"))
    write(qtbot, window, "Na de pauze")
    window.pane.composer.submit()
    hands.until(lambda: window.pane.undo.rows)
    model = window.pane.conversation.model
    hands.until(lambda: "Na de pauze" in model.data(model.index(model.rowCount() - 1)))
    spoken = model.data(model.index(model.rowCount() - 1))
    assert f"Waits until {ends}. {REASON[Reason.QUIET_HOURS]}" in spoken
    assert window.pane.undo.rows[0].button.text() == "Undo"
    world.clock.at += timedelta(minutes=1)
    window.pane.undo.rows[0].button.click()
    hands.until(lambda: window.pane.composer.text == "Na de pauze")
    assert [r.state for r in outbox(world, hands) if r.body == "Na de pauze"] == [ReplyState.CANCELLED]
