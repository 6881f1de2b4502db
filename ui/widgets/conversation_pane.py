"""One open chat, whole: header, messages, what needs a person, undo, composer. Sends intents to the services."""

from __future__ import annotations

import logging
from datetime import date

from PySide6.QtCore import QMargins, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import BadInput, NotAllowed, PhoneshelfError, ReplyRefused, StoreFailed
from app.domain.ids import ChatId, MessageId
from app.domain.reply import Reply, ReplyState
from app.services.browsing import Chat, MessageRow
from ui.bridge import Changes, async_slot
from ui.desk import Desk
from ui.models.conversation import Conversation
from ui.models.inbox import Inbox
from ui.phrases import REASON, local, said
from ui.theme.theme import Theme
from ui.widgets.bubble import lane
from ui.widgets.composer import Composer
from ui.widgets.conversation_view import ConversationView
from ui.widgets.empty_page import EmptyPage
from ui.widgets.header import Header
from ui.widgets.reply_banner import ReplyBanner
from ui.widgets.undo_strip import UndoStrip
from ui.words import tr

logger = logging.getLogger(__name__)


def _sides(margins: QMargins, side: int) -> QMargins:
    return QMargins(side, margins.top(), side, margins.bottom())


def _why_not(refusal: PhoneshelfError) -> str:
    """Return why a reply was not queued; its text stays in the composer."""
    if isinstance(refusal, ReplyRefused):
        return said(REASON[refusal.reason])
    if isinstance(refusal, BadInput):
        return tr("This text cannot be sent.")
    if isinstance(refusal, NotAllowed):
        return tr("You may not answer on this number. Ask an admin of your team.")
    if isinstance(refusal, StoreFailed):
        return tr("Not queued: the database does not answer. The text stays here; send it again.")
    return str(refusal)


_NEEDS_PERSON = frozenset({ReplyState.UNKNOWN, ReplyState.FAILED})


