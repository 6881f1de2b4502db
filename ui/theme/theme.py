"""Which palette is in use, and how standard widgets wear it. Widgets repaint on `changed`; nobody keeps a colour."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import icons
from ui.theme.colours import DARK, LIGHT, Colours
from ui.theme.scale import Type, font

MODES = ("auto", "light", "dark")


class Theme(QObject):
    """The look of one window: a mode that a person chose, and the colours it comes to."""

    changed = Signal()

    def __init__(self, mode: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode if mode in MODES else "auto"
        self.colours: Colours = LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self.set_mode(self._mode))
        self._choose()

    @property
    def mode(self) -> str:
        """Return auto, light or dark."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Use another mode."""
        self._mode = mode if mode in MODES else "auto"
        self._choose()
        self.dress()
        self.changed.emit()

    def _choose(self) -> None:
        # Many desktops say nothing of their scheme (desktop.md 2); then it is light.
        is_dark_desktop = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self.colours = DARK if self._mode == "dark" or (self._mode == "auto" and is_dark_desktop) else LIGHT

    def dress(self) -> None:
        """Give the application palette, font and style sheet."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101
        application.setStyle("Fusion")
        application.setFont(font(Type.BODY))
        application.setPalette(palette(self.colours))
        application.setStyleSheet(style_sheet(self.colours))


def palette(colours: Colours) -> QPalette:
    """Return Qt's palette of these colours."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, colours.panel),
        (role.Base, colours.panel),
        (role.AlternateBase, colours.field),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.Button, colours.field),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.panel),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.text_dim),
        (role.Highlight, colours.selection),
        (role.HighlightedText, colours.text),
        (role.Link, colours.accent),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.text_dim))
    return made


def style_sheet(c: Colours) -> str:
    """Return the style of standard widgets."""
    return f"""
    QMainWindow, QWidget#conversation {{ background: {c.paper}; }}
    QWidget#chats, QWidget#header, QWidget#composer, QStatusBar {{ background: {c.panel}; }}
    QWidget#header {{ border-bottom: 1px solid {c.line}; }}
    QWidget#composer {{ border-top: 1px solid {c.line}; }}
    QWidget#status {{ background: {c.panel}; border-top: 1px solid {c.line}; }}
    QListView {{ background: transparent; border: none; outline: none; }}
    QSplitter::handle {{ background: {c.line}; }}
    QLineEdit {{ background: {c.field}; color: {c.text}; border: 1px solid {c.field}; border-radius: 10px;
        padding: 7px 10px; selection-background-color: {c.selection}; selection-color: {c.text}; }}
    QLineEdit:focus {{ border: 1px solid {c.accent}; background: {c.panel}; }}
    QPlainTextEdit {{ background: {c.field}; color: {c.text}; border: 1px solid {c.field}; border-radius: 12px;
        padding: 5px 8px; selection-background-color: {c.selection}; selection-color: {c.text}; }}
    QPlainTextEdit:focus {{ border: 1px solid {c.accent}; background: {c.panel}; }}
    QPushButton {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line}; border-radius: 9px;
        padding: 6px 14px; font-weight: 600; }}
    QPushButton:hover {{ background: {c.panel_hover}; }}
    QPushButton:focus {{ border: 1px solid {c.accent}; }}
    QPushButton:disabled {{ color: {c.text_dim}; background: {c.field}; border-color: {c.field}; }}
    QPushButton#send {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent};
        border-radius: 12px; padding: 8px 18px; }}
    QPushButton#send:hover {{ background: {c.accent_hover}; }}
    QPushButton#send:focus {{ border: 2px solid {c.text}; }}
    QPushButton#send:disabled {{ background: {c.chip}; color: {c.text_dim}; border-color: {c.chip}; }}
    QPushButton#newest {{ border-radius: 18px; padding: 8px 14px; }}
    QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 5px; }}
    QToolButton:hover {{ background: {c.panel_hover}; }}
    QToolButton:focus {{ border-color: {c.accent}; }}
    QLabel {{ background: transparent; color: {c.text}; }}
    QLabel[dim="true"] {{ color: {c.text_dim}; }}
    QFrame#warn {{ background: {c.warn_back}; border-radius: 10px; }}
    QFrame#bad {{ background: {c.bad_back}; border-radius: 10px; }}
    QFrame#outage {{ background: {c.bad_back}; border: none; border-bottom: 1px solid {c.bad}; }}
    QFrame#undo {{ background: {c.panel}; border: 1px solid {c.line}; border-radius: 10px; }}
    QFrame#warn QLabel#said {{ color: {c.warn}; }}
    QFrame#bad QLabel#said, QFrame#outage QLabel#said {{ color: {c.bad}; }}
    QLabel#code {{ background: {c.field}; border: 1px solid {c.line}; border-radius: 8px; padding: 8px 12px; }}
    QMenu {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}
    QMenu::item {{ padding: 6px 26px 6px 22px; border-radius: 6px; }}
    QMenu::item:selected {{ background: {c.panel_chosen}; }}
    QMenu::item:disabled {{ color: {c.text_dim}; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
    QToolTip {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line}; padding: 4px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 3px; min-height: 36px; }}
    QScrollBar::handle:vertical:hover {{ background: {c.text_dim}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    {_form_style(c)}"""


def _form_style(c: Colours) -> str:
    """Return the style of what is filled in."""
    tick, drop = (f"{name}_{'dark' if c.is_dark else 'light'}" for name in ("tick", "drop"))
    return f"""
    QProgressBar {{ background: {c.field}; border: none; border-radius: 5px; max-height: 10px; min-height: 10px;
        color: transparent; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 5px; }}
    QComboBox {{ background: {c.field}; color: {c.text}; border: 1px solid {c.field}; border-radius: 10px;
        padding: 6px 10px; }}
    QComboBox:focus {{ border: 1px solid {c.accent}; background: {c.panel}; }}
    QComboBox::drop-down {{ border: none; width: 26px; }}
    QComboBox::down-arrow {{ image: url("{icons.path(drop)}"); width: 16px; height: 16px; }}
    QComboBox QAbstractItemView {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line};
        selection-background-color: {c.panel_chosen}; selection-color: {c.text}; }}
    QRadioButton, QCheckBox {{ spacing: 8px; padding: 3px 4px; border: 1px solid transparent; border-radius: 6px; }}
    QRadioButton:focus, QCheckBox:focus {{ border-color: {c.accent}; }}
    QRadioButton::indicator, QCheckBox::indicator, QListWidget::indicator {{ width: 14px; height: 14px;
        background: {c.panel}; border: 1px solid {c.text_dim}; border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: 8px; }}
    QRadioButton::indicator:checked {{ background: {c.panel}; border: 5px solid {c.accent}; width: 6px; height: 6px; }}
    QCheckBox::indicator:checked, QListWidget::indicator:checked {{ background: {c.accent};
        border-color: {c.accent}; image: url("{icons.path(tick)}"); }}
    QRadioButton:disabled, QCheckBox:disabled {{ color: {c.text_dim}; }}
    QRadioButton::indicator:disabled {{ border-color: {c.line}; }}
    QListWidget {{ background: {c.field}; border: 1px solid {c.field}; border-radius: 10px; padding: 2px 6px; }}
    QListWidget:focus {{ border: 1px solid {c.accent}; }}
    """
