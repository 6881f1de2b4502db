"""The way into a team, page by page: what is asked, what is said when it does not work, and what stays typed."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListWidget, QPlainTextEdit, QWizard

from app.domain.errors import BadInput, HostingFailed, NotAllowed, StoreFailed
from app.domain.invitation import Invitation
from app.domain.server import Server
from app.domain.snags import Snag
from app.seat import Seat
from app.services.founding import Founded
from app.settings import Settings
from app.team_setup import Here, Share
from ui.bridge import stop_all
from ui.phrases_team import SNAG
from ui.widgets.qr_code import QrCode
from ui.wizards.journey import Journey, Step
from ui.wizards.team import TeamWizard

SERVER = Server((("db.example.lan", 5432),), "phoneshelf", "eva", "x")
SEAT = Seat("Winkel & Zn", SERVER, "Eva", ("agent", "lead", "admin"), SERVER)
SAID = {
    Snag.TORN: "no whole invitation",
    Snag.OVER: "is over",
    Snag.USED: "used before, or it was withdrawn",
    Snag.CERTIFICATE: "certificate is not the one",
    Snag.SILENT: "does not answer",
    Snag.TOO_OLD: "team upgrade",
}


def an_invitation(**values):
    made = Invitation(
        "Winkel & Zn", SERVER.hosts, "phoneshelf", "", "Bram", ("agent",), "bram", secrets.token_urlsafe(24),
        datetime.now(UTC) + timedelta(hours=48),
    )  # fmt: skip
    return replace(made, **values)


class Setup:
    """A profile that does as a test says."""

    def __init__(self, home, seat=None):
        self.settings = Settings(home=home, agent="Eva")
        self.seat = seat
        self.keyring = True
        self.why = None
        self.refusals = []
        self.asked = []
        self.go = asyncio.Event()

    async def has_keyring(self):
        return self.keyring

    async def why_not_here(self):
        return self.why

    async def count(self):
        return 40

    async def numbers(self):
        return [(1, "Winkel"), (2, "Werkplaats")]

    async def _do(self, *asked):
        self.asked.append(asked)
        if self.refusals:
            raise self.refusals.pop(0)

    async def found(self, team, me, at, tell, *, in_file):
        await self._do(team, me, at, in_file)
        tell("message", 20, 40)
        await self.go.wait()
        self.seat = replace(SEAT, team=team, name=me)
        return Founded(SERVER, SERVER, {"message": 40}), self.seat

    async def join(self, text, *, in_file):
        await self._do(text, in_file)
        self.seat = replace(SEAT, name="Bram", roles=("agent",), bridge=None)
        return an_invitation(), self.seat

    async def invite(self, guest):
        await self._do(guest)
        return an_invitation(name=guest.name)


@pytest.fixture
def setup(tmp_path, hands):
    return Setup(tmp_path)


@pytest.fixture
def held():
    return []


@pytest.fixture
def open_wizard(setup, theme, hands, held):
    made = []

    async def hold():
        held.append("hold")

    async def release():
        held.append("release")

    def start(step=Step.MEANING):
        wizard = TeamWizard(Journey(setup, theme, lambda: datetime.now(UTC), hold, release), step)
        wizard.open()
        hands.settle()
        made.append(wizard)
        return wizard

    yield start
    hands.run(stop_all())
    for wizard in made:
        wizard.hide()
        wizard.deleteLater()


def button(wizard, which):
    return wizard.button(which)


def press_next(wizard):
    assert button(wizard, QWizard.WizardButton.NextButton).isEnabled()
    button(wizard, QWizard.WizardButton.NextButton).click()


def walk_to_place(wizard):
    press_next(wizard)
    press_next(wizard)
    wizard.names.name.setText("  Winkel  & Zn ")
    press_next(wizard)
    assert wizard.currentId() == Step.PLACE


def fill_server(wizard):
    for field, text in (
        (wizard.place.address, "db1.lan, db2.lan:5433"),
        (wizard.place.login, "it"),
        (wizard.place.password, "secret"),
    ):
        field.setText(text)


def test_a_team_is_started_page_by_page(open_wizard, setup, hands, held):
    wizard = open_wizard()
    walk_to_place(wizard)
    assert not wizard.place.isComplete()
    fill_server(wizard)
    press_next(wizard)
    hands.until(lambda: "messages" in wizard.move_page.doing.text())
    assert wizard.move_page.bar.value() == 250
    assert held == ["hold"]
    assert not button(wizard, QWizard.WizardButton.NextButton).isEnabled()
    assert not button(wizard, QWizard.WizardButton.BackButton).isEnabled()
    setup.go.set()
    hands.until(lambda: wizard.currentId() == Step.INVITE)
    team, me, at, in_file = setup.asked[0]
    assert (team, me, in_file) == ("Winkel & Zn", "Eva", False)
    assert at == Server((("db1.lan", 5432), ("db2.lan", 5433)), "phoneshelf", "it", "secret")
    assert "40 messages were moved" in wizard.invite.done.text()
    assert wizard.invite.hosting.isHidden()
    assert held == ["hold"]
    button(wizard, QWizard.WizardButton.FinishButton).click()
    assert wizard.is_seated_now


def test_cancel_keeps_what_was_moved_and_it_goes_on(open_wizard, setup, hands, held):
    wizard = open_wizard()
    walk_to_place(wizard)
    fill_server(wizard)
    press_next(wizard)
    hands.until(lambda: setup.asked)
    button(wizard, QWizard.WizardButton.CancelButton).click()
    hands.until(lambda: not wizard.move_page.is_running)
    assert wizard.isVisible()
    assert "is kept" in wizard.move_page.complaint.text
    assert "goes on from there" in wizard.move_page.complaint.text
    assert held == ["hold", "release"]
    setup.go.set()
    wizard.move_page.again.click()
    hands.until(lambda: wizard.currentId() == Step.INVITE)
    assert len(setup.asked) == 2
    assert held == ["hold", "release", "hold"]


def test_a_second_cancel_closes_and_nothing_is_joined(open_wizard, setup, hands):
    wizard = open_wizard()
    walk_to_place(wizard)
    fill_server(wizard)
    press_next(wizard)
    hands.until(lambda: setup.asked)
    wizard.close()
    hands.until(lambda: not wizard.move_page.is_running)
    wizard.close()
    assert not wizard.isVisible()
    assert not wizard.is_seated_now


def test_what_the_server_refuses_is_said_and_can_be_mended(open_wizard, setup, hands):
    setup.refusals = [StoreFailed("x").because(Snag.PASSWORD)]
    wizard = open_wizard()
    walk_to_place(wizard)
    fill_server(wizard)
    press_next(wizard)
    hands.until(lambda: wizard.move_page.complaint.text)
    assert "refuses this login or password" in wizard.move_page.complaint.text
    button(wizard, QWizard.WizardButton.BackButton).click()
    assert wizard.currentId() == Step.PLACE
    assert wizard.place.password.text() == "secret"
    setup.go.set()
    press_next(wizard)
    hands.until(lambda: wizard.currentId() == Step.INVITE)


def test_an_address_that_is_none_is_said_before_anything_is_done(open_wizard, setup, tmp_path):
    wizard = open_wizard()
    walk_to_place(wizard)
    fill_server(wizard)
    wizard.place.address.setText("db1:port")
    press_next(wizard)
    assert wizard.currentId() == Step.PLACE
    assert "This is no address" in wizard.place.complaint.text
    wizard.place.address.setText("db1")
    assert wizard.place.complaint.text == ""
    wizard.place.ca.setText(str(tmp_path / "missing.pem"))
    press_next(wizard)
    assert "certificate file cannot be read" in wizard.place.complaint.text
    assert setup.asked == []


def test_this_pc_is_offered_where_its_programs_are(open_wizard, setup, hands):
    wizard = open_wizard()
    walk_to_place(wizard)
    hands.until(wizard.place.here.isEnabled)
    wizard.place.here.click()
    wizard.place.own_address.setText("192.168.1.10")
    assert wizard.place.server_fields.isHidden()
    setup.go.set()
    press_next(wizard)
    hands.until(lambda: wizard.currentId() == Step.INVITE)
    assert setup.asked[0][2] == Here("192.168.1.10")


def test_a_pc_without_them_says_why_and_what_to_install(open_wizard, setup, hands):
    setup.why = HostingFailed("none", "step").because(Snag.NO_POSTGRES)
    wizard = open_wizard()
    walk_to_place(wizard)
    hands.until(lambda: "Not possible" in wizard.place.why_not.text())
    assert not wizard.place.here.isEnabled()
    assert "apt install postgresql" in wizard.place.why_not.text()
    assert "apt install postgresql" in wizard.place.here.accessibleDescription()


def test_without_a_keyring_a_file_has_to_be_allowed(open_wizard, setup, hands):
    setup.keyring = False
    wizard = open_wizard(Step.JOIN)
    wizard.join.entry.setPlainText(an_invitation().text())
    assert not wizard.join.isComplete()
    wizard.join.consent.box.setChecked(True)
    press_next(wizard)
    hands.until(lambda: wizard.currentId() == Step.JOINED)
    assert setup.asked[0][1] is True


def test_a_keyring_that_fails_later_brings_the_question(open_wizard, setup, hands):
    setup.refusals = [BadInput("x").because(Snag.NO_KEYRING)]
    wizard = open_wizard(Step.JOIN)
    assert wizard.join.consent.isHidden()
    wizard.join.entry.setPlainText(an_invitation().text())
    press_next(wizard)
    hands.until(lambda: wizard.join.complaint.text)
    assert wizard.join.consent.isVisible()
    assert not wizard.join.isComplete()


@pytest.mark.parametrize("snag", sorted(SAID))
def test_each_wrong_invitation_has_its_sentence_and_keeps_the_text(open_wizard, setup, hands, snag):
    setup.refusals = [BadInput("x").because(snag)]
    wizard = open_wizard(Step.JOIN)
    wizard.join.entry.setPlainText("phoneshelf1:what somebody pasted")
    press_next(wizard)
    hands.until(lambda: wizard.join.complaint.text)
    assert SAID[snag] in wizard.join.complaint.text
    assert wizard.join.complaint.accessibleName() == wizard.join.complaint.text
    assert wizard.join.entry.toPlainText() == "phoneshelf1:what somebody pasted"
    assert wizard.currentId() == Step.JOIN
    assert not wizard.is_seated_now
    wizard.join.entry.setPlainText(an_invitation().text())
    assert wizard.join.complaint.text == ""
    press_next(wizard)
    hands.until(lambda: wizard.currentId() == Step.JOINED)


def test_who_joined_reads_who_they_are_and_cannot_go_back(open_wizard, setup, hands):
    wizard = open_wizard()
    press_next(wizard)
    wizard.choice.join.click()
    press_next(wizard)
    wizard.join.entry.setPlainText(an_invitation().text())
    assert "For \u2068Bram\u2069, in the team \u2068Winkel & Zn\u2069" in wizard.join.seen.text()
    press_next(wizard)
    hands.until(lambda: wizard.currentId() == Step.JOINED)
    assert "You are in the team \u2068Winkel & Zn\u2069 as \u2068Bram\u2069" in wizard.joined.lead.text()
    assert "reads and answers" in wizard.joined.welcome.text()
    assert not button(wizard, QWizard.WizardButton.BackButton).isVisible()
    assert button(wizard, QWizard.WizardButton.FinishButton).isEnabled()
    wizard.reject()
    assert wizard.is_seated_now


def test_a_dropped_text_is_taken(open_wizard):
    assert open_wizard(Step.JOIN).join.entry.acceptDrops()


def test_an_invitation_is_shown_copied_and_scanned(open_wizard, setup, hands):
    setup.seat = replace(SEAT, server_folder="/srv")
    wizard = open_wizard(Step.INVITE)
    page = wizard.invite
    assert page.hosting.isVisible()
    assert "team host" in page.hosting.text()
    assert not page.make.isEnabled()
    page.name.setText("Bram")
    page.role.setCurrentIndex(page.role.findData("lead"))
    page.numbers.item(1).setCheckState(Qt.CheckState.Unchecked)
    page.drives.setChecked(True)
    page.make.click()
    hands.until(page.shown.isVisible)
    (guest,) = setup.asked[0]
    assert (guest.name, guest.roles, guest.numbers, guest.drives) == ("Bram", ["lead"], ["1"], True)
    assert page.shown.text.toPlainText() == page.invitation.text()
    page.shown.copy.click()
    assert QGuiApplication.clipboard().text() == page.invitation.text()
    assert "Bram" in page.shown.until.text()
    assert page.form.isHidden()
    page.shown.another.click()
    assert page.form.isVisible()
    assert page.name.text() == ""
    assert not wizard.is_seated_now


def test_an_invitation_that_is_refused_says_so_and_keeps_the_name(open_wizard, setup, hands):
    setup.seat = SEAT
    setup.refusals = [BadInput("x").because(Snag.MEMBER), NotAllowed("x").because(Snag.RIGHTS)]
    wizard = open_wizard(Step.INVITE)
    wizard.invite.name.setText("Bram")
    wizard.invite.make.click()
    hands.until(lambda: wizard.invite.complaint.text)
    assert "Add a surname" in wizard.invite.complaint.text
    assert wizard.invite.name.text() == "Bram"
    wizard.invite.make.click()
    hands.until(lambda: "may not do that" in wizard.invite.complaint.text)
    for row in range(2):
        wizard.invite.numbers.item(row).setCheckState(Qt.CheckState.Unchecked)
    wizard.invite.make.click()
    hands.settle()
    assert "at least one number" in wizard.invite.complaint.text
    assert len(setup.asked) == 2


def test_a_code_is_drawn_dark_on_white_with_a_quiet_edge(qapp):
    code = QrCode()
    code.show_text("phoneshelf1:" + "A" * 600)
    image = code.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wide = code.modules * 3
    assert image.width() == image.height() == wide + 24
    # Three corners hold the finder: seven dark modules in a row, its ring of white inside.
    for x, y in ((12, 12), (12 + wide - 21, 12), (12, 12 + wide - 21)):
        assert all(image.pixelColor(x + i, y + 1).lightness() == 0 for i in range(21))
        assert image.pixelColor(x + 4, y + 4).lightness() == 255
    assert image.pixelColor(6, 60).lightness() == 255
    code.deleteLater()


def test_every_control_has_a_name_and_takes_the_focus(open_wizard, setup, hands):
    setup.keyring = False
    wizard = open_wizard()
    kinds = (QLineEdit, QPlainTextEdit, QAbstractButton, QComboBox, QListWidget)
    pages = [wizard.page(step) for step in Step]
    found = [one for page in pages for kind in kinds for one in page.findChildren(kind)]
    assert len(found) > 20
    for one in found:
        if one.objectName().startswith("qt_") or isinstance(one.parent(), QComboBox):
            continue
        name = one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "")
        assert name, one
        assert "&" not in one.accessibleName()
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, name


def test_it_is_walked_through_with_keys(open_wizard, setup, hands, qtbot):
    wizard = open_wizard()
    wizard.activateWindow()
    hands.until(wizard.isActiveWindow)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Down)
    assert wizard.choice.join.isChecked()
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    assert wizard.currentId() == Step.JOIN
    assert wizard.join.entry.hasFocus()
    qtbot.keyClicks(wizard.focusWidget(), "phoneshelf1:x")
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Tab)
    assert wizard.focusWidget() is button(wizard, QWizard.WizardButton.BackButton)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Tab)
    assert wizard.focusWidget() is button(wizard, QWizard.WizardButton.NextButton)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    hands.until(lambda: wizard.currentId() == Step.JOINED)
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Escape)
    assert not wizard.isVisible()


def test_every_obstacle_has_a_sentence():
    assert set(SNAG) == set(Snag)


def test_the_share_of_a_move_counts_each_row_twice_and_never_falls_back():
    told = []
    share = Share(40, lambda what, done: told.append((what, done)))
    for step in (
        ("chat", 10, 10),
        ("message", 30, 30),
        ("indexes", 2, 2),
        ("chat proved", 10, 10),
        ("message", 30, 30),
    ):
        share(*step)
    share("message proved", 30, 30)
    assert told == [
        ("chat", 0.125), ("message", 0.5), ("indexes", 0.5), ("chat", 0.625), ("message", 0.625), ("message", 1.0),
    ]  # fmt: skip