class ConversationPane(QWidget):
    """The right side of the window."""

    escaped = Signal()

    def __init__(self, desk: Desk, inbox: Inbox, changes: Changes, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("conversation")
        self._desk = desk
        self._inbox = inbox
        self._drafts: dict[ChatId, str] = {}
        self.conversation = Conversation(desk.browsing, changes, self)
        self.header = Header()
        self.view = ConversationView(self.conversation, theme, self._today)
        self.banner = ReplyBanner(theme)
        self.undo = UndoStrip(theme, desk.now)
        self.composer = Composer(theme, enter_sends=desk.settings.enter_sends)
        self.welcome = EmptyPage(theme, "chats")
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        chat = QWidget()
        column = QVBoxLayout(chat)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.view, self.banner, self.undo, self.composer):
            column.addWidget(widget, 1 if widget is self.view else 0)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(chat)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setTabOrder(self.view, self.composer.editor)
        self.setTabOrder(self.composer.editor, self.composer.button)

    def _connect(self) -> None:
        self.conversation.pending_changed.connect(self._show_pending)
        self._inbox.changed.connect(self._show_facts)
        self._inbox.phones_changed.connect(self.retranslate)
        self._inbox.loaded.connect(self.retranslate)
        self.composer.send_wanted.connect(self.send)
        self.composer.typed.connect(self._keep_draft)
        self.composer.escaped.connect(self.escaped)
        self.view.escaped.connect(self.escaped)
        self.undo.undo_wanted.connect(self.take_back)
        self.banner.settled.connect(self.settle)
        self.banner.put_back.connect(self._put_back)
        self.banner.seen.connect(self._put_aside)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.composer.retranslate()
        self.view.retranslate()
        self._show_facts()
        self._show_pending()
        if not self._inbox.is_loaded:
            self.welcome.say(tr("One moment"), tr("The chats are being read."))
        elif not self._inbox.phones:
            self.welcome.say(
                tr("Put the first phone on the shelf"),
                tr(
                    "Switch on USB debugging on the phone that has WhatsApp Business, connect it by USB, "
                    "and type these lines in a terminal. This window follows by itself."
                ),
                self._commands(),
                self._other_way(),
            )
        elif not self._inbox.rows():
            self.welcome.say(
                tr("Waiting for the first chats"),
                tr("They appear as soon as the phone is ready. Its state and the next step stand at the foot."),
            )
        else:
            self.welcome.say(tr("Choose a chat"), tr("With a click, or with Alt+Down. Ctrl+K searches."))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what stands below the messages as wide as they are."""
        super().resizeEvent(event)
        side = int(lane(self.width() - self.view.verticalScrollBar().sizeHint().width())[0])
        for part in (self.banner, self.undo, self.composer):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(_sides(layout.contentsMargins(), side))

    def _commands(self) -> str:
        home = f' --home "{self._desk.settings.home}"'
        return "\n".join(
            (
                tr("adb devices   (shows the phone's serial)"),
                f"phoneshelf phones add SERIAL{home}",
                f"phoneshelf phones{home}",
            )
        )

    def _other_way(self) -> str:
        """Return what else somebody may want who has no phone here; empty where this is a team already."""
        return tr("Join a team…") if self._desk.team is not None and self._desk.team.seat is None else ""

    def _today(self) -> date:
        return local(self._desk.now()).date().toPython()  # type: ignore[return-value]

    # -- opening --------------------------------------------------------------------------------

    @property
    def chat(self) -> Chat | None:
        """Return the open chat."""
        return self._inbox.chat(self.conversation.chat) if self.conversation.chat is not None else None

    def open(self, chat_id: ChatId, message: MessageId | None = None) -> None:
        """Show a chat, at one of its messages or at the newest. It is the open chat at once; its rows follow."""
        self._face(chat_id)
        self._fill(chat_id, message)

    async def show_chat(self, chat_id: ChatId, message: MessageId | None = None) -> None:
        """Show a chat and wait until it is there."""
        self._face(chat_id)
        await self.conversation.open(chat_id, message)

    @async_slot
    async def _fill(self, chat_id: ChatId, message: MessageId | None) -> None:
        # Another chat may have been chosen before this one's turn came.
        if self.conversation.chat == chat_id:
            await self.conversation.open(chat_id, message)

    def _face(self, chat_id: ChatId) -> None:
        is_other = chat_id != self.conversation.chat
        self.conversation.chat = chat_id
        if is_other:
            self.composer.put_text(self._drafts.get(chat_id, ""))
        chat = self.chat
        if chat is not None:
            self.composer.address(chat)
            self._show_facts()
        self._stack.setCurrentIndex(1)

    def _show_facts(self) -> None:
        chat = self.chat
        if chat is not None:
            self.header.show_chat(chat, self._desk.now())

    def _show_pending(self) -> None:
        hidden = self._inbox.hidden
        rows = [r for r in self.conversation.pending if r.reply_state in _NEEDS_PERSON and r.key not in hidden]
        self.banner.show_rows(rows)

    # -- replying -------------------------------------------------------------------------------

    def _keep_draft(self, text: str) -> None:
        chat_id = self.conversation.chat
        if chat_id is None:
            return
        if text.strip():
            self._drafts[chat_id] = text
        else:
            self._drafts.pop(chat_id, None)
        self._inbox.set_draft(chat_id, has_draft=bool(text.strip()))

    @async_slot
    async def send(self, text: str) -> None:
        """Put a reply into the outbox; the text leaves the composer when it is there."""
        chat = self.chat
        if chat is None:
            return
        had_focus = self.composer.editor.hasFocus()
        self.composer.setEnabled(False)
        try:
            reply = await self._desk.replying.queue_reply(chat.id, text, undo_s=self._desk.settings.undo_s)
        except PhoneshelfError as refusal:
            # Its words may hold what a colleague wrote: they are shown, never logged.
            logger.info("chat %s: a reply was not queued: %s", chat.id, type(refusal).__name__)
            self.composer.complain(_why_not(refusal))
            return
        finally:
            self.composer.setEnabled(True)
            if had_focus:
                self.composer.editor.setFocus()
        self._drop_draft(chat.id)
        if reply.not_before is not None:
            self.undo.offer(reply, chat.title)
        self.view.go_to_newest()
        self.composer.editor.setFocus()

    def _drop_draft(self, chat_id: ChatId) -> None:
        self._drafts.pop(chat_id, None)
        self._inbox.set_draft(chat_id, has_draft=False)
        if self.conversation.chat == chat_id:
            self.composer.put_text("")

    @async_slot
    async def take_back(self, reply: Reply) -> None:
        """Take a reply back while it waits, and give its text back to its chat."""
        done = await self._desk.replying.cancel_reply(reply.id)
        self.undo.drop(reply)
        if done and reply.body:
            self._give_back(reply.chat, reply.body)

    def _give_back(self, chat_id: ChatId, text: str) -> None:
        """Put a text before whatever was typed since."""
        kept = self._drafts.get(chat_id, "")
        whole = f"{text}\n{kept}" if kept.strip() else text
        self._drafts[chat_id] = whole
        self._inbox.set_draft(chat_id, has_draft=True)
        if self.conversation.chat == chat_id:
            self.composer.put_text(whole)
            self.composer.editor.setFocus()

    @async_slot
    async def settle(self, row: MessageRow, was_sent: bool) -> None:
        """Keep what a person saw on the phone of an unknown reply."""
        if row.reply is not None:
            await self._desk.replying.settle_reply(row.reply, was_sent=was_sent)

    def _put_back(self, row: MessageRow) -> None:
        self._put_aside(row)
        self._give_back(row.chat, row.content.text)

    def _put_aside(self, row: MessageRow) -> None:
        self._inbox.hide_failed(row.chat, row.key)
        self.conversation.hide(self._inbox.hidden)
