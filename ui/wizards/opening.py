"""The first pages: what a team means, which way to go, and names."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QRadioButton

from ui.theme import icons
from ui.wizards.journey import Journey, Step
from ui.wizards.parts import Page, line, words
from ui.words import tr

_LONGEST = 60


class MeaningPage(Page):
    """What moves, and what stays."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(
            tr("Work as a team"),
            tr("Several people, each at their own PC, on the same numbers."),
        )
        for sign, text in (
            ("all", tr("Everybody sees the same chats and answers under a name of their own.")),
            (
                "database",
                tr("The chats lie in your own database: on a PostgreSQL server that you have or on one of your PCs."),
            ),
            (
                "send",
                tr(
                    "Who starts a team takes the history of this PC along. The old file stays where it is and is not "
                    "used any more."
                ),
            ),
            (
                "contact",
                tr(
                    "Who joins a team sees the team's chats. What this PC had until then stays in its file and is not "
                    "moved."
                ),
            ),
            ("phone", tr("The phones stay on their shelf. Any PC of the team that reaches them can drive them.")),
        ):
            self._point(sign, text)
        self.column.addStretch(1)

    def _point(self, sign: str, text: str) -> None:
        mark = QLabel()
        mark.setPixmap(icons.pixmap(sign, self.journey.theme.colours.accent, 22, self.devicePixelRatioF()))
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words(text), 1)
        self.column.addLayout(row)


class ChoicePage(Page):
    """Start or join."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(
            tr("Start or join?"),
            tr("One person starts the team; everybody else joins it with an invitation."),
        )
        self.start = QRadioButton(tr("&Start a team"))
        self.join = QRadioButton(tr("&Join a team with an invitation"))
        for button, note in (
            (self.start, tr("On the PC whose chats are to be shared.")),
            (self.join, tr("A colleague gave you a text that begins with “phoneshelf1:”.")),
        ):
            button.setAccessibleName(button.text().replace("&", ""))
            button.setAccessibleDescription(note)
            self.column.addWidget(button)
            below = words(note, is_dim=True)
            below.setContentsMargins(26, 0, 0, 10)
            self.column.addWidget(below)
        self.start.setChecked(True)
        self.column.addStretch(1)

    def nextId(self) -> int:  # noqa: N802
        """Go where the choice leads."""
        return Step.JOIN if self.join.isChecked() else Step.NAMES


class NamesPage(Page):
    """What the team and its founder are called."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self.head(
            tr("Names"),
            tr("As colleagues see them. Customers see neither."),
        )
        self.name, self.me = line(tr("Our shop")), line()
        self.me.setText(journey.setup.settings.agent)
        for label, field in ((tr("Name of the &team"), self.name), (tr("&Your name"), self.me)):
            field.setMaxLength(_LONGEST)
            field.textChanged.connect(self.completeChanged)
            self.add_field(label, field)
        self.column.addStretch(1)

    def isComplete(self) -> bool:  # noqa: N802
        """Tell whether both are given."""
        return all(field.text().strip() for field in (self.name, self.me))

    @property
    def given(self) -> tuple[str, str]:
        """Return the team's name and one's own."""
        return " ".join(self.name.text().split()), " ".join(self.me.text().split())
