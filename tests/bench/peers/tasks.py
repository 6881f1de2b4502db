"""The tasks that a naive script does on a phone, and what each cost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.peers.field import Field
from tests.bench.peers.scripts import CYCLE_S, Script
from tests.bench.peers.windows import Row
from tests.bench.peers.wires import Wait, real_wait

NOTICE, READ, SEND, SEND_FAR, BACK_FILL, REST = (
    "notice -> text known",
    "full read of another chat",
    "verified send, chat on top",
    "verified send, 3 screens down",
    "back-fill of 100",
    "at rest, a minute",
)
TASKS = (NOTICE, READ, SEND, SEND_FAR, BACK_FILL, REST)
BACK = 100
_POLLS = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """What a task cost once. `after` are the round trips back to the chat list, once all was known."""

    task: str
    trips: float
    seconds: float
    ok: bool = True
    after: float | None = None


class Tasks:
    """One script, one phone."""

    def __init__(
        self, script: Script, field: Field, wait: Wait = real_wait, scale: float = 1.0, back: int = BACK
    ) -> None:
        self._script = script
        self._field = field
        self._wait = wait
        self._back = back
        self._random = random.Random(f"{field.seed} {scale}")

    def run(self, rounds: int, rest_s: float) -> list[Sample]:
        """Do all tasks."""
        found = [self.rest(rest_s), self.back_fill()]
        return [*found, *(one for number in range(rounds) for one in self._round(number))]

    def _round(self, number: int) -> list[Sample]:
        return [
            self.notice(f"vraag {number}"),
            self.read(f"nog iets {number}"),
            self.send(SEND, self._field.people()[0], f"antwoord {number}"),
            self.send(SEND_FAR, self._field.far_down(), f"verweg {number}"),
        ]

    def notice(self, text: str) -> Sample:
        """Let somebody write at any moment of the script's cycle, and wait until it knows the text."""
        self._script.go_home()
        title = self._field.people()[3]
        self._script.poll()
        passed_s = self._random.uniform(0, CYCLE_S)
        self._wait(passed_s)
        self._field.reset()
        self._field.ask("customer_writes", chat=title, text=text)
        began = time.monotonic()
        self._wait(CYCLE_S - passed_s)
        for _ in range(_POLLS):
            if _holds(self._script.poll().get(title, ()), text):
                return self._sample(NOTICE, began)
            self._wait(CYCLE_S)
        return self._sample(NOTICE, began, ok=False)

    def read(self, text: str) -> Sample:
        """Read the chat of somebody who just wrote; that it was noticed costs nothing here."""
        title = self._field.people()[4]
        self._field.ask("customer_writes", chat=title, text=text)
        return self._timed(READ, lambda: _holds(self._script.read(title), text))

    def send(self, task: str, title: str, text: str) -> Sample:
        """Send a reply and see its bubble."""
        sample = self._timed(task, lambda: self._script.send(title, text))
        said = self._field.texts(title)
        return Sample(task, sample.trips, sample.seconds, sample.ok and said.count(text) == 1)

    def back_fill(self) -> Sample:
        """Read a chat back; in a measurement by a hundred messages."""
        title = self._field.add_long_chat()
        held: list[Row] = []

        def read_back() -> bool:
            held.extend(self._script.back_fill(title, self._back))
            return True

        sample = self._timed(BACK_FILL, read_back)
        return Sample(BACK_FILL, sample.trips, sample.seconds, self._is_right(held, title))

    def rest(self, seconds: float) -> Sample:
        """Poll for a while in which nothing happens."""
        self._script.go_home()
        self._field.reset()
        began = time.monotonic()
        polls = max(1, round(seconds / CYCLE_S))
        for _ in range(polls):
            self._script.poll()
            self._wait(CYCLE_S)
        spent = time.monotonic() - began
        return Sample(REST, self._field.trips() * 60 / max(polls * CYCLE_S, spent), spent)

    def _is_right(self, held: list[Row], title: str) -> bool:
        """Tell whether the texts held are the newest of the phone, in order; long ones are cut on the screen.

        What the app says in place of a message is a text too; it is none of those written.
        """
        written = [text[:30] for text in self._field.texts(title)]
        said = [row.text[:30] for row in held if row.text[:30] in set(written)]
        return len(held) > self._back and said == written[len(written) - len(said) :]

    def _timed(self, task: str, do: Callable[[], bool]) -> Sample:
        self._script.go_home()
        self._field.reset()
        began = time.monotonic()
        return self._sample(task, began, ok=do())

    def _sample(self, task: str, began: float, *, ok: bool = True) -> Sample:
        return Sample(task, self._field.trips(), time.monotonic() - began, ok)


def _holds(rows: tuple[Row, ...], text: str) -> bool:
    return any(row.text == text for row in rows)
