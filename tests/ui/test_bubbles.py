"""Bubbles are as large as what they hold, and no larger than the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.domain.message import Content, Direction, Kind, Shown, Tick
from app.services.browsing import MessageRow
from tests.ui.seeding import DAY, KINDS
from ui.models.conversation import ConversationModel
from ui.models.conversation_items import build_items
from ui.models.keyed import ROW
from ui.theme.colours import DARK
from ui.theme.scale import Type, font
from ui.widgets.bubble import lane, measure
from ui.widgets.conversation_delegate import ConversationDelegate
from ui.widgets.texts import is_only_emoji, lay_out, starts_rtl


def row(text="", *, own=False, kind=Kind.TEXT, **content):
    return MessageRow(
        "m1",
        1,
        1,
        Direction.OUT if own else Direction.IN,
        Shown(600, DAY),
        Content(kind, text, tick=Tick.READ if own else None, **content),
        "Eva" if own else None,
    )


def every_row():
    return [
        MessageRow(f"m{n}", 1, n, one.direction, one.shown, one.content, None, one.gap_before)
        for n, one in enumerate(KINDS)
    ]


@pytest.mark.parametrize("width", [360, 640, 1400])
def test_every_kind_fits_into_its_row(qapp, hands, width):
    for one in every_row():
        bubble = measure(one, width, opens_group=True)
        left, right = lane(width)
        assert left - 0.5 <= bubble.box.left()
        assert bubble.box.right() <= right + 0.5
        assert bubble.height >= bubble.box.bottom()
        for block, at in ([bubble.text] if bubble.text else []) + bubble.quote:
            assert at.x() + block.width <= bubble.box.right() + 0.5
            assert at.y() + block.height <= bubble.box.bottom() + 0.5
        if bubble.meta:
            assert bubble.box.contains(bubble.meta[1])


def test_a_long_word_is_broken_and_a_narrower_row_is_higher(qapp, hands):
    long = row("x" * 400)
    narrow, wide = (measure(long, width, opens_group=True) for width in (400, 1200))
    assert narrow.height > wide.height
    assert narrow.box.width() <= 400


def test_time_stands_beside_a_short_text_and_below_a_full_line(qapp, hands):
    short = measure(row("Oké"), 800, opens_group=True)
    assert short.text is not None
    assert short.meta is not None
    assert short.meta[1].top() < short.text[1].y() + short.text[0].height
    words = "woord " * 300
    full = measure(row(words.strip()), 800, opens_group=True)
    assert full.height > short.height


def test_own_messages_stand_at_the_right_and_carry_their_author(qapp, hands):
    own, theirs = (measure(row("Hallo", own=own), 900, opens_group=True) for own in (True, False))
    assert own.box.right() == pytest.approx(lane(900)[1])
    assert theirs.box.left() == pytest.approx(lane(900)[0])
    assert own.author is not None
    assert own.author[0] == "Eva"


def test_text_from_right_to_left_is_set_to_the_right(qapp, hands):
    bubble = measure(row("مرحبا، متى تفتحون اليوم؟\nkort"), 900, opens_group=True)
    assert bubble.text is not None
    first, second = (layout for layout, _ in bubble.text[0].paragraphs)
    assert first.textOption().textDirection() == Qt.LayoutDirection.RightToLeft
    assert second.textOption().textDirection() == Qt.LayoutDirection.LeftToRight
    alone = measure(row("شكرا", own=True), 900, opens_group=False)
    assert alone.text is not None
    assert alone.text[0].last_width is None


def test_names_cannot_turn_the_line_around(qapp, hands):
    one = measure(row("Hoi", kind=Kind.DOCUMENT), 900, opens_group=True)
    assert one.height > 0
    assert not starts_rtl("Hoi \u202e abc")


def test_few_emoji_are_large(qapp, hands):
    assert is_only_emoji("👍🎉")
    assert not is_only_emoji("👍 ja")
    assert not is_only_emoji("")
    assert measure(row("👍"), 800, opens_group=True).height > measure(row("a"), 800, opens_group=True).height


def test_text_is_never_markup(qapp, hands):
    block = lay_out("<b>vet</b> &amp;", font(Type.BODY), 500)
    assert block.paragraphs[0][0].text() == "<b>vet</b> &amp;"


def test_every_row_is_drawn_in_both_palettes(qapp, hands, theme):
    model = ConversationModel()
    model.replace(build_items(every_row(), has_older=False, is_complete=False))
    delegate = ConversationDelegate(theme, lambda: QDate(2026, 11, 20).toPython())
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        picture = QImage(600, 300, QImage.Format.Format_ARGB32)
        for position in range(model.rowCount()):
            index = model.index(position)
            option = QStyleOptionViewItem()
            size = delegate.sizeHint(option, index)
            assert size.height() > 16
            option.rect.setSize(size)
            picture.fill(0)
            painter = QPainter(picture)
            delegate.paint(painter, option, index)
            painter.end()
            drawn = QImage(600, 300, QImage.Format.Format_ARGB32)
            drawn.fill(0)
            assert picture != drawn, index.data(ROW)
    assert theme.colours is DARK
