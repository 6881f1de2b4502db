"""The ledger of truth: what really happened on a phone, written once, read by tests and benches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened, at the phone's time."""

    number: int
    at: datetime
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        facts = {name: _plain(value) for name, value in self.facts.items()}
        return {"number": self.number, "at": self.at.isoformat(), "kind": self.kind, **facts}


class Ledger:
    """All records of one phone, in order; nothing is ever changed or taken away.

    Round trips are counted as well, by kind: `shell:<word>`, `http:<METHOD> <route>`,
    `sync:<request>`, `stream:<service>`.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._records: list[Record] = []
        self._trips: Counter[str] = Counter()
        self._watchers: list[Callable[[Record], None]] = []

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def write(self, kind: str, **facts: object) -> Record:
        """Append a record and show it to the watchers."""
        record = Record(len(self._records), self._now(), kind, facts)
        self._records.append(record)
        for watcher in list(self._watchers):
            watcher(record)
        return record

    def count_trip(self, kind: str) -> None:
        """Count one round trip."""
        self._trips[kind] += 1

    def trips(self, prefix: str = "") -> dict[str, int]:
        """Return the round trips so far by kind, of those that begin with `prefix`."""
        return {kind: count for kind, count in self._trips.items() if kind.startswith(prefix)}

    def trip_total(self, prefix: str = "") -> int:
        """Return how many round trips there were, of those whose kind begins with `prefix`."""
        return sum(self.trips(prefix).values())

    def reset_trips(self) -> None:
        """Begin to count anew: a bench calls it between tasks."""
        self._trips.clear()

    def find(self, kind: str = "", since: int = 0, **facts: object) -> list[Record]:
        """Return the records of a kind with these facts.

        Args:
            kind: A kind, or its beginning up to a dot; "" is every kind.
            since: The first record number looked at.
            **facts: Values that a record must have.
        """
        return [
            record
            for record in self._records[since:]
            if _is_kind(record.kind, kind) and all(record.facts.get(name) == value for name, value in facts.items())
        ]

    def watch(self, watcher: Callable[[Record], None]) -> Callable[[], None]:
        """Show every further record to `watcher`; the result, when called, ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)


def _is_kind(kind: str, wanted: str) -> bool:
    return not wanted or kind == wanted or kind.startswith(wanted + ".")


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return str(value)
