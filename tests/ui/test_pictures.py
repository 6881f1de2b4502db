"""A bubble shows the thumbnail of its file: laid out at once, read later, drawn when it is there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QDate
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.domain.message import Kind
from app.services import thumbnail_child
from tests.fakes.pictures import picture
from tests.ui.test_bubbles import row
from ui.models.conversation import ConversationModel
from ui.models.conversation_items import build_items
from ui.widgets.bubble import lane, measure
from ui.widgets.conversation_delegate import ConversationDelegate
from ui.widgets.pictures import Pictures


def _drawn(delegate: ConversationDelegate, model: ConversationModel) -> QImage:
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    option = QStyleOptionViewItem()
    option.rect.setRect(0, 0, 600, 300)
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(model.rowCount() - 1, 0))
    painter.end()
    return image


def test_a_picture_is_read_once_and_drawn(qapp, hands, theme, qtbot, tmp_path):
    path = tmp_path / "x.thumb.jpg"
    path.write_bytes(thumbnail_child.make(picture())[1])
    delegate = ConversationDelegate(theme, lambda: QDate(2026, 11, 20).toPython())
    delegate.width = 600
    model = ConversationModel()
    model.replace(build_items([replace(row(kind=Kind.PHOTO), picture=path)], has_older=False, is_complete=False))
    with qtbot.waitSignal(delegate.pictures.ready):
        before = _drawn(delegate, model)
    after = _drawn(delegate, model)
    assert before != after
    assert any(after.pixelColor(x, 80).red() > 150 > after.pixelColor(x, 80).green() + 50 for x in range(600))


def test_a_bubble_with_a_picture_stays_in_its_lane(qapp, hands, tmp_path):
    for width in (360, 640, 1400):
        for own in (False, True):
            bubble = measure(
                replace(row("caption", own=own, kind=Kind.PHOTO), picture=tmp_path), width, opens_group=True
            )
            left, right = lane(width)
            assert left - 0.5 <= bubble.box.left()
            assert bubble.box.right() <= right + 0.5
            assert bubble.picture is not None
            assert bubble.box.contains(bubble.picture[1])
            assert bubble.text is not None
            assert bubble.text[1].y() >= bubble.picture[1].bottom()


def test_what_is_no_jpeg_of_ours_is_not_opened(qapp, qtbot, tmp_path):
    pictures = Pictures()
    for name, body in (("a", picture("PNG")), ("b", b"<svg/>"), ("c", picture("JPEG", (2000, 10)))):
        path = tmp_path / name
        path.write_bytes(body)
        with qtbot.waitSignal(pictures.ready):
            assert pictures.get(path) is None
        assert pictures.get(path) is None
