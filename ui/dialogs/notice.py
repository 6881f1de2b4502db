"""Tells a person something and waits until it was read, without a loop inside the loop."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


async def tell(title: str, words: str, parent: QWidget | None = None) -> None:
    """Open a notice and wait until it is closed."""
    box = QMessageBox(QMessageBox.Icon.Critical, "Phoneshelf", title, QMessageBox.StandardButton.Close, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(words)
    closed = asyncio.Event()
    box.finished.connect(lambda _: closed.set())
    box.open()
    await closed.wait()
    box.deleteLater()
