"""Above the composer: replies that need a person, unknown ones to be settled, failed ones with the next step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.reply import ReplyState
from app.services.browsing import MessageRow
from ui.phrases import REASON, said, summary_of_text
from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.widgets.labels import CutLabel
from ui.words import isolate, tr

_MOST = 3


class ReplyCard(QFrame):
    """One reply that needs a person."""

    settled = Signal(object, bool)
    put_back = Signal(object)
    seen = Signal(object)

    def __init__(self, row: MessageRow, theme: Theme) -> None:
        super().__init__()
        self.row = row
        is_unknown = row.reply_state is ReplyState.UNKNOWN
        self.setObjectName("warn" if is_unknown else "bad")
        colour = theme.colours.warn if is_unknown else theme.colours.bad
        sign = QLabel()
        sign.setPixmap(icons.pixmap("unknown" if is_unknown else "warning", colour, 22, self.devicePixelRatioF()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 10, 8)
        layout.setSpacing(10)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._words(is_unknown=is_unknown), 1)
        self.buttons = self._unknown_buttons() if is_unknown else self._failed_buttons()
        for button in self.buttons:
            layout.addWidget(button)

    def _words(self, *, is_unknown: bool) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        title = QLabel(tr("Was this reply sent? Look at the phone.") if is_unknown else tr("This reply was not sent."))
        title.setObjectName("said")
        title.setFont(font(Type.STRONG))
        text = CutLabel()
        text.setText(isolate(summary_of_text(self.row.content.text)))
        text.setFont(font(Type.SMALL))
        words.addWidget(title)
        words.addWidget(text)
        if self.row.reason is not None:
            reason = QLabel(said(REASON[self.row.reason]))
            reason.setTextFormat(Qt.TextFormat.PlainText)
            reason.setWordWrap(True)
            reason.setFont(font(Type.SMALL))
            words.addWidget(reason)
        title.setWordWrap(True)
        return words

    def _unknown_buttons(self) -> list[QPushButton]:
        yes, no = QPushButton(tr("It was sent")), QPushButton(tr("It was not sent"))
        yes.clicked.connect(lambda: self.settled.emit(self.row, True))
        no.clicked.connect(lambda: self.settled.emit(self.row, False))
        return [yes, no]

    def _failed_buttons(self) -> list[QPushButton]:
        back, seen = QPushButton(tr("Put text back")), QPushButton(tr("Put aside"))
        back.clicked.connect(lambda: self.put_back.emit(self.row))
        seen.clicked.connect(lambda: self.seen.emit(self.row))
        return [back, seen]


class ReplyBanner(QWidget):
    """The cards of the open chat."""

    settled = Signal(object, bool)
    put_back = Signal(object)
    seen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 16, 8)
        self._layout.setSpacing(6)
        self.cards: list[ReplyCard] = []
        self._more = QLabel()
        self._more.setFont(font(Type.CAPTION))
        self._more.setProperty("dim", "true")
        self._layout.addWidget(self._more)
        theme.changed.connect(lambda: self.show_rows([card.row for card in self.cards], anew=True))
        self.hide()

    def show_rows(self, rows: list[MessageRow], *, anew: bool = False) -> None:
        """Show a card for each reply that is unknown or failed, unknown ones first."""
        rows = sorted(rows, key=lambda row: row.reply_state is not ReplyState.UNKNOWN)
        shown = rows[:_MOST]
        if anew or [card.row for card in self.cards] != shown:
            for card in self.cards:
                card.setParent(None)
                card.deleteLater()
            self.cards = [self._card(row) for row in shown]
        left = len(rows) - len(shown)
        self._more.setVisible(left > 0)
        self._more.setText(tr("and %n more", "", left))
        self.setVisible(bool(rows))

    def _card(self, row: MessageRow) -> ReplyCard:
        card = ReplyCard(row, self._theme)
        card.settled.connect(self.settled)
        card.put_back.connect(self.put_back)
        card.seen.connect(self.seen)
        self._layout.insertWidget(self._layout.count() - 1, card)
        return card
