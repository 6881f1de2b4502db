"""Where a reply is written. Says to whom it goes; gives the text to whoever listens, and keeps it until told."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.services.browsing import Chat
from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.widgets.labels import CutLabel
from ui.words import isolate, tr

_MOST_LINES = 6
_HINT_FROM = 620


class Editor(QPlainTextEdit):
    """Plain text of up to six visible lines. Enter sends, or Ctrl+Enter, as the settings say."""

    submitted = Signal()
    escaped = Signal()

    def __init__(self, *, enter_sends: bool) -> None:
        super().__init__()
        self._enter_sends = enter_sends
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font(Type.BODY))
        self.document().setDocumentMargin(4)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send, leave, or type."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_enter and (has_control or (self._enter_sends and not has_shift)):
            self.submitted.emit()
        elif is_enter:
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def lines(self) -> int:
        """Return how many lines the text takes, wrapped."""
        return max(1, round(self.document().size().height()))

    def _fit(self) -> None:
        lines = self.lines()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if lines > _MOST_LINES else policy.ScrollBarAlwaysOff)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * min(lines, _MOST_LINES) + 2 * 4 + 2 * 6 + 2)


class Composer(QWidget):
    """The line that says to whom, the editor, the button."""

    send_wanted = Signal(str)
    typed = Signal(str)
    escaped = Signal()

    def __init__(self, theme: Theme, *, enter_sends: bool) -> None:
        super().__init__()
        self.setObjectName("composer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._enter_sends = enter_sends
        self._chat: Chat | None = None
        self._has_complained = False
        self.recipient = CutLabel()
        self.recipient.setFont(font(Type.CAPTION))
        self.recipient.setProperty("dim", "true")
        self.keys = QLabel()
        self.keys.setFont(font(Type.CAPTION))
        self.keys.setProperty("dim", "true")
        self.editor = Editor(enter_sends=enter_sends)
        self.button = QPushButton()
        self.button.setObjectName("send")
        self.button.setMinimumHeight(40)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.editor, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self.recipient, 1)
        top.addWidget(self.keys)
        layout.addLayout(top)
        layout.addLayout(row)
        self.editor.textChanged.connect(self._changed)
        self.editor.submitted.connect(self.submit)
        self.editor.escaped.connect(self.escaped)
        self.button.clicked.connect(self.submit)
        theme.changed.connect(self._dress)
        self.retranslate()
        self._changed()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the line to whom it goes before the line of keys."""
        super().resizeEvent(event)
        self.keys.setVisible(self.width() > _HINT_FROM)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.keys.setText(tr("Enter sends, Shift+Enter starts a line") if self._enter_sends else tr("Ctrl+Enter sends"))
        self.editor.setPlaceholderText(tr("Write a reply"))
        self.button.setText(tr("Send"))
        if self._chat is not None:
            self.address(self._chat)
        self._dress()

    def address(self, chat: Chat) -> None:
        """Write to a chat from now on."""
        self._chat = chat
        number = f" ({chat.number})" if chat.number and not chat.title.startswith("+") else ""
        line = tr("To %1 via %2").replace("%1", isolate(chat.title) + number).replace("%2", isolate(chat.account_name))
        self._has_complained = False
        self.recipient.setText(line)
        self.recipient.setToolTip("")
        self.editor.setAccessibleName(line)
        self.button.setAccessibleName(tr("Send to %1").replace("%1", isolate(chat.title)))
        self.button.setToolTip(line)

    def complain(self, words: str) -> None:
        """Say above the text why it was not taken, until the text is changed."""
        self._has_complained = True
        self.recipient.setText(words)
        self.recipient.setToolTip(words)

    @property
    def text(self) -> str:
        """Return what is written."""
        return self.editor.toPlainText()

    def put_text(self, text: str) -> None:
        """Write a text in place of what is there, with the cursor behind it."""
        self.editor.setPlainText(text)
        cursor = self.editor.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.editor.setTextCursor(cursor)

    def submit(self) -> None:
        """Ask for the text to be sent."""
        if self._chat is not None and self.text.strip():
            self.send_wanted.emit(self.text)

    def _changed(self) -> None:
        self.button.setEnabled(bool(self.text.strip()))
        if self._has_complained and self._chat is not None:
            self.address(self._chat)
        self._dress()
        self.typed.emit(self.text)

    def _dress(self) -> None:
        colours = self._theme.colours
        colour = colours.on_accent if self.button.isEnabled() else colours.text_dim
        self.button.setIcon(icons.icon("send", colour, 18))
