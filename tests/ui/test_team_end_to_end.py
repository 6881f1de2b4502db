"""Two profiles become a team by the wizard alone, on a real PostgreSQL, and the window outlives its failure."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWizard

from app.cli.common import opened_settings
from app.cli.windowing import desk_of
from app.domain.errors import BadInput
from app.seat import load_seat
from app.settings import Settings
from app.store import replies
from app.team_setup import TeamSetup
from tests.fakes.postgres import HOST, Postgres, aside
from tests.ui.seeding import World, furnish
from ui.beside import Beside
from ui.bridge import stop_all
from ui.desk import Desk
from ui.theme.theme import Theme
from ui.windows.main_window import MainWindow
from ui.windows.team_door import TeamDoor
from ui.wizards.journey import Step

NEXT, FINISH = QWizard.WizardButton.NextButton, QWizard.WizardButton.FinishButton


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch):
    monkeypatch.setattr(keyring, "get_keyring", NoKeyring)
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())


@dataclass(frozen=True)
class Office:
    """A server, and a database on it that a team may make."""

    postgres: Postgres
    database: str

    def execute(self, sql):
        aside(self.postgres.execute(sql))


@pytest.fixture
def office(postgres):
    made = Office(postgres, f"window_{secrets.token_hex(4)}")
    yield made
    made.execute(f'DROP DATABASE IF EXISTS "{made.database}" WITH (FORCE)')


class Place:
    """One profile with its window open, as the program opens it."""

    def __init__(self, home, hands, theme):
        self.home, self.hands, self.theme = home, hands, theme
        self.settings = Settings(home=home, agent=home.name.title(), language="en")

    def __enter__(self):
        self.opening = opened_settings(self.settings)
        self.program = self.hands.run(self.opening.__aenter__())
        bare = desk_of(self.program, drives=False)
        setup = TeamSetup(self.settings, self.program.seat)
        desk = Desk(bare.settings, bare.browsing, bare.replying, bare.now, None, bare.background, setup)
        self.beside = Beside(desk.background)
        remembered = QSettings(str(self.home / "window.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(desk, self.theme, remembered)
        self.door = TeamDoor(self.window, desk, self.theme, self.beside)
        self.entered = []
        self.door.entered.connect(lambda: self.entered.append(1))
        self.window.show()
        self.window.load()
        self.beside.start()
        self.hands.until(lambda: self.window.inbox.is_loaded)
        return self

    def __exit__(self, *_):
        self.window.hide()
        self.hands.run(self.beside.end())
        self.hands.run(stop_all())
        self.window.deleteLater()
        self.hands.run(self.opening.__aexit__(None, None, None))

    def wizard(self, step):
        self.door.open(step)
        join = self.door.wizard.join
        # The wizard looks for a keyring first, and finds none.
        self.hands.until(lambda: not join.consent.isHidden())
        return self.door.wizard


@pytest.fixture
def at(hands, theme):
    return lambda home: Place(home, hands, theme)


@pytest.fixture
def theme(qapp):
    made = Theme("light")
    made.dress()
    yield made
    made.deleteLater()


@pytest.fixture
def eva(tmp_path, empty_database, hands):
    home = tmp_path / "eva"
    home.mkdir()
    shutil.copy(empty_database, home)

    async def fill():
        world = await World.make(home)
        await furnish(world)
        async with world.store.write() as unit:
            # Their holder is no program.
            await unit.connection.exec_driver_sql("UPDATE account SET lease_until = NULL, lease_holder = NULL")
        await world.store.close()

    hands.run(fill())
    return home


def found(place, office):
    """Walk through the wizard from its first page to the invitation."""
    wizard = place.wizard(Step.MEANING)
    page = wizard.place
    for _ in range(2):
        wizard.button(NEXT).click()
    wizard.names.name.setText("Winkel")
    wizard.names.me.setText("Eva")
    wizard.button(NEXT).click()
    page.address.setText(f"{HOST}:{office.postgres.port}")
    page.database.setText(office.database)
    page.login.setText(office.postgres.user)
    page.password.setText(office.postgres.password)
    page.ca.setText(str(office.postgres.authority))
    page.consent.box.setChecked(True)
    wizard.button(NEXT).click()
    place.hands.until(lambda: wizard.currentId() == Step.INVITE or wizard.move_page.complaint.text)
    assert wizard.move_page.complaint.text == ""
    return wizard


def invite(wizard, hands, name):
    page = wizard.invite
    hands.until(lambda: page.numbers.isEnabled() and page.numbers.count() == 2)
    page.name.setText(name)
    page.make.click()
    hands.until(lambda: page.shown.isVisible() or page.complaint.text)
    assert page.complaint.text == ""
    return page.shown.text.toPlainText()


def join(place, text):
    wizard = place.wizard(Step.JOIN)
    wizard.join.consent.box.setChecked(True)
    wizard.join.entry.setPlainText(text)
    wizard.button(NEXT).click()
    place.hands.until(lambda: not wizard.join.is_running)
    return wizard


def test_a_team_from_the_first_page_to_the_second_colleagues_window(at, eva, tmp_path, office, hands, caplog):
    with at(eva) as first:
        wizard = found(first, office)
        assert "messages were moved" in wizard.invite.done.text()
        text = invite(wizard, hands, "Bram")
        wizard.button(FINISH).click()
        assert first.entered
        assert first.door.is_seated_now
        assert not first.beside.is_running
    bram = tmp_path / "bram"
    with at(bram) as second:
        assert second.window.pane.welcome.other.isVisible()
        wizard = join(second, text[:-7])
        assert "no whole invitation" in wizard.join.complaint.text
        assert wizard.join.entry.toPlainText() == text[:-7]
        wizard.join.entry.setPlainText(text)
        wizard.button(NEXT).click()
        hands.until(lambda: wizard.currentId() == Step.JOINED)
        wizard.button(FINISH).click()
        assert second.entered
    with pytest.raises(BadInput, match="belongs to a team already"):
        TeamSetup(Settings(home=bram)).refuse_seated()
    with at(tmp_path / "carl") as third:
        wizard = join(third, text)
        assert "used before" in wizard.join.complaint.text
        wizard.reject()
        assert not third.entered
    assert text not in caplog.text
    with at(eva) as first, at(bram) as second:
        assert first.window.status.database.text() == "Winkel"
        assert not second.window.pane.welcome.other.isVisible()
        hands.until(lambda: first.window.pane.conversation.model.rowCount() > 0)
        answer_each_other(first, second, hands)
    # The login may carry a number: logins are the server's, and other teams have theirs there.
    assert load_seat(bram).person.user.startswith("bram")


def answer_each_other(first, second, hands):
    """A reply of one window stands in the database under its author, and shows in the other by itself."""
    first.window.pane.send("Tot vanmiddag!")
    chat = first.window.pane.conversation.chat

    def shown():
        rows = second.window.pane.conversation.pending
        return [row.author for row in rows if row.content.text == "Tot vanmiddag!"] == ["Eva"]

    second.window.open_chat(chat)
    hands.until(shown)

    async def author():
        async with second.program.store.read() as connection:
            return {one.author for one in await replies.list_replies(connection, chat_id=chat)}

    assert load_seat(first.home).person.user in hands.run(author())


def test_a_database_that_ends_is_loud_and_the_window_goes_on(at, eva, office, hands):
    with at(eva) as first:
        wizard = found(first, office)
        wizard.button(FINISH).click()
    with at(eva) as first:
        window = first.window
        hands.until(lambda: window.pane.conversation.model.rowCount() > 0)
        assert window.outage.isHidden()
        office.execute(f'ALTER DATABASE "{office.database}" ALLOW_CONNECTIONS false')
        office.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{office.database}'")  # noqa: S608
        hands.until(window.outage.isVisible)
        assert "does not answer since" in window.outage.accessibleName()
        window.pane.composer.editor.setPlainText("Deze tekst blijft")
        window.pane.send("Deze tekst blijft")
        hands.until(lambda: "database does not answer" in window.pane.composer.recipient.text())
        assert window.pane.composer.text == "Deze tekst blijft"
        office.execute(f'ALTER DATABASE "{office.database}" ALLOW_CONNECTIONS true')
        hands.until(window.outage.isHidden)
        window.pane.send("Deze tekst blijft")
        hands.until(lambda: any(r.content.text == "Deze tekst blijft" for r in window.pane.conversation.pending))


def test_a_founding_that_is_refused_lets_the_window_go_on(at, eva, office, hands):
    with at(eva) as first:
        wizard = first.wizard(Step.PLACE)
        wizard.names.name.setText("Winkel")
        wizard.names.me.setText("Eva")
        page = wizard.place
        page.address.setText(f"{HOST}:{office.postgres.port}")
        page.login.setText(office.postgres.user)
        page.password.setText("wrong")
        page.ca.setText(str(office.postgres.authority))
        page.consent.box.setChecked(True)
        wizard.button(NEXT).click()
        hands.until(lambda: wizard.move_page.complaint.text)
        assert "refuses this login or password" in wizard.move_page.complaint.text
        hands.until(lambda: first.beside.is_running)
        wizard.reject()
        assert not first.entered
        assert load_seat(eva) is None
