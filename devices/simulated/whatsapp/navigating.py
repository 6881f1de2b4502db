"""Move between screens. A move takes the transition's time, during which the old screen stays what one sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.simulated.contract import Intent, StartResult
from devices.simulated.whatsapp.archive import Archive
from devices.simulated.whatsapp.conversation import Conversation
from devices.simulated.whatsapp.dialogs import NotOnWhatsApp, Searching
from devices.simulated.whatsapp.links import Asked, asked, file_path
from devices.simulated.whatsapp.messaging import Messaging
from devices.simulated.whatsapp.model import Chat
from devices.simulated.whatsapp.pickers import ContactPicker, MediaComposer
from devices.simulated.whatsapp.state import AppState, Screen

_SEARCH_S = 0.8


class Navigating:
    """The stack of screens and the ways onto it."""

    def __init__(self, state: AppState, messaging: Messaging) -> None:
        self._state = state
        self._messaging = messaging

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Do something after a while in which the screen counts as moving."""
        self._state.moving += 1

        def done() -> None:
            self._state.moving -= 1
            call()

        self._state.host.later(delay_s, done)

    def transit(self, call: Callable[[], None]) -> None:
        """Change the screen after the time a transition takes."""
        self.after(self._state.host.delay_s("transition"), call)

    def start(self, intent: Intent) -> StartResult:
        """Handle an intent."""
        want = asked(intent)
        was_running = self._state.is_running
        self._state.is_running = True
        if want.kind == "unknown":
            return StartResult("not_found")
        if want.kind == "front" or self._state.settings.ignored_links > 0:
            return self._to_front(want, was_running)
        if not was_running:
            self.after(self._state.host.delay_s("app_start"), lambda: self._follow(want))
            return StartResult("started", "com.whatsapp.Conversation")
        screen = self._state.conversation
        is_same = screen is not None and want.kind == "chat" and screen.chat.jid == want.jid
        self.transit(lambda: self._follow(want))
        return StartResult("delivered" if is_same else "started", "com.whatsapp.Conversation")

    def _to_front(self, want: Asked, was_running: bool) -> StartResult:
        if want.kind != "front":
            self._state.settings.ignored_links -= 1
        return StartResult("brought_to_front" if was_running else "started", "com.whatsapp.HomeActivity")

    def _follow(self, want: Asked) -> None:
        if want.kind == "share":
            self._share(want)
            return
        if not want.jid:
            self.push(ContactPicker(self._state.book, text=want.text))
            return
        if self._state.book.is_on_whatsapp(want.jid):
            self.open_chat(self._state.book.open(want.jid), want.text)
            return
        self._state.dialog = Searching()
        self.after(_SEARCH_S, lambda: self._refuse(want.jid))

    def _refuse(self, jid: str) -> None:
        form = self._state.settings.dialog_form
        self._state.dialog = NotOnWhatsApp(number=Chat(jid).number, form=form)

    def _share(self, want: Asked) -> None:
        if self._state.settings.is_jid_ignored:
            want = replace(want, jid="")
        if want.jid and self._state.book.is_on_whatsapp(want.jid):
            chat = self._state.book.open(want.jid)
            self.open_chat(chat)
            self._compose(chat, want)
            return
        if want.jid:
            # invented: what a share to a number without an account shows
            self._state.dialog = Searching()
            self.after(_SEARCH_S, lambda: self._refuse(want.jid))
            return
        self.push(ContactPicker(self._state.book, stream=want.stream, mime_type=want.mime_type, text=want.text))

    def _compose(self, chat: Chat, want: Asked) -> None:
        """Show the composer with what the stream holds. invented: a file that cannot be read leaves the chat open."""
        is_file = want.stream.startswith("file:")
        body = self._state.host.files.get(file_path(want.stream)) if is_file else None
        if is_file and not body:
            self._state.host.record("share_unreadable", chat=chat.jid)
            return
        settings = self._state.settings
        composer = MediaComposer(chat, want.stream, want.mime_type, want.text, body)
        composer.others, composer.files = list(settings.extra_recipients), settings.shared_files
        if settings.is_draft_caption and chat.draft:
            composer.caption, chat.draft = chat.draft, ""
        self.push(composer)

    def open_chat(self, chat: Chat, text: str = "") -> None:
        """Put a chat in front; a given text replaces what stands in its entry."""
        state = self._state
        state.dialog = None
        if text:
            chat.draft = text
        self._messaging.begin(chat, state.host.now())
        screen = Conversation(chat, state.book)
        for message in (one for one in chat.messages if one.is_expanded):
            # A text shown in full is cut again the next time. *Invented.*
            message.change(is_expanded=False)
        if chat.unread:
            incoming = [message for message in chat.messages if message.sender]
            first = incoming[-min(chat.unread, len(incoming))] if incoming else None
            screen.unread_from = first.id if first is not None else 0
            screen.unread_count = chat.unread
            screen.wants_unread = True
        screen.is_restricted = state.settings.is_restricted
        del state.stack[2 if isinstance(state.top, Archive) else 1 :]
        state.stack.append(screen)
        state.host.record("opened", chat=chat.jid)
        self.seen()

    def push(self, screen: Screen) -> None:
        """Put a screen over the one in front."""
        self._state.dialog = None
        self._state.host.show_keyboard(False)
        self._state.stack.append(screen)

    def seen(self) -> None:
        """The screen in front is before a person's eyes: an open chat is read."""
        screen = self._state.conversation
        if screen is not None and self._state.is_watched(screen.chat):
            self._messaging.read(screen.chat)

    def back(self) -> bool:
        """Go one step back: close the dialog, the sheet, the screen. False where the chat list is all there is."""
        state = self._state
        if state.dialog is not None:
            state.dialog = None
            return True
        screen = state.conversation
        if screen is not None and screen.is_sheet_open:
            screen.is_sheet_open = False
            return True
        if len(state.stack) > 1:
            self.transit(self._pop)
            return True
        return False

    def _pop(self) -> None:
        if len(self._state.stack) > 1:
            self._state.host.show_keyboard(False)
            self._state.stack.pop()
            self.seen()

    def go_home(self) -> None:
        """Show the chat list at its top."""
        self._state.dialog = None
        del self._state.stack[1:]
        home = self._state.home
        home.offset = 0
        self._state.host.show_keyboard(False)
