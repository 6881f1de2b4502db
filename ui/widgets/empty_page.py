"""What stands where nothing is to be shown yet: a sentence, and the next step with the exact command."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.theme import icons
from ui.theme.scale import Type, fixed_font, font
from ui.theme.theme import Theme

_WORDS = 500


class EmptyPage(QWidget):
    """An icon, a title, sentences, commands to copy, and another way that may be taken."""

    other_wanted = Signal()

    def __init__(self, theme: Theme, sign: str) -> None:
        super().__init__()
        self._theme = theme
        self._sign = sign
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title.setFont(font(Type.TITLE))
        self.words = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("dim", "true")
        self.commands = QLabel(alignment=Qt.AlignmentFlag.AlignLeft)
        self.commands.setObjectName("code")
        self.commands.setFont(fixed_font())
        self.commands.setTextFormat(Qt.TextFormat.PlainText)
        self.commands.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.other = QPushButton()
        self.other.clicked.connect(self.other_wanted)
        self.other.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self._icon)
        layout.addWidget(self.title)
        layout.addWidget(self.words, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.commands, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        layout.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        theme.changed.connect(self._dress)
        self._dress()

    def say(self, title: str, words: str, commands: str = "", other: str = "") -> None:
        """Set the words."""
        self.title.setText(title)
        self.words.setText(words)
        self._fit()
        self.commands.setText(commands)
        self.commands.setVisible(bool(commands))
        self.other.setText(other)
        self.other.setVisible(bool(other))
        self.setAccessibleName(f"{title} {words}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep lines short enough to be read."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = min(_WORDS, self.width() - 64)
        self.words.setFixedSize(wide, self.words.heightForWidth(wide))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room it likes."""
        return QSize(480, 360)

    def _dress(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._sign, self._theme.colours.accent, 56, self.devicePixelRatioF()))
