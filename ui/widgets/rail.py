"""The rail at the side: which chats are shown, each number with its phone's light, and the menu of the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QMenu, QVBoxLayout, QWidget

from app.domain.phone import PhoneState, PhoneStatus
from ui.models.chat_rows import View
from ui.phrases import PHONE_WORD, said
from ui.theme import icons
from ui.theme.colours import ACCOUNTS
from ui.theme.scale import RAIL_WIDTH, Type, font
from ui.theme.theme import MODES, Theme
from ui.widgets.lights import draw_light
from ui.widgets.texts import draw_line_centred
from ui.words import LANGUAGES, isolate, mark, one_line, tr

_THEME_WORD = {"auto": mark("Like the desktop"), "light": mark("Light"), "dark": mark("Dark")}
_LANGUAGE_WORD = {"en": "English", "nl": "Nederlands"}
_THEME_ICON = {"auto": "auto", "light": "sun", "dark": "moon"}


class RailButton(QAbstractButton):
    """One place to go: an icon or letters, a word below, a count, a light."""

    def __init__(self, theme: Theme, sign: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign = sign
        self._letters = ""
        self._colour = ""
        self._count = 0
        self._state: PhoneState | None = None
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def say(self, text: str, count: int = 0) -> None:
        """Set the word and the count."""
        self._count = count
        self.setText(text)
        self.setAccessibleName(f"{text}, {count}" if count else text)
        self.update()

    def show_phone(self, phone: PhoneStatus, number: int) -> None:
        """Stand for a number on a phone."""
        name = one_line(phone.name)
        self._letters = "".join(word[0] for word in name.split()[:2]).upper() or "?"
        self._colour = ACCOUNTS[number % len(ACCOUNTS)]
        self._state = phone.state
        self.setText(name)
        word = said(PHONE_WORD[phone.state])
        self.setAccessibleName(tr("Chats on %1").replace("%1", isolate(name)) + f", {word}")
        self.setToolTip(f"{isolate(name)}: {word}")
        self.update()

    def use_sign(self, sign: str) -> None:
        """Show another icon."""
        self._sign = sign
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room it takes."""
        return QSize(RAIL_WIDTH, 64)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(8, 2, -8, -2)
        fore = colours.rail_chosen_text if self.isChecked() or self.underMouse() else colours.rail_text
        painter.setPen(QColor(colours.rail_chosen_text) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.rail_chosen) if self.isChecked() else Qt.BrushStyle.NoBrush)
        if self.isChecked() or self.hasFocus():
            painter.drawRoundedRect(box, 12, 12)
        middle = box.center().x()
        if self._letters:
            self._paint_disc(painter, QRectF(middle - 15, box.top() + 6, 30, 30))
        else:
            icons.paint(painter, self._sign, fore, QRectF(middle - 12, box.top() + 8, 24, 24))
        word = QRectF(box.left() + 2, box.bottom() - 21, box.width() - 4, 16)
        draw_line_centred(painter, word, self.text(), font(Type.TINY), fore)
        if self._count:
            self._paint_count(painter, QRectF(middle + 3, box.top() + 3, 22, 17))
        painter.end()

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(disc)
        draw_line_centred(painter, disc, self._letters, font(Type.TINY), "#ffffff")
        if self._state is not None:
            colours = self._theme.colours
            back = colours.rail_chosen if self.isChecked() else colours.rail
            draw_light(painter, QRectF(disc.right() - 7, disc.bottom() - 9, 13, 13), self._state, back)

    def _paint_count(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#f3bd5d"))
        painter.drawRoundedRect(box, 8.5, 8.5)
        draw_line_centred(painter, box, str(min(self._count, 99)), font(Type.TINY), "#1d2340")


class Rail(QWidget):
    """All places, in one column."""

    chosen = Signal(object)
    """The view that a person wants."""
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    team_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedWidth(RAIL_WIDTH)
        self._group = QButtonGroup(self)
        self._all = self._add_view("all", View())
        self._waiting = self._add_view("waiting", View(only_waiting=True))
        self._accounts: dict[int, RailButton] = {}
        self.team_button = RailButton(theme, "team")
        self.team_button.setCheckable(False)
        self.team_button.clicked.connect(self.team_wanted)
        self.team_button.hide()
        self._menu_button = RailButton(theme, _THEME_ICON[theme.mode])
        self._menu_button.setCheckable(False)
        self._menu_button.clicked.connect(self._open_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(2)
        layout.addWidget(self._all)
        layout.addWidget(self._waiting)
        self._places = QVBoxLayout()
        self._places.setSpacing(2)
        layout.addSpacing(12)
        layout.addLayout(self._places)
        layout.addStretch(1)
        layout.addWidget(self.team_button)
        layout.addWidget(self._menu_button)
        self._all.setChecked(True)
        theme.changed.connect(self._redress)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.setAccessibleName(tr("Views"))
        self._all.say(tr("All"))
        self._waiting.say(tr("Waiting"), self._waiting_count())
        self.team_button.say(tr("Team"))
        self.team_button.setToolTip(tr("Work as a team"))
        self._menu_button.say(tr("Display"))
        self._menu_button.setToolTip(tr("Colours and language"))

    def show_counts(self, waiting: int) -> None:
        """Show how many chats wait."""
        self._waiting.setProperty("count", waiting)
        self._waiting.say(tr("Waiting"), waiting)

    def show_phones(self, phones: list[PhoneStatus]) -> None:
        """Show a place for each number."""
        for gone in [account for account in self._accounts if account not in {p.account for p in phones}]:
            button = self._accounts.pop(gone)
            self._group.removeButton(button)
            button.deleteLater()
        for number, phone in enumerate(phones):
            button = self._accounts.get(phone.account) or self._add_account(phone)
            button.show_phone(phone, number)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colours.rail))
        painter.end()

    def _waiting_count(self) -> int:
        return int(self._waiting.property("count") or 0)

    def _add_view(self, sign: str, view: View) -> RailButton:
        button = RailButton(self._theme, sign)
        button.clicked.connect(lambda: self.chosen.emit(view))
        self._group.addButton(button)
        return button

    def _add_account(self, phone: PhoneStatus) -> RailButton:
        button = self._add_view("phone", View(account=phone.account))
        self._accounts[phone.account] = button
        self._places.addWidget(button)
        return button

    def _choose_theme(self, mode: str, is_checked: bool) -> None:
        self.theme_chosen.emit(mode)

    def _redress(self) -> None:
        self._menu_button.use_sign(_THEME_ICON[self._theme.mode])
        self.update()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        colours = QActionGroup(menu)
        for mode in MODES:
            action = QAction(said(_THEME_WORD[mode]), colours, checkable=True, checked=mode == self._theme.mode)
            action.triggered.connect(partial(self._choose_theme, mode))
            menu.addAction(action)
        menu.addSeparator()
        for language in LANGUAGES:
            menu.addAction(_LANGUAGE_WORD[language], partial(self.language_chosen.emit, language))
        at = self._menu_button.mapToGlobal(QPoint(RAIL_WIDTH - 6, 0))
        menu.popup(QPoint(at.x(), at.y() - menu.sizeHint().height() + self._menu_button.height()))
