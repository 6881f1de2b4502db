"""Working as a team, page by page: what it means, a team of one's own or an invitation, and the first colleague.

What takes time runs as tasks beside the window; the pages only ask, show and say what is wrong.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget, QWizard

from ui.bridge import async_slot
from ui.wizards.founding import MovePage
from ui.wizards.inviting import InvitePage
from ui.wizards.joining import JoinedPage, JoinPage
from ui.wizards.journey import Journey, Step
from ui.wizards.opening import ChoicePage, MeaningPage, NamesPage
from ui.wizards.placing import PlacePage
from ui.words import tr


class TeamWizard(QWizard):
    """The way into a team, or to a new colleague in it."""

    def __init__(self, journey: Journey, start: Step = Step.MEANING, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._journey = journey
        self._was_seated = journey.setup.seat is not None
        self.meaning = MeaningPage(journey)
        self.choice = ChoicePage(journey)
        self.names = NamesPage(journey)
        self.place = PlacePage(journey)
        self.move_page = MovePage(journey, self.names, self.place)
        self.invite = InvitePage(journey)
        self.join = JoinPage(journey)
        self.joined = JoinedPage(journey)
        pages = (
            self.meaning, self.choice, self.names, self.place, self.move_page, self.invite, self.join, self.joined,
        )  # fmt: skip
        for step, page in zip(Step, pages, strict=True):
            self.setPage(step, page)
            # After Qt, which sets its buttons by the same signal.
            page.completeChanged.connect(self._guard_back)
        self.currentIdChanged.connect(self._guard_back)
        self.setStartId(start)
        self._dress()
        if not self._was_seated:
            self._look_for_keyring()

    @property
    def is_seated_now(self) -> bool:
        """Tell whether the profile came into a team by this wizard: the window has to be opened anew."""
        return self._journey.setup.seat is not None and not self._was_seated

    def nextId(self) -> int:  # noqa: N802
        """Return the page that follows: both ways end where nothing follows any more."""
        if self.currentId() in (Step.INVITE, Step.JOINED):
            return -1
        return super().nextId()

    def initializePage(self, step: int) -> None:  # noqa: N802
        """Prepare a page."""
        if step == Step.INVITE and self.move_page.founded is not None:
            self.invite.tell_moved(self.move_page.founded.moved.get("message", 0))
        super().initializePage(step)

    def reject(self) -> None:
        """Stop what runs first; a second time, close. A team that was made stays made."""
        if self.move_page.is_running:
            self.move_page.stop()
        elif not self.join.is_running:
            super().reject()

    def _guard_back(self) -> None:
        """Nobody goes back while the team is being made, or an invitation is tried; stopping is what Cancel does."""
        if self.move_page.is_running or self.join.is_running:
            self.button(QWizard.WizardButton.BackButton).setEnabled(False)

    def _dress(self) -> None:
        self.setWindowTitle(tr("Work as a team"))
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        option, which = QWizard.WizardOption, QWizard.WizardButton
        self.setOptions(
            option.NoBackButtonOnStartPage | option.NoBackButtonOnLastPage | option.NoCancelButtonOnLastPage
        )
        for kind, text in (
            (which.NextButton, tr("&Next")),
            (which.BackButton, tr("&Back")),
            (which.CancelButton, tr("Cancel")),
            (which.FinishButton, tr("&Finish")),
        ):
            self.setButtonText(kind, text)
        for kind in (which.NextButton, which.FinishButton):
            button = self.button(kind)
            button.setObjectName("send")
            button.style().polish(button)
        self.setMinimumSize(QSize(640, 560))
        self.resize(700, 660)

    @async_slot
    async def _look_for_keyring(self) -> None:
        if not await self._journey.setup.has_keyring():
            self.place.consent.ask()
            self.join.consent.ask()
