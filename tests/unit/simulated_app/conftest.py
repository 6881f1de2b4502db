"""A phone with the app on it, and ways to look at its screen; nothing here waits."""

from __future__ import annotations

import pytest

from devices.simulated.contract import Intent, View
from devices.simulated.whatsapp.app import WhatsApp
from devices.simulated.whatsapp.views import walk
from tests.fakes.host import FakeHost

JAN = "31612345678"
JAN_JID = f"{JAN}@s.whatsapp.net"


class Phone:
    """The app, its host and a finger."""

    def __init__(self, layout: str = "2026", **host: object) -> None:
        self.host = FakeHost(**host)  # type: ignore[arg-type]
        self.app = WhatsApp(self.host, layout=layout)
        self.app.start(Intent(action="android.intent.action.MAIN"))

    def do(self, verb: str, **args: object) -> object:
        return self.app.control(verb, args)

    def root(self) -> View:
        return self.app.windows()[0].root

    def all(self, name: str) -> list[View]:
        return [view for view in walk(self.root()) if view.res.rpartition("/")[2] == name]

    def texts(self, name: str) -> list[str]:
        return [view.text for view in self.all(name)]

    def root_fields(self) -> list[View]:
        return [view for view in walk(self.root()) if view.cls == "android.widget.EditText"]

    def rows(self) -> list[View]:
        return next(view for view in walk(self.root()) if view.res == "android:id/list").children

    def tap(self, name: str) -> None:
        left, top, right, bottom = self.all(name)[0].bounds
        self.app.tap((left + right) // 2, (top + bottom) // 2)

    def link(self, data: str, action: str = "android.intent.action.VIEW") -> str:
        outcome = self.app.start(Intent(action=action, data=data)).outcome
        self.host.advance(3)
        return outcome

    def drag(self, pixels: int) -> None:
        self.app.drag((300, 700), (300, 700 + pixels), fling=0)


@pytest.fixture
def phone() -> Phone:
    return Phone()
