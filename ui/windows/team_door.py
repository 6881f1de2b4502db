"""From the window into the wizard of teams, and what follows when the profile came into one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.team_setup import TeamSetup
from ui.beside import Beside
from ui.desk import Desk
from ui.theme.scale import RAIL_WIDTH
from ui.theme.theme import Theme
from ui.windows.main_window import MainWindow
from ui.wizards.journey import Journey, Step
from ui.wizards.team import TeamWizard
from ui.words import isolate, tr


class TeamDoor(QObject):
    """Joins the window's buttons and the wizard."""

    entered = Signal()
    """The profile belongs to a team from now on: the window has to be opened on its database."""

    def __init__(self, window: MainWindow, desk: Desk, theme: Theme, beside: Beside) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._theme = theme
        self._beside = beside
        self.wizard: TeamWizard | None = None
        self.is_seated_now = False
        window.rail.team_button.setVisible(desk.team is not None)
        window.rail.team_wanted.connect(self.open_menu)
        window.pane.welcome.other_wanted.connect(partial(self.open, Step.JOIN))

    def open_menu(self) -> None:
        """Offer what can be done about a team."""
        if self._desk.team is None:
            return
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, self._desk.team)
        button = self._window.rail.team_button
        at = button.mapToGlobal(QPoint(RAIL_WIDTH - 6, 0))
        menu.popup(QPoint(at.x(), at.y() - menu.sizeHint().height() + button.height()))

    def fill_menu(self, menu: QMenu, setup: TeamSetup) -> None:
        """Put in what this profile may do."""
        seat = setup.seat
        if seat is None:
            menu.addAction(tr("Work as a team…"), partial(self.open, Step.MEANING))
            menu.addAction(tr("Join a team…"), partial(self.open, Step.JOIN))
            return
        who = tr("You are in the team %1 as %2.").replace("%1", isolate(seat.team)).replace("%2", isolate(seat.name))
        menu.addAction(who).setEnabled(False)
        if "admin" in seat.roles:
            menu.addAction(tr("Invite a colleague…"), partial(self.open, Step.INVITE))

    def open(self, step: Step = Step.MEANING) -> None:
        """Show the wizard from a page on."""
        if self._desk.team is None or self.wizard is not None:
            return
        journey = Journey(self._desk.team, self._theme, self._desk.now, self._beside.hold, self._beside.release)
        self.wizard = TeamWizard(journey, step, self._window)
        self.wizard.finished.connect(self._finished)
        self.wizard.open()

    def _finished(self) -> None:
        wizard, self.wizard = self.wizard, None
        if wizard is None:
            return
        self.is_seated_now = wizard.is_seated_now
        wizard.deleteLater()
        if self.is_seated_now:
            self.entered.emit()
