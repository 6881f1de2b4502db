"""A list model whose rows have keys. New rows are compared with the old: it inserts, removes, moves and changes.

`replace` resets, and is for another question (a filter, another chat), never for an update.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

ROW = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class KeyedModel(QAbstractListModel):
    """Rows in order, each a frozen value with a key."""

    about_to_apply = Signal()
    applied = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Any] = []
        self._keys: list[Hashable] = []

    def key_of(self, row: Any) -> Hashable:
        """Return what names a row for good."""
        raise NotImplementedError

    def describe(self, row: Any) -> str:
        """Return what a screen reader says of a row."""
        raise NotImplementedError

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row itself, or its words."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.describe(row)
        return None

    def row_at(self, position: int) -> Any:
        """Return a row, None outside of the list."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def position_of(self, key: Hashable) -> int:
        """Return where a row is, -1 when it is not here."""
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def replace(self, rows: Sequence[Any]) -> None:
        """Show the rows of another question."""
        self.beginResetModel()
        self._rows = list(rows)
        self._keys = [self.key_of(row) for row in rows]
        self.endResetModel()

    def apply(self, rows: Sequence[Any]) -> None:
        """Become `rows` by the fewest steps that are easy to find."""
        if len(rows) == len(self._rows) and all(a is b or a == b for a, b in zip(rows, self._rows, strict=True)):
            return
        self.about_to_apply.emit()
        # Most of a long list stays the very same objects: only the stretch between them is compared.
        start, tail = _same_ends(self._rows, rows)
        wanted = [self.key_of(row) for row in rows[start : len(rows) - tail]]
        self._drop(set(wanted), start, tail)
        self._place(rows, wanted, start, tail)
        self._refresh(rows, start, tail)
        self.applied.emit()

    def _drop(self, wanted: set[Hashable], start: int, tail: int) -> None:
        last = len(self._keys) - tail - 1
        while last >= start:
            if self._keys[last] in wanted:
                last -= 1
                continue
            first = last
            while first > start and self._keys[first - 1] not in wanted:
                first -= 1
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1], self._keys[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _place(self, rows: Sequence[Any], wanted: list[Hashable], start: int, tail: int) -> None:
        here = set(self._keys[start : len(self._keys) - tail])
        target = {key: position for position, key in enumerate(wanted, start)}
        position, stop = start, start + len(wanted)
        while position < stop:
            key = wanted[position - start]
            if position < len(self._keys) and self._keys[position] == key:
                position += 1
            elif key in here:
                self._move(position, key, target, len(self._keys) - tail - 1)
            else:
                end = position
                while end < stop and wanted[end - start] not in here:
                    end += 1
                self._insert(position, rows[position:end], wanted[position - start : end - start])
                position = end

    def _move(self, position: int, key: Hashable, target: dict[Hashable, int], last: int) -> None:
        """Bring `key` up to `position`; where the row that stands there only sank, sink that one instead."""
        standing = self._keys[position]
        sinks_to = min(target[standing], last)
        if position < last and self._keys[position + 1] == key and sinks_to > position + 1:
            self._shift(position, sinks_to)
        else:
            self._shift(self._keys.index(key, position), position)

    def _shift(self, source: int, destination: int) -> None:
        before = destination + 1 if destination > source else destination
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), before)
        self._rows.insert(destination, self._rows.pop(source))
        self._keys.insert(destination, self._keys.pop(source))
        self.endMoveRows()

    def _insert(self, position: int, rows: Sequence[Any], keys: list[Hashable]) -> None:
        self.beginInsertRows(QModelIndex(), position, position + len(rows) - 1)
        self._rows[position:position] = rows
        self._keys[position:position] = keys
        self.endInsertRows()

    def _refresh(self, rows: Sequence[Any], start: int, tail: int) -> None:
        middle = range(start, len(rows) - tail)
        changed = [i for i in middle if rows[i] is not self._rows[i] and rows[i] != self._rows[i]]
        self._rows = list(rows)
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first), self.index(last))


def _same_ends(old: Sequence[Any], new: Sequence[Any]) -> tuple[int, int]:
    """Return how many rows at the start and at the end are the very same objects."""
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] is new[start]:
        start += 1
    tail = 0
    while tail < most - start and old[-1 - tail] is new[-1 - tail]:
        tail += 1
    return start, tail


def _runs(positions: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs
