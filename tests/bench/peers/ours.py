"""Our mirror on the same phone: `app.mirror`, driven as the unit tests drive it."""

from __future__ import annotations

from app.mirror.planning import Verdict
from tests.bench.peers.chat import CountedChat
from tests.fakes.chat import Key
from tests.unit.mirror.model import Mirror


class AnchorOrWiden:
    """Places rows only where that is certain, reads further up where it is not, and flags what stays open."""

    name = "ours: anchor or widen"

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.flagged = 0
        """How many places were flagged, also such as were filled later."""

    def read(self, chat: CountedChat, jitter: int) -> None:
        """Catch up from the newest message, and fill the gaps that this left."""
        gaps = self._gaps()
        decided = self.mirror.catch_up(chat, jitter)
        self.flagged += max(0, self._gaps() - gaps) + (decided.verdict is Verdict.NOT_PLACED)
        if self.mirror.flagged:
            self.mirror.fill_back(chat, jitter)

    def _gaps(self) -> int:
        return sum(1 for entry in self.mirror.entries if entry.gap_before)

    def keys(self) -> list[Key]:
        """Return the messages."""
        return self.mirror.keys()
