"""The notifications on show, and the events they leave in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from devices.simulated.contract import Notification
from devices.simulated.system.eventlog import EventLog

GROUP_KEY = "group_key_messages"
CHILD_FLAGS = 0x8
SUMMARY_FLAGS = 0x200
_CANCELLED_BY_APP = 8


@dataclass(slots=True)
class Posted:
    """A notification on show; `number` makes the invented hashes of its dump."""

    notice: Notification
    uid: int
    number: int
    created_at: datetime
    updated_at: datetime
    user: int = 0

    @property
    def key(self) -> str:
        """The key Android gives it; with WhatsApp's tag it holds a line break."""
        tag = "null" if self.notice.tag is None else self.notice.tag
        return f"{self.user}|{self.notice.package}|{self.notice.id}|{tag}|{self.uid}"

    @property
    def flags(self) -> int:
        """Notification flags: only-alert-once, or group summary."""
        return SUMMARY_FLAGS if self.notice.is_summary else CHILD_FLAGS


class Notices:
    """All notifications of a phone, the newest first in `on_show`."""

    def __init__(self, log: EventLog, now: Callable[[], datetime]) -> None:
        self._log = log
        self._now = now
        self._posted: dict[tuple[str, int, str | None], Posted] = {}
        self._count = 0

    def post(self, notice: Notification, uid: int, pid: int, user: int = 0) -> None:
        """Show a notification of a user's app, or replace it."""
        key = (notice.package, notice.id, notice.tag)
        known = self._posted.pop(key, None)
        self._count += 1
        now = self._now()
        created_at = now if known is None else known.created_at
        posted = Posted(notice, uid, self._count, created_at, now, user)
        self._posted[key] = posted
        tag = "NULL" if notice.tag is None else notice.tag
        about = short_form(posted)
        head = f"{uid},{pid},{notice.package},{notice.id},{tag},{user}"
        self._log.write("notification_enqueue", f"[{head},{about},0]")

    def cancel(self, package: str, id: int, tag: str | None) -> bool:
        """Take a notification away; false when it was not there."""
        gone = self._posted.pop((package, id, tag), None)
        if gone is None:
            return False
        life_ms = int((self._now() - gone.updated_at).total_seconds() * 1000)
        facts = f"{_CANCELLED_BY_APP},{life_ms},{life_ms},0,-1,-1,NULL"
        self._log.write("notification_canceled", f"[{gone.key},{facts}]")
        return True

    def clear(self) -> None:
        """Forget all without a word, as a restart does."""
        self._posted.clear()

    def on_show(self) -> list[Posted]:
        """Return what is on show, the newest first, each group's summary before its children."""
        newest_first = list(reversed(self._posted.values()))
        return sorted(newest_first, key=lambda posted: not posted.notice.is_summary)


def short_form(posted: Posted) -> str:
    """Return a notification as the event log prints it: no text ever."""
    notice = posted.notice
    shortcut = notice.shortcut or "null"
    return (
        f"Notification(channel={notice.channel} shortcut={shortcut} contentView=null vibrate=null "
        f"sound=null defaults=0x0 flags=0x{posted.flags:x} color=0xff21c063 category=msg "
        f"groupKey={GROUP_KEY} vis=PRIVATE)"
    )
