"""What a finger and a keyboard do: every handler a view can name, in one table."""

from __future__ import annotations

from collections.abc import Callable

from devices.simulated.whatsapp.archive import Archive
from devices.simulated.whatsapp.contact_list import ContactList
from devices.simulated.whatsapp.dialogs import Blocking
from devices.simulated.whatsapp.document_picker import DocumentPicker, Offered
from devices.simulated.whatsapp.links import file_path
from devices.simulated.whatsapp.media_files import download_media
from devices.simulated.whatsapp.messaging import Messaging
from devices.simulated.whatsapp.model import Chat
from devices.simulated.whatsapp.navigating import Navigating
from devices.simulated.whatsapp.pickers import ContactPicker, MediaComposer
from devices.simulated.whatsapp.quote_bar import quote_of, quoted_in
from devices.simulated.whatsapp.state import AppState

_KINDS = {"image": "photo", "video": "video", "audio": "voice"}


class Touching:
    """The meaning of taps."""

    def __init__(self, state: AppState, messaging: Messaging, navigating: Navigating) -> None:
        self._state = state
        self._messaging = messaging
        self._navigating = navigating
        self._table: dict[str, Callable[[str], None]] = {
            "back": lambda _: self._back(),
            "chat": self._open,
            "send": lambda _: self._send(),
            "close_quote": lambda _: self._close_quote(),
            "entry": lambda _: state.host.show_keyboard(True),
            "caption": lambda _: state.host.show_keyboard(True),
            "attach": lambda _: self._toggle_sheet(),
            "row": self._row,
            "more": self._more,
            "scroll_bottom": lambda _: self._to_end(),
            "download": self._download,
            "play": self._play,
            "filter": self._filter,
            "archive": lambda _: self._archive(),
            "banner_dismiss": lambda _: self._dismiss_banner(),
            "tab": lambda _: None,
            "dismiss": lambda _: self._dismiss(),
            "dialog": self._dialog,
            "invite": lambda _: self._invite(),
            "play_store": lambda _: state.host.open_url(f"market://details?id={state.package}"),
            "save_contact": lambda _: self._dismiss(),
            "new_chat": lambda _: navigating.transit(lambda: navigating.push(ContactList(state.book))),
            "file": self._file,
            "pick": self._pick,
            "picker_send": lambda _: self._picker_send(),
            "composer_send": lambda _: self._composer_send(),
            "pickfile": self._pickfile,
        }

    def do(self, handler: str) -> None:
        """Do what a view's handler says; one nobody knows does nothing, as a picture one may look at."""
        name, _, argument = handler.partition(":")
        action = self._table.get(name)
        if action is not None:
            action(argument)

    def _back(self) -> None:
        self._navigating.back()

    def _open(self, jid: str) -> None:
        chat = self._state.book.open(jid)
        self._navigating.transit(lambda: self._navigating.open_chat(chat))

    def _send(self) -> None:
        screen = self._state.conversation
        text = screen.chat.draft.strip() if screen is not None else ""
        if screen is None or not text:
            return
        message = self._state.new_message(screen.chat, "text", text=text)
        quoted = quoted_in(screen.chat)
        if quoted is not None:
            message.quote = quote_of(quoted, screen.chat, self._state.book, self._state.look())
        screen.chat.draft, screen.chat.quoting = "", 0
        self._messaging.send(screen.chat, message)

    def _close_quote(self) -> None:
        if self._state.conversation is not None:
            self._state.conversation.chat.quoting = 0

    def _toggle_sheet(self) -> None:
        screen = self._state.conversation
        if screen is not None:
            self._state.host.show_keyboard(False)
            screen.is_sheet_open = not screen.is_sheet_open

    def _row(self, number: str) -> None:
        # Builds that have no link for it show more at a tap on the text. *Invented.*
        if self._state.look().skin.generation == "2025":
            self._more(number)

    def _more(self, number: str) -> None:
        screen = self._state.conversation
        if screen is None:
            return
        message = screen.chat.find(int(number))
        if not message.is_expanded and message.kind == "text" and len(message.text) > 768:
            message.change(is_expanded=True)

    def _to_end(self) -> None:
        if self._state.conversation is not None:
            self._state.conversation.offset = 0

    def _download(self, number: str) -> None:
        screen = self._state.conversation
        if screen is not None:
            chat, message = screen.chat, screen.chat.find(int(number))
            self._state.host.later(1.2, lambda: download_media(message, self._state, chat))

    def _play(self, number: str) -> None:
        screen = self._state.conversation
        if screen is not None:
            screen.chat.find(int(number)).change(is_played=True)

    def _filter(self, name: str) -> None:
        self._state.home.filter = name
        self._state.home.offset = 0

    def _archive(self) -> None:
        self._navigating.transit(lambda: self._navigating.push(Archive(self._state.book)))

    def _dismiss_banner(self) -> None:
        self._state.home.has_banner = False

    def _dismiss(self) -> None:
        dialog = self._state.dialog
        if dialog is not None:
            self._state.host.record("dismissed", screen=dialog.name)
        self._state.dialog = None
        self._state.host.show_keyboard(False)
        self._navigating.seen()

    def _dialog(self, number: str) -> None:
        self._state.host.record("dialog_button", button=int(number))
        self._dismiss()

    def _invite(self) -> None:
        dialog = self._state.dialog
        self._state.host.record("invited", screen=dialog.name if dialog is not None else "")
        self._dismiss()

    def _pick(self, jid: str) -> None:
        picker = self._state.top
        if not isinstance(picker, ContactPicker):
            return
        if not picker.stream and not picker.text:
            self._open(jid)
        elif jid in picker.chosen:
            picker.chosen.remove(jid)
        else:
            picker.chosen.append(jid)

    def _picker_send(self) -> None:
        picker = self._state.top
        if not isinstance(picker, ContactPicker):
            return
        chats = [self._state.book.open(jid) for jid in picker.chosen]
        for chat in chats:
            self._send_shared(chat, picker.stream, picker.mime_type, picker.text)
        self._navigating.transit(lambda: self._navigating.open_chat(chats[0]))

    def _composer_send(self) -> None:
        composer = self._state.top
        if isinstance(composer, MediaComposer):
            if self._state.settings.dead_sends > 0:
                self._state.settings.dead_sends -= 1
                return
            self._send_shared(composer.chat, composer.stream, composer.mime_type, composer.caption, composer.body)
            chat = composer.chat
            self._navigating.transit(lambda: self._navigating.open_chat(chat))

    def _send_shared(self, chat: Chat, stream: str, mime_type: str, text: str, body: bytes | None = None) -> None:
        kind = _KINDS.get(mime_type.partition("/")[0], "document") if stream else "text"
        message = self._state.new_message(chat, kind, text=text)
        message.name = file_path(stream).rpartition("/")[2]
        message.body = body
        self._messaging.send(chat, message)

    def _pickfile(self, kind: str) -> None:
        screen = self._state.conversation
        self._state.host.record("attach", choice=kind)
        if screen is None:
            return
        screen.is_sheet_open = False
        if kind == "document":
            offered = self._offered()
            self._navigating.transit(lambda: self._navigating.push(DocumentPicker(screen.chat.jid, offered)))

    def _offered(self) -> tuple[Offered, ...]:
        host = self._state.host
        paths = sorted(path for path in host.files if path.startswith(("/sdcard/", "/storage/emulated/0/")))
        return tuple(
            Offered(path.rpartition("/")[2], f"{max(1, len(host.files[path]) // 1024)} kB", host.now())
            for path in paths
        )

    def _file(self, name: str) -> None:
        picker = self._state.top
        if not isinstance(picker, DocumentPicker):
            return
        chat = self._state.book.open(picker.jid)
        message = self._state.new_message(chat, "document")
        message.name = name
        self._state.stack.pop()
        self._messaging.send(chat, message)

    def type_text(self, text: str) -> bool:
        """Replace what stands in the field in front; false when there is none."""
        screen = self._state.top
        if isinstance(self._state.dialog, Blocking):
            return False
        if isinstance(screen, MediaComposer):
            screen.caption = text
            return True
        if isinstance(screen, ContactPicker):
            screen.text = text
            return True
        return False
