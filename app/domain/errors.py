"""Failures of the world that a caller catches. A bug is not among them."""

from __future__ import annotations

from typing import Any, Self

from app.domain.observation import ScreenSeen
from app.domain.policy import RULES, Role
from app.domain.reply import Reason
from app.domain.snags import Snag


class PhoneshelfError(Exception):
    """The world's fault: said to a person, kept in order, tried again."""

    snag: Snag | None = None
    """The obstacle by name, where an interface has words of its own for it."""

    def because(self, snag: Snag) -> Self:
        """Name the obstacle, and return the error itself."""
        self.snag = snag
        return self


class PhoneLost(PhoneshelfError):
    """The phone, its adb connection or its on-device server stopped answering."""


class PhoneRefused(PhoneshelfError):
    """The phone answers but refuses: not authorised, installation blocked, command not allowed."""


class FilesMissing(PhoneRefused):
    """This PC lacks what has to be put on the phone."""


class AppiumMissing(PhoneRefused):
    """The Appium server of the settings does not answer or lacks something; the text says which."""


class ScreenNotRecognised(PhoneshelfError):
    """What is in front is not the screen that an action needs; nothing was tapped."""

    def __init__(self, seen: ScreenSeen, wanted: str) -> None:
        super().__init__(f"wanted {wanted}, saw {seen.kind}")
        self.seen = seen
        self.wanted = wanted


class TakenOver(ScreenNotRecognised):
    """The phone is not where this program left it: a person, or another app, went on. Nothing was done."""


class SendRefused(PhoneshelfError):
    """A reply certainly was not sent; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class ReplyRefused(SendRefused):
    """A rule of the number forbids a reply as it is; nothing was queued. The text says what to do instead."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.rule = RULES[reason]

    @property
    def may_override(self) -> Role | None:
        """Return the least role that may set the rule aside for one reply, None for nobody."""
        return self.rule.may_override

    def __str__(self) -> str:
        return f"not sent. {self.rule.words['en']}"


class BadInput(PhoneshelfError):
    """What a person gave cannot be used; the text says what to give instead."""


class AnswerBlocked(PhoneshelfError):
    """Something stands in the way of an answer that its author may not know of; nothing was queued.

    `obstacles` are those of `app.team.guarding`: who types too, what others answered, what the customer wrote. Who was
    shown them and sends all the same names them as accepted.
    """

    def __init__(self, obstacles: tuple[Any, ...], words: str) -> None:
        super().__init__(f"not sent: {words}")
        self.obstacles = obstacles


class StoreFailed(PhoneshelfError):
    """The database cannot be read or written now; what was committed before is kept."""


class ServerAway(StoreFailed):
    """The team's server does not answer, or not yet: nothing says what this person may."""


class LoginRefused(StoreFailed):
    """The team's server answers and does not let this person in."""


class LeaseLost(StoreFailed):
    """Another program drives the phone now; nothing was tapped."""


class StoreTooNew(PhoneshelfError):
    """The database was made by a newer program; nothing was changed."""


class StoreTooOld(PhoneshelfError):
    """The database has to be brought up to date by somebody who may; nothing was changed."""


class NotAllowed(PhoneshelfError):
    """This login may not do that; nothing was changed."""


class HostingFailed(PhoneshelfError):
    """A PostgreSQL server of one's own, its programs or its backups cannot do what was asked."""

    def __init__(self, reason: str, next_step: str) -> None:
        super().__init__(f"{reason}. {next_step}")
        self.reason = reason
        self.next_step = next_step
