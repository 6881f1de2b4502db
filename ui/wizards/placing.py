"""Where the team's database is to be: on a server of the company, or on this PC."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import BadInput, HostingFailed
from app.domain.server import Server
from app.services.hosting import lan_address
from app.team_setup import Here, parse_hosts, read_authority
from ui.bridge import async_slot
from ui.phrases_team import say_trouble
from ui.wizards.journey import Journey
from ui.wizards.parts import Complaint, KeyConsent, Page, line, named, words
from ui.words import tr


class PlacePage(Page):
    """Two ways, each with its fields below it."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(
            tr("Where do the chats lie?"),
            tr("In one PostgreSQL database, version 15 or newer, that all PCs of the team reach."),
        )
        self.on_server = QRadioButton(tr("On our &own PostgreSQL server"))
        self.here = QRadioButton(tr("On this &PC"))
        self.address, self.database = line("db.example.lan"), line("phoneshelf")
        self.login, self.password, self.ca = line(), line(), line()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.browse = QPushButton(tr("Choose…"))
        self.own_address = line()
        self.why_not = words(is_dim=True)
        self.complaint = Complaint(journey.theme)
        self.consent = KeyConsent()
        self.server_fields, self.here_fields = self._server_fields(), self._here_fields()
        self._lay_out()
        self._connect()
        self.on_server.setChecked(True)
        self.here.setEnabled(False)
        self._is_asked = False

    # -- fields ---------------------------------------------------------------------------------

    def _server_fields(self) -> QWidget:
        self.database.setText("phoneshelf")
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.addLayout(named(tr("&Address of the server"), self.address), 3)
        first.addLayout(named(tr("&Database"), self.database), 2)
        second.addLayout(named(tr("&Login of its owner"), self.login), 1)
        second.addLayout(named(tr("Pass&word"), self.password), 1)
        third.addWidget(self.ca, 1)
        third.addWidget(self.browse)
        self.browse.setAccessibleName(tr("Choose the certificate file"))
        authority = QWidget()
        authority.setLayout(third)
        third.setContentsMargins(0, 0, 0, 0)
        names = named(tr("&Certificate of who vouches for it (PEM; empty: those that this PC trusts)"), authority)
        self.ca.setAccessibleName(tr("Certificate file"))
        authority.setFocusProxy(self.ca)
        note = tr("The login needs CREATEROLE, and CREATEDB or a database that it owns. It is used now and not kept.")
        return _column(first, second, names, words(note, is_dim=True))

    def _here_fields(self) -> QWidget:
        note = tr(
            "Phoneshelf runs the server, encrypted, with a backup every day, as long as “phoneshelf team host” runs. "
            "When this PC is off, nobody works."
        )
        return _column(named(tr("How colleagues &reach this PC"), self.own_address), words(note, is_dim=True))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        for widget in (
            self.on_server, self.server_fields, self.here, self.why_not, self.here_fields, self.consent,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        self.why_not.setContentsMargins(26, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(body)
        area.setFocusProxy(self.on_server)
        self.column.addWidget(area, 1)
        self.column.addWidget(self.complaint)

    def _connect(self) -> None:
        self._ways = QButtonGroup(self)
        for button in (self.on_server, self.here):
            button.setAccessibleName(button.text().replace("&", ""))
            self._ways.addButton(button)
            button.toggled.connect(self._show_way)
        for field in (self.address, self.database, self.login, self.password, self.ca, self.own_address):
            field.textChanged.connect(self._changed)
        self.consent.changed.connect(self._changed)
        self.browse.clicked.connect(self._choose_file)

    # -- life -----------------------------------------------------------------------------------

    def initializePage(self) -> None:  # noqa: N802
        """See once whether this PC can run a server."""
        self._show_way()
        if not self._is_asked:
            self._is_asked = True
            self._look_here()

    @async_slot
    async def _look_here(self) -> None:
        self.why_not.setText(tr("Looking whether PostgreSQL is on this PC…"))
        why = await self.journey.setup.why_not_here()
        self.here.setEnabled(why is None)
        self.why_not.setVisible(why is not None)
        if why is not None:
            self.why_not.setText(tr("Not possible now: %1").replace("%1", say_trouble(why)))
            self.here.setAccessibleDescription(self.why_not.text())
            return
        try:
            self.own_address.setText(self.own_address.text() or lan_address())
        except HostingFailed:
            self.own_address.setPlaceholderText("192.168.1.10")

    def _show_way(self) -> None:
        self.server_fields.setVisible(self.on_server.isChecked())
        self.here_fields.setVisible(self.here.isChecked())
        self._changed()

    def _changed(self) -> None:
        self.complaint.say("")
        self.completeChanged.emit()

    def _choose_file(self) -> None:
        chooser = QFileDialog(self, tr("Choose the certificate file"))
        chooser.setNameFilters([tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")])
        chooser.fileSelected.connect(self.ca.setText)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def isComplete(self) -> bool:  # noqa: N802
        """Tell whether nothing is missing."""
        needed = (self.own_address,) if self.here.isChecked() else (self.address, self.database, self.login)
        return all(field.text().strip() for field in needed) and self.consent.is_given

    def validatePage(self) -> bool:  # noqa: N802
        """Take what was given, or say what is wrong with it; the server itself is asked on the next page."""
        try:
            self.given()
        except BadInput as error:
            self.complaint.say(say_trouble(error))
            return False
        return True

    def given(self) -> Server | Here:
        """Return the place.

        Raises:
            BadInput: The address is none, or the file cannot be read.
        """
        if self.here.isChecked():
            ((host, _),) = parse_hosts(self.own_address.text())[:1]
            return Here(host)
        file = self.ca.text().strip()
        authority = read_authority(Path(file) if file else None)
        hosts = parse_hosts(self.address.text())
        return Server(hosts, self.database.text().strip(), self.login.text().strip(), self.password.text(), authority)


def _column(*parts: QWidget | QHBoxLayout | QVBoxLayout) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(26, 0, 0, 0)
    column.setSpacing(10)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return made
