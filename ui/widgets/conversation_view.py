"""The list of messages. Stays at the newest when it is there, keeps its place when rows come above or below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QPushButton

from ui.models.conversation import Conversation
from ui.models.conversation_items import Item
from ui.models.keyed import ROW
from ui.theme import icons
from ui.theme.theme import Theme
from ui.widgets.conversation_delegate import ConversationDelegate
from ui.words import tr

_NEAR = 500
_FLASH_MS = 1800


class ConversationView(QListView):
    """Messages of the open chat."""

    escaped = Signal()

    def __init__(self, conversation: Conversation, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._conversation = conversation
        self._theme = theme
        self._anchor: tuple[str, int] | None = None
        self._follows = True
        self._busy = False
        self.messages = ConversationDelegate(theme, today, self)
        self.setModel(conversation.model)
        self.setItemDelegate(self.messages)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalScrollBar().setSingleStep(28)
        self.setViewportMargins(0, 0, 0, 10)
        self.newest = QPushButton(self)
        self.newest.setObjectName("newest")
        self.newest.clicked.connect(self.go_to_newest)
        self.newest.hide()
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        model = self._conversation.model
        model.about_to_apply.connect(self._remember)
        model.applied.connect(self._restore)
        self._conversation.opened.connect(self._opened)
        self.messages.pictures.ready.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.customContextMenuRequested.connect(self._open_menu)
        self._theme.changed.connect(self._dress)
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(_FLASH_MS)
        self._flash.timeout.connect(self._unflash)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.setAccessibleName(tr("Messages"))
        self.newest.setText(tr("Newest"))
        self.newest.setAccessibleName(tr("Go to the newest message"))
        self.messages.forget()
        self._dress()

    def _dress(self) -> None:
        self.newest.setIcon(icons.icon("down", self._theme.colours.text, 16))
        self.viewport().update()

    # -- keeping the place ----------------------------------------------------------------------

    @property
    def is_at_end(self) -> bool:
        """Tell whether the newest row that is loaded is in view."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 4

    def _remember(self) -> None:
        self._follows = self.is_at_end and not self._conversation.has_newer
        index = self.indexAt(QPoint(self.viewport().width() // 2, 1))
        item: Item | None = index.data(ROW) if index.isValid() else None
        self._anchor = (item.key, self.visualRect(index).top()) if item else None
        self._busy = True

    def _restore(self) -> None:
        self.executeDelayedItemsLayout()
        if self._follows:
            self.scrollToBottom()
        elif self._anchor is not None:
            key, top = self._anchor
            row = self._conversation.model.position_of(key)
            if row >= 0:
                moved = self.visualRect(self._conversation.model.index(row)).top() - top
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        self._busy = False
        self._scrolled()

    def _opened(self, key: str | None) -> None:
        self._busy = True
        self.executeDelayedItemsLayout()
        row = self._conversation.model.position_of(key) if key else -1
        if row >= 0:
            index = self._conversation.model.index(row)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.messages.flashed = key
            self._flash.start()
        else:
            self.scrollToBottom()
        self._busy = False
        self._scrolled()

    def _unflash(self) -> None:
        self.messages.flashed = None
        self.viewport().update()

    def _scrolled(self) -> None:
        if self._busy:
            return
        bar = self.verticalScrollBar()
        if bar.value() < _NEAR and self._conversation.has_older:
            self._conversation.load_older()
        elif bar.value() > bar.maximum() - _NEAR and self._conversation.has_newer:
            self._conversation.load_newer()
        is_away = self._conversation.has_newer or bar.value() < bar.maximum() - 240
        self.newest.setVisible(is_away and self._conversation.chat is not None)

    def go_to_newest(self) -> None:
        """Show the end of the chat."""
        if self._conversation.has_newer:
            self._conversation.jump_to_newest()
        else:
            self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Measure for the new width and stay where one was."""
        self._remember()
        self.messages.width = self.viewport().width()
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self._restore()
        size = self.newest.sizeHint()
        self.newest.setGeometry(
            self.viewport().width() - size.width() - 20, self.height() - size.height() - 14, size.width(), size.height()
        )

    # -- copying --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy the chosen message; leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_C:
            self._copy(self.currentIndex().data(ROW))
        else:
            super().keyPressEvent(event)

    def _open_menu(self, at: QPoint) -> None:
        item: Item | None = self.indexAt(at).data(ROW)
        if item is None or item.row is None or not item.row.content.text:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(icons.icon("copy", self._theme.colours.text_dim, 18), tr("Copy text"))
        action.triggered.connect(lambda: self._copy(item))
        menu.popup(self.viewport().mapToGlobal(at))

    def _copy(self, item: Item | None) -> None:
        if item is not None and item.row is not None:
            QGuiApplication.clipboard().setText(item.row.content.text)
