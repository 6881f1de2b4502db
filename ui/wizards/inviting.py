"""The next step of a team: an invitation for a colleague, as text and as a code to scan."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import PhoneshelfError
from app.domain.invitation import Invitation
from app.team_setup import Guest
from ui.bridge import async_slot
from ui.phrases import local, said
from ui.phrases_team import ROLE_WORD, say_trouble
from ui.theme.scale import Type, fixed_font, font
from ui.widgets.qr_code import QrCode
from ui.wizards.journey import Journey
from ui.wizards.parts import Complaint, Page, line, named, words
from ui.words import isolate, one_line, tr

_ROW = 30
_SHOWN_ROWS = 4


class InvitePage(Page):
    """A name, a role, numbers; then the invitation itself."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(tr("Invite a colleague"), "")
        self.setFinalPage(True)
        self._moved = 0
        self.done = self.say("")
        self.hosting = QLabel(f'phoneshelf team host --home "{journey.setup.settings.home}"')
        self.hosting.setTextFormat(Qt.TextFormat.PlainText)
        self.hosting.setWordWrap(True)
        self.hosting.setObjectName("code")
        self.hosting.setFont(fixed_font())
        self.hosting.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.hosting.setAccessibleName(tr("Command that keeps the server running"))
        self.name, self.role = line(), QComboBox()
        self.numbers = QListWidget()
        self.drives = QCheckBox(tr("Their PC may also &drive phones"))
        self.make = QPushButton(tr("&Make an invitation"))
        self.complaint = Complaint(journey.theme)
        self.invitation: Invitation | None = None
        self.form, self.shown = QWidget(), Shown()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.role.setMinimumHeight(36)
        column.addLayout(named(tr("&Name of your colleague"), self.name))
        column.addLayout(named(tr("&Role"), self.role))
        column.addLayout(named(tr("N&umbers that they see and answer"), self.numbers))
        row = QHBoxLayout()
        row.addWidget(self.drives, 1)
        row.addWidget(self.make)
        column.addLayout(row)
        column.addWidget(self.complaint)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 8, 0)
        for part in (self.hosting, self.form, self.shown):
            whole.addWidget(part)
        whole.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(body)
        area.setFocusProxy(self.name)
        self.column.addWidget(area, 1)

    def _connect(self) -> None:
        for role, word in ROLE_WORD.items():
            self.role.addItem(said(word), role)
        self.drives.setAccessibleName(self.drives.text().replace("&", ""))
        self.make.setEnabled(False)
        self.name.textChanged.connect(self._changed)
        self.name.returnPressed.connect(self.make.click)
        self.numbers.itemChanged.connect(self._changed)
        self.make.clicked.connect(self._invite)
        self.shown.another.clicked.connect(self._begin_another)

    def initializePage(self) -> None:  # noqa: N802
        """Show what was made, and the numbers of the team."""
        seat = self.journey.setup.seat
        is_host = seat is not None and bool(seat.server_folder)
        self.hosting.setVisible(is_host)
        if seat is not None:
            team = isolate(seat.team)
            who = tr("You are in the team %1 as %2.").replace("%1", team).replace("%2", isolate(seat.name))
            self.head(tr("Invite a colleague"), who)
        parts = [tr("%n message(s) were moved and compared row by row.", "", self._moved)] if self._moved else []
        parts.append(tr("An invitation works once. Make one for each colleague."))
        if is_host:
            parts.append(tr("Keep the server running on this PC, as a service or in a terminal, with:"))
        self.done.setText(" ".join(parts))
        self.name.setFocus()
        self._read_numbers()

    def tell_moved(self, count: int) -> None:
        """Say from now on how many messages came along."""
        self._moved = count

    @async_slot
    async def _read_numbers(self) -> None:
        try:
            found = await self.journey.setup.numbers()
        except PhoneshelfError as error:
            self.complaint.say(say_trouble(error))
            return
        self.numbers.clear()
        for number, name in found:
            item = QListWidgetItem(one_line(name))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(Qt.ItemDataRole.UserRole, str(number))
            self.numbers.addItem(item)
        self.numbers.setFixedHeight(max(1, min(len(found), _SHOWN_ROWS)) * _ROW + 8)
        self.numbers.setEnabled(bool(found))
        if not found:
            self.numbers.addItem(tr("None yet. Once there is one: phoneshelf team numbers NAME NUMBER"))

    def _chosen(self) -> tuple[list[str], bool]:
        """Return the ids of the numbers that are ticked, and whether those are all."""
        items = [self.numbers.item(row) for row in range(self.numbers.count())] if self.numbers.isEnabled() else []
        ticked = [one for one in items if one.checkState() is Qt.CheckState.Checked]
        return [str(one.data(Qt.ItemDataRole.UserRole)) for one in ticked], len(ticked) == len(items)

    def _changed(self) -> None:
        self.complaint.say("")
        self.make.setEnabled(bool(self.name.text().strip()))

    @async_slot
    async def _invite(self) -> None:
        numbers, is_all = self._chosen()
        if not is_all and not numbers:
            self.complaint.say(tr("Choose at least one number."))
            return
        guest = Guest(self.name.text(), [str(self.role.currentData())], numbers, drives=self.drives.isChecked())
        self.make.setEnabled(False)
        try:
            made = await self.journey.setup.invite(guest)
        except PhoneshelfError as error:
            self.complaint.say(say_trouble(error))
            return
        finally:
            self.make.setEnabled(True)
        self.complaint.say("")
        self.invitation = made
        self.shown.show_invitation(made)
        self.form.hide()
        self.shown.copy.setFocus()

    def _begin_another(self) -> None:
        """Ask for the next colleague; what was made stays valid."""
        self.shown.hide()
        self.form.show()
        self.name.clear()
        self.name.setFocus()


class Shown(QWidget):
    """One invitation, to be copied or scanned."""

    def __init__(self) -> None:
        super().__init__()
        self.code = QrCode()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName(tr("Invitation"))
        self.text.setMinimumHeight(110)
        self.copy = QPushButton(tr("&Copy"))
        self.copy.setObjectName("send")
        self.copy.clicked.connect(self._copy)
        self.another = QPushButton(tr("Invite &another"))
        self.until = words()
        self.until.setFont(font(Type.STRONG))
        self.proof = words(is_dim=True)
        beside = QVBoxLayout()
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addWidget(self.another)
        buttons.addStretch(1)
        beside.addWidget(self.until)
        beside.addWidget(self.text, 1)
        beside.addLayout(buttons)
        beside.addWidget(self.proof)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        self.hide()

    def show_invitation(self, made: Invitation) -> None:
        """Show it."""
        text = made.text()
        self.code.show_text(text)
        self.code.setAccessibleName(tr("Invitation as a code to scan"))
        self.text.setPlainText(text)
        until = QLocale().toString(local(made.until), QLocale.FormatType.ShortFormat)
        self.until.setText(tr("For %1, once, until %2").replace("%1", isolate(made.name)).replace("%2", until))
        proof = tr("Hand it over in person or by a safe way: whoever has it can join.")
        if made.fingerprint:
            proof += "\n" + tr("Server: %1 (both of you see the same)").replace("%1", f"{made.fingerprint[:23]}…")
        self.proof.setText(proof)
        self.copy.setText(tr("&Copy"))
        self.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(tr("Copied"))
