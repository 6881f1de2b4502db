"""Thumbnails for bubbles. Only pictures that this program made are opened, and none while something is drawn."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImageReader, QPixmap

_KEPT = 200
_MOST_SIDE = 640


class Pictures(QObject):
    """A small store of pictures by their paths; one that cannot be read is not asked for again."""

    ready = Signal()
    """Another picture can be drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, QPixmap] = OrderedDict()
        self._wanted: list[Path] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read_next)

    def get(self, path: Path) -> QPixmap | None:
        """Return a picture, None while it is not read; then `ready` tells of it soon."""
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
            return None if kept.isNull() else kept
        if path not in self._wanted:
            # What was asked for last is what people look at now.
            self._wanted = [path, *self._wanted[: _KEPT // 2]]
            self._timer.start()
        return None

    def _read_next(self) -> None:
        if not self._wanted:
            return
        path = self._wanted.pop(0)
        self._kept[path] = _read(path)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if self._wanted:
            self._timer.start()
        self.ready.emit()


def _read(path: Path) -> QPixmap:
    reader = QImageReader(str(path), b"jpeg")
    reader.setAutoDetectImageFormat(False)
    side = reader.size()
    if not side.isValid() or max(side.width(), side.height()) > _MOST_SIDE:
        return QPixmap()
    return QPixmap.fromImage(reader.read())
