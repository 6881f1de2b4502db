"""The main window: rail, chats, conversation, status. Joins its parts and the keyboard; decides nothing else."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.domain.ids import ChatId, MessageId
from ui.bridge import Changes, async_slot
from ui.desk import Desk
from ui.models.inbox import Inbox
from ui.theme.theme import Theme
from ui.widgets.chat_panel import ChatPanel
from ui.widgets.conversation_pane import ConversationPane
from ui.widgets.outage import Outage
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar
from ui.words import speak

_PHONES_MS = 2000
_MINUTE_MS = 30_000


class MainWindow(QMainWindow):
    """One agent's window."""

    close_wanted = Signal()

    def __init__(self, desk: Desk, theme: Theme, remembered: QSettings) -> None:
        super().__init__()
        self._desk = desk
        self._theme = theme
        self._remembered = remembered
        self.changes = Changes(desk.browsing, self)
        self.inbox = Inbox(desk.browsing, self.changes, self)
        self.rail = Rail(theme)
        self.panel = ChatPanel(self.inbox, desk.browsing, theme, desk.now)
        self.pane = ConversationPane(desk, self.inbox, self.changes, theme)
        self.status = StatusBar(theme, desk.place, desk.now)
        self.outage = Outage(theme, desk.now)
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._restore()
        self.retranslate()

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.panel)
        self._splitter.addWidget(self.pane)
        self._splitter.setStretchFactor(1, 1)
        self.panel.setMinimumWidth(240)
        self.pane.setMinimumWidth(360)
        self._splitter.setSizes([340, 860])
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._splitter, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.outage)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        self.setCentralWidget(body)
        self.setMinimumSize(QSize(760, 480))
        self.resize(1280, 800)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.panel.look)
        self.rail.theme_chosen.connect(self._use_theme)
        self.rail.language_chosen.connect(self._use_language)
        self.changes.lost.connect(self.outage.begin)
        self.changes.back.connect(self.outage.end)
        self.panel.chat_chosen.connect(self.pane.open)
        self.panel.hit_chosen.connect(self.pane.open)
        self.panel.entered.connect(self.focus_composer)
        self.pane.escaped.connect(self.panel.focus_list)
        self.inbox.changed.connect(self._show_counts)
        self.inbox.changed.connect(self._show_first)
        self.inbox.phones_changed.connect(self._show_phones)
        for every_ms, action in ((_PHONES_MS, self._look_at_phones), (_MINUTE_MS, self._show_times)):
            timer = QTimer(self)
            timer.timeout.connect(action)
            timer.start(every_ms)

    def _bind_keys(self) -> None:
        for keys, action in (
            ("Ctrl+K", self.panel.focus_search),
            ("Ctrl+F", self.panel.focus_search),
            ("Alt+Down", lambda: self.panel.step(1)),
            ("Alt+Up", lambda: self.panel.step(-1)),
            ("Ctrl+Tab", self.panel.next_unread),
            ("Ctrl+Z", self._undo),
            ("Ctrl+End", self.pane.view.go_to_newest),
            ("F5", self.check_now),
            ("Ctrl+Q", self.close),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(action)

    # -- life -----------------------------------------------------------------------------------

    @async_slot
    async def load(self) -> None:
        """Read what there is and show the newest chat."""
        await self.inbox.load()
        self._show_first()

    def _show_first(self) -> None:
        """Open the newest chat as soon as there is one: an empty half of a window tells nothing."""
        rows = self.inbox.rows()
        if self.inbox.is_loaded and rows and self.pane.conversation.chat is None:
            self.panel.choose(rows[0].chat.id)
            self.pane.open(rows[0].chat.id)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask for the end; whoever runs the window ends what runs beside it first."""
        self._remembered.setValue("geometry", self.saveGeometry())
        self._remembered.setValue("splitter", self._splitter.saveState())
        event.ignore()
        self.close_wanted.emit()

    def _restore(self) -> None:
        geometry, splitter = self._remembered.value("geometry"), self._remembered.value("splitter")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if splitter is not None:
            self._splitter.restoreState(splitter)

    # -- showing --------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.rail.retranslate()
        self.panel.retranslate()
        self.pane.retranslate()
        self.status.retranslate()
        self.outage.retranslate()
        self._show_phones()
        self._show_counts()

    def _show_counts(self) -> None:
        waiting = self.inbox.waiting()
        self.rail.show_counts(waiting)
        self.setWindowTitle(f"({waiting}) Phoneshelf" if waiting else "Phoneshelf")

    def _show_phones(self) -> None:
        self.rail.show_phones(self.inbox.phones)
        self.status.show_phones(self.inbox.phones)

    def _look_at_phones(self) -> None:
        # A database that is away says itself when it is back.
        if self.outage.isHidden():
            self.inbox.refresh_phones()

    def _show_times(self) -> None:
        self.panel.chats.viewport().update()
        self.status.show_phones(self.inbox.phones)

    def _use_theme(self, mode: str) -> None:
        self._remembered.setValue("theme", mode)
        self._theme.set_mode(mode)

    def _use_language(self, language: str) -> None:
        self._remembered.setValue("language", language)
        speak(language)
        self.retranslate()
        self.panel.chats.viewport().update()

    # -- doing ----------------------------------------------------------------------------------

    def focus_composer(self) -> None:
        """Put the cursor where a reply is written."""
        self.pane.composer.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def check_now(self) -> None:
        """Have the phones compared with the mirror."""
        if self._desk.check_now is not None:
            self._desk.check_now()

    def open_chat(self, chat_id: ChatId, message: MessageId | None = None) -> None:
        """Show a chat."""
        self.panel.choose(chat_id)
        self.pane.open(chat_id, message)

    def _undo(self) -> None:
        """Take the last reply back, unless there is something typed to be undone."""
        editor = self.pane.composer.editor
        if editor.hasFocus() and editor.document().isUndoAvailable() and editor.toPlainText():
            editor.undo()
        else:
            self.pane.undo.undo_last()
