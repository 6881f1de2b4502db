"""What the pages share: words, a complaint beside its field, the question where passwords may lie."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget, QWizardPage

from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.wizards.journey import Journey
from ui.words import tr


class Page(QWizardPage):
    """One page, from top to bottom."""

    def __init__(self, journey: Journey) -> None:
        super().__init__()
        self.journey = journey
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 4)
        self.column.setSpacing(10)
        self.heading, self.lead = words(), words(is_dim=True)
        self.heading.setFont(font(Type.TITLE))
        self.lead.setContentsMargins(0, 0, 0, 10)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.lead)

    def head(self, title: str, lead: str) -> None:
        """Say above the page what it is about. Qt's own header would not take the window's sizes of text."""
        self.heading.setText(title)
        self.lead.setText(lead)
        self.setAccessibleName(f"{title}. {lead}")

    def say(self, text: str, *, is_dim: bool = False) -> QLabel:
        """Add a sentence."""
        label = words(text, is_dim=is_dim)
        self.column.addWidget(label)
        return label

    def add_field(self, label: str, field: QWidget) -> None:
        """Add a control under its name; a key goes from the name to it."""
        self.column.addLayout(named(label, field))


def words(text: str = "", *, is_dim: bool = False) -> QLabel:
    """Return a sentence that wraps."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if is_dim:
        label.setProperty("dim", "true")
        label.setFont(font(Type.SMALL))
    return label


def named(label: str, field: QWidget) -> QVBoxLayout:
    """Return a control under its name."""
    name = QLabel(label)
    name.setFont(font(Type.SMALL_STRONG))
    name.setBuddy(field)
    field.setAccessibleName(label.replace("&", ""))
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(name)
    column.addWidget(field)
    return column


def line(placeholder: str = "") -> QLineEdit:
    """Return a field for one line."""
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setMinimumHeight(36)
    return field


class Complaint(QFrame):
    """Why something was not taken, beside it; read out at once."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bad")
        sign = QLabel()
        sign.setPixmap(icons.pixmap("warning", theme.colours.bad, 20, self.devicePixelRatioF()))
        self.words = words()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """Return what is said; empty where nothing is."""
        return self.words.text() if not self.isHidden() else ""

    def say(self, text: str) -> None:
        """Say it; an empty text takes the last one away."""
        self.words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class KeyConsent(QWidget):
    """Asked only where this PC has no keyring: may passwords lie in a file?"""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox(tr("Keep the passwords in a &file of this profile"))
        self.box.setAccessibleName(self.box.text().replace("&", ""))
        self.box.toggled.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        note = tr("This PC has no keyring. The file is readable for you alone, and it is not encrypted.")
        below = words(note, is_dim=True)
        below.setContentsMargins(26, 0, 0, 0)
        column.addWidget(below)
        self.hide()

    @property
    def is_given(self) -> bool:
        """Tell whether passwords have somewhere to lie."""
        return self.isHidden() or self.box.isChecked()

    def ask(self) -> None:
        """Ask it from now on."""
        self.show()
        self.changed.emit()
