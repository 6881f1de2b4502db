"""What happens in a modelled chat: people write, files arrive, messages change, vanish or come late."""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.domain.message import Direction, Kind
from tests.bench.peers.chat import Bubble, CountedChat

SHORT = ("ok", "ja", "nee", "👍", "?", "thanks", "ok!", "haha")
_WORDS = (  # noqa: SIM905
    "can you deliver the blue one on monday please because we are open until six and my sister wants to see "
    "what it costs with the smaller size in green or grey for her garden near the old bridge"
).split()
_RECENT = 10
"""People edit and delete what stands near the end."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How people write.

    Attributes:
        name: What the table calls it.
        short: Share of texts out of eight short ones.
        run: Share of messages that begin a run of equal photos or equal short texts.
        pause_s: Seconds between messages, on average.
        has_events: Whether messages change, vanish and come late.
    """

    name: str
    short: float
    run: float
    pause_s: float
    has_events: bool


HABITS = (
    Habits("typical", 0.15, 0.02, 45, has_events=False),
    Habits("typical+events", 0.15, 0.02, 45, has_events=True),
    Habits("stress", 0.35, 0.10, 15, has_events=False),
    Habits("stress+events", 0.35, 0.10, 15, has_events=True),
)
_REVOKED, _EDITED, _VANISHED, _LATE = 0.01, 0.01, 0.004, 0.1


class Story:
    """One chat from its first message on."""

    def __init__(self, habits: Habits, height: int, seed: str) -> None:
        self.chat = CountedChat(height)
        self._habits = habits
        self._random = random.Random(seed)

    def go_on(self) -> int:
        """Let a stretch of some eight messages pass and return how many came."""
        chance = self._random
        chat, before = self.chat, len(self.chat.ever)
        for one in chat.ever[-40:]:
            if isinstance(one, Bubble) and one.loading and chance.random() < 0.7:
                one.loading = False
        chat.touch()
        pause = chance.uniform(600, 6 * 3600)
        if self._habits.has_events and before > 4 and chance.random() < _LATE:
            chat.put(Direction.IN, self._text(), Kind.TEXT, 0, before - chance.randrange(1, 4))
        for _ in range(1 + int(chance.expovariate(1 / 6.5))):
            self._write(pause)
            pause = 0.0
        return len(chat.ever) - before

    def _write(self, pause: float) -> None:
        chance = self._random
        side = Direction.IN if chance.random() < 0.7 else Direction.OUT
        after = pause or chance.expovariate(1 / self._habits.pause_s)
        if chance.random() < self._habits.run:
            kind, text = (Kind.PHOTO, "") if chance.random() < 0.6 else (Kind.TEXT, chance.choice(SHORT))
            for _ in range(chance.randrange(2, 6)):
                self.chat.put(side, text, kind, after).loading = kind is Kind.PHOTO
                after = chance.uniform(0, 3)
        elif chance.random() < 0.06:
            self.chat.put(side, "", chance.choice((Kind.PHOTO, Kind.VOICE)), after).loading = True
        else:
            self.chat.put(side, self._text(), Kind.TEXT, after)
        if self._habits.has_events:
            self._events()

    def _text(self) -> str:
        chance = self._random
        if chance.random() < self._habits.short:
            return chance.choice(SHORT)
        return " ".join(chance.choices(_WORDS, k=chance.randrange(2, 14)))

    def _events(self) -> None:
        """Each message that comes may have one near the end of the chat change."""
        chance, recent = self._random, [one for one in self.chat.sent[-_RECENT:] if one.kind is not Kind.SYSTEM]
        what, one = chance.random(), chance.choice(recent)
        if what < _REVOKED:
            one.delete()
        elif what < _REVOKED + _EDITED and one.kind is Kind.TEXT:
            one.edit(one.text + chance.choice((" please", "!", " (at six)")))
        elif what < _REVOKED + _EDITED + _VANISHED and len(recent) > 1:
            one.gone = True
        self.chat.touch()
