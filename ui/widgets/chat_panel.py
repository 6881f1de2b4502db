"""The chat list with its search: chats narrow as one types, messages that hold the words stand below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from app.domain.ids import ChatId
from app.services.browsing import Browsing, Hit
from ui.bridge import async_slot
from ui.models.chat_model import ChatModel, HitModel
from ui.models.chat_rows import ChatRow, View
from ui.models.inbox import Inbox
from ui.models.keyed import ROW
from ui.theme import icons
from ui.theme.scale import Type, font
from ui.theme.theme import Theme
from ui.widgets.chat_delegate import ChatDelegate, HitDelegate
from ui.words import tr

_TYPING_MS = 180
_HITS = 50


class SearchField(QLineEdit):
    """Where one types; the arrow goes down into the list, Escape clears."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Hand the arrow and Escape over."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ChatPanel(QWidget):
    """Search field, chats, found messages."""

    chat_chosen = Signal(object)
    hit_chosen = Signal(object, object)
    entered = Signal()
    """A person pressed Enter on a chat: the composer is next."""

    def __init__(self, inbox: Inbox, browsing: Browsing, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("chats")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._inbox = inbox
        self._browsing = browsing
        self._theme = theme
        self._chosen: ChatId | None = None
        self._view = View()
        self._asked_words = ""
        self.model = ChatModel(inbox, self)
        self.hits = HitModel(self)
        self.search = SearchField()
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.search.setClearButtonEnabled(True)
        self.chats = _list(self.model, ChatDelegate(theme, inbox, now, self))
        self.found = _list(self.hits, HitDelegate(theme, self))
        self.empty = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._hits_title = QLabel()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._dress()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self.search)
        layout.addLayout(top)
        self.empty.setWordWrap(True)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setProperty("dim", "true")
        self.empty.setContentsMargins(24, 24, 24, 24)
        layout.addWidget(self.empty)
        layout.addWidget(self.chats, 3)
        layout.addStretch(0)
        self._hits_title.setProperty("dim", "true")
        self._hits_title.setFont(font(Type.SMALL_STRONG))
        self._hits_title.setContentsMargins(18, 4, 12, 0)
        layout.addWidget(self._hits_title)
        layout.addWidget(self.found, 2)

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._find)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._take_first)
        self.search.left.connect(self.focus_list)
        self.chats.selectionModel().currentChanged.connect(self._current_changed)
        self.chats.activated.connect(lambda _: self.entered.emit())
        self.found.clicked.connect(self._hit_clicked)
        self.found.activated.connect(self._hit_clicked)
        self.model.modelReset.connect(self._keep_selection)
        self.model.applied.connect(self._keep_selection)
        self._inbox.changed.connect(self._show_empty)
        self._theme.changed.connect(self._dress)
        self._show_hits([])

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.search.setPlaceholderText(tr("Search chats and messages"))
        self.search.setAccessibleName(tr("Search chats and messages"))
        self.chats.setAccessibleName(tr("Chats"))
        self.found.setAccessibleName(tr("Messages found"))
        self._hits_title.setText(tr("Messages"))
        self._show_empty()

    def _dress(self) -> None:
        self._search_icon.setIcon(icons.icon("search", self._theme.colours.text_dim, 18))
        self.chats.viewport().update()
        self.found.viewport().update()

    # -- choosing -------------------------------------------------------------------------------

    def look(self, view: View) -> None:
        """Show the chats of another place of the rail."""
        self._view = view
        self._apply_view()

    def choose(self, chat_id: ChatId) -> None:
        """Make a chat the current one, if the list shows it."""
        self._chosen = chat_id
        self._keep_selection()

    def step(self, by: int) -> None:
        """Choose the chat so many rows further."""
        row = self.chats.currentIndex().row()
        self._choose_row(min(max((row if row >= 0 else -1) + by, 0), self.model.rowCount() - 1))

    def next_unread(self) -> None:
        """Choose the next chat with something unread, else the next that waits."""
        start = self.chats.currentIndex().row()
        count = self.model.rowCount()
        for wanted in (_is_unread, _is_waiting):
            for distance in range(1, count + 1):
                row = (start + distance) % count
                if row != start and wanted(self.model.row_at(row)):
                    self._choose_row(row)
                    return

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_list(self) -> None:
        """Put the focus on the list."""
        self.chats.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.chats.currentIndex().isValid():
            self._choose_row(0)

    def _choose_row(self, row: int) -> None:
        if 0 <= row < self.model.rowCount():
            self.chats.setCurrentIndex(self.model.index(row))

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        row: ChatRow | None = current.data(ROW)
        if row is not None and row.chat.id != self._chosen:
            self._chosen = row.chat.id
            self.chat_chosen.emit(row.chat.id)

    def _keep_selection(self) -> None:
        if self._chosen is None:
            return
        row = self.model.position_of_chat(self._chosen)
        index = self.model.index(row) if row >= 0 else QModelIndex()
        if self.chats.currentIndex() != index:
            flag = QItemSelectionModel.SelectionFlag
            self.chats.selectionModel().setCurrentIndex(index, flag.ClearAndSelect)

    # -- searching ------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._apply_view()
        self._typing.start()

    def _apply_view(self) -> None:
        words = self.search.text().strip()
        self.model.look(View(self._view.account, self._view.only_waiting, words))
        self._show_empty()

    @async_slot
    async def _find(self) -> None:
        words = self.search.text().strip()
        self._asked_words = words
        hits = await self._browsing.search(words, _HITS) if len(words) >= 2 else []
        if self._asked_words == words:
            self._show_hits(hits)

    def _show_hits(self, hits: list[Hit]) -> None:
        self.hits.apply(hits)
        self.found.setVisible(bool(hits))
        self._hits_title.setVisible(bool(hits))
        self._show_empty()

    def _hit_clicked(self, index: QModelIndex) -> None:
        hit: Hit | None = index.data(ROW)
        if hit is not None:
            self._chosen = hit.chat
            self._keep_selection()
            self.hit_chosen.emit(hit.chat, hit.message)

    def _take_first(self) -> None:
        if self.model.rowCount():
            self._choose_row(0)
            self.entered.emit()
        elif self.hits.rowCount():
            self._hit_clicked(self.hits.index(0))

    def _show_empty(self) -> None:
        is_empty = self.model.rowCount() == 0
        self.chats.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        if not is_empty:
            return
        if self.search.text().strip():
            self.empty.setText(tr("No chat has this name or number."))
        elif self._view.only_waiting and self._inbox.rows():
            self.empty.setText(tr("Nobody waits for an answer. Well done."))
        elif not self._inbox.is_loaded:
            self.empty.setText(tr("Reading…"))
        else:
            self.empty.setText(tr("No chats yet. They appear as soon as a phone is ready."))


def _is_unread(row: ChatRow) -> bool:
    return row.chat.unread > 0


def _is_waiting(row: ChatRow) -> bool:
    return row.is_waiting


def _list(model: ChatModel | HitModel, delegate: ChatDelegate | HitDelegate) -> QListView:
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(delegate)
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalScrollBar().setSingleStep(24)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    return view
