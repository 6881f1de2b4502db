"""Into a team with an invitation: pasted or dropped, tried, and each fault said beside it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar

from app.domain.errors import BadInput, PhoneshelfError
from app.domain.invitation import Invitation, parse_invitation
from app.domain.snags import Snag
from ui.bridge import async_slot
from ui.phrases import said
from ui.phrases_team import ROLE_WORD, say_trouble
from ui.theme.scale import fixed_font
from ui.wizards.journey import Journey, Step
from ui.wizards.parts import Complaint, KeyConsent, Page, words
from ui.words import isolate, tr


class JoinPage(Page):
    """One field for the invitation. What was typed stays, whatever is wrong with it."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(
            tr("Join a team"),
            tr("Paste the invitation that your colleague made, or drop it into the field."),
        )
        self.entry = QPlainTextEdit()
        self.entry.setTabChangesFocus(True)
        self.entry.setFont(fixed_font())
        self.entry.setPlaceholderText("phoneshelf1:…")
        self.entry.setMinimumHeight(140)
        self.entry.textChanged.connect(self._changed)
        self.complaint = Complaint(journey.theme)
        self.seen = words()
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setAccessibleName(tr("Progress"))
        self.busy.hide()
        self.consent = KeyConsent()
        self.consent.changed.connect(self._changed)
        self.add_field(tr("&Invitation"), self.entry)
        for widget in (self.complaint, self.seen, self.busy, self.consent):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.is_running = False
        self.joined: Invitation | None = None

    def initializePage(self) -> None:  # noqa: N802
        """Put the cursor where the invitation goes."""
        self.entry.setFocus()

    def isComplete(self) -> bool:  # noqa: N802
        """Tell whether it can be tried."""
        return bool(self.entry.toPlainText().strip()) and self.consent.is_given and not self.is_running

    def validatePage(self) -> bool:  # noqa: N802
        """Try the invitation; the next page follows by itself when it worked."""
        if self.joined is None and not self.is_running:
            self._join(self.entry.toPlainText())
        return self.joined is not None

    @async_slot
    async def _join(self, text: str) -> None:
        self._run(is_running=True)
        try:
            self.joined, _ = await self.journey.setup.join(text, in_file=self.consent.box.isChecked())
        except PhoneshelfError as error:
            if error.snag in (Snag.NO_KEYRING, Snag.SHUT_KEYRING):
                self.consent.ask()
            self.complaint.say(say_trouble(error))
            self.entry.setFocus()
        finally:
            self._run(is_running=False)
        if self.joined is not None:
            QTimer.singleShot(0, self._go_on)

    def _go_on(self) -> None:
        wizard = self.wizard()
        if wizard is not None and wizard.currentId() == Step.JOIN:
            wizard.next()

    def _run(self, *, is_running: bool) -> None:
        self.is_running = is_running
        self.entry.setReadOnly(is_running)
        self.busy.setVisible(is_running)
        if is_running:
            self.complaint.say("")
        self.completeChanged.emit()

    def _changed(self) -> None:
        self.complaint.say("")
        self.seen.setText(self._what_it_says())
        self.completeChanged.emit()

    def _what_it_says(self) -> str:
        """Return for whom a whole invitation is, before it is tried."""
        try:
            made = parse_invitation(self.entry.toPlainText())
        except BadInput:
            return ""
        line = tr("For %1, in the team %2.").replace("%1", isolate(made.name)).replace("%2", isolate(made.team))
        if made.fingerprint:
            line += "\n" + tr("Server: %1 (both of you see the same)").replace("%1", f"{made.fingerprint[:23]}…")
        return line


class JoinedPage(Page):
    """Who one is in the team, and what comes next."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.setFinalPage(True)
        self.welcome = self.say("")
        self.next_step = self.say(tr("When you finish, the window opens again on the chats of the team."), is_dim=True)
        self.column.addStretch(1)

    def initializePage(self) -> None:  # noqa: N802
        """Say it."""
        seat = self.journey.setup.seat
        if seat is None:
            return
        team, name = isolate(seat.team), isolate(seat.name)
        self.head(
            tr("Welcome"),
            tr("You are in the team %1 as %2.").replace("%1", team).replace("%2", name),
        )
        roles = [said(ROLE_WORD[role]) for role in seat.roles if role in ROLE_WORD]
        drives = tr("This PC may drive phones.") if seat.bridge is not None else ""
        self.welcome.setText("\n".join(part for part in (*roles, drives) if part))

    def nextId(self) -> int:  # noqa: N802
        """End here."""
        return -1
