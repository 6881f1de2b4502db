"""The team is made: what is done shows while it is done, can be stopped, and goes on where it stopped."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton

from app.domain.errors import PhoneshelfError
from app.domain.snags import Snag
from app.services.founding import Founded
from app.team_setup import Share
from ui.bridge import spawn
from ui.phrases import said
from ui.phrases_team import MOVED_WORD, say_trouble
from ui.theme.scale import Type, font
from ui.wizards.journey import Journey, Step
from ui.wizards.opening import NamesPage
from ui.wizards.parts import Complaint, Page
from ui.wizards.placing import PlacePage
from ui.words import tr

_PARTS = 1000


class MovePage(Page):
    """A bar, what is done now, and what went wrong."""

    def __init__(self, journey: Journey, names: NamesPage, place: PlacePage) -> None:
        super().__init__(journey)
        self._names = names
        self._place = place
        self._task: asyncio.Task[None] | None = None
        self.founded: Founded | None = None
        self.head(
            tr("The team is being made"),
            tr("Meanwhile the phones wait; what customers write comes in afterwards."),
        )
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.column.addWidget(self.bar)
        self.doing = self.say("")
        self.doing.setFont(font(Type.SMALL))
        self.complaint = Complaint(journey.theme)
        self.again = QPushButton(tr("Try &again"))
        self.again.clicked.connect(self.start)
        self.column.addWidget(self.complaint)
        self.column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    @property
    def is_running(self) -> bool:
        """Tell whether the team is being made now."""
        return self._task is not None

    def initializePage(self) -> None:  # noqa: N802
        """Begin as soon as the page is shown."""
        self.start()

    def cleanupPage(self) -> None:  # noqa: N802
        """Stop when somebody goes back."""
        self.stop()

    def isComplete(self) -> bool:  # noqa: N802
        """Tell whether the team is there."""
        return self.founded is not None

    def start(self) -> None:
        """Make the team, or go on with it."""
        if self._task is None and self.founded is None:
            self.complaint.say("")
            self.again.hide()
            self.bar.setRange(0, 0)
            self.doing.setText(tr("The database is being prepared…"))
            self._task = spawn(self._make(), "found a team")
            self.completeChanged.emit()

    def stop(self) -> None:
        """Stop; what was moved stays there."""
        if self._task is not None:
            self.doing.setText(tr("Stopping…"))
            self._task.cancel()

    async def _make(self) -> None:
        is_held = False
        try:
            await self.journey.hold()
            is_held = True
            setup, (team, me) = self.journey.setup, self._names.given
            tell = Share(await setup.count(), self._tell)
            in_file = self._place.consent.box.isChecked()
            self.founded, _ = await setup.found(team, me, self._place.given(), tell, in_file=in_file)
        except PhoneshelfError as error:
            if error.snag in (Snag.NO_KEYRING, Snag.SHUT_KEYRING):
                self._place.consent.ask()
            self._fail(say_trouble(error))
        except asyncio.CancelledError:
            self._fail(
                tr(
                    "Stopped. What was moved is kept in the new database, this PC's own file is as it was. Next time "
                    "it goes on from there."
                )
            )
        finally:
            self._task = None
            if self.founded is None and is_held:
                await self.journey.release()
            self.completeChanged.emit()
        if self.founded is not None:
            # Not from within the task that the page started: Qt may ask the pages anything here.
            QTimer.singleShot(0, self._go_on)

    def _go_on(self) -> None:
        wizard = self.wizard()
        if wizard is not None and wizard.currentId() == Step.MOVE:
            wizard.next()

    def _tell(self, what: str, share: float) -> None:
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(max(self.bar.value(), round(share * _PARTS)))
        word = said(MOVED_WORD.get(what, ""))
        if share < 0.5:
            self.doing.setText(tr("Moving %1…").replace("%1", word) if word else tr("Moving what belongs to chats…"))
        elif what == "indexes":
            self.doing.setText(tr("The search is being prepared…"))
        else:
            self.doing.setText(tr("Comparing row by row…"))

    def _fail(self, text: str) -> None:
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(0)
        self.doing.setText("")
        self.complaint.say(text)
        self.again.show()
        self.again.setFocus()
