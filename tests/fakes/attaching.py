"""The composer of a phone in memory: the part of the `Phone` port that sends files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.attached import Parcel, Push
from app.domain.errors import ScreenNotRecognised, SendRefused
from app.domain.observation import ChatSeen, ComposerSeen, ScreenKind, ScreenSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from tests.fakes.media import FakeMedia

if TYPE_CHECKING:
    from tests.fakes.phone import FakeChat

_SEND = (900, 1900, 1000, 2000)


@dataclass
class Composing:
    """What a person sees in the composer."""

    recipients: list[str]
    chat: FakeChat
    path: str
    caption: str = ""
    files: int = 1

    def seen(self) -> ComposerSeen:
        return ComposerSeen(tuple(self.recipients), self.caption, self.files, _SEND)

    def screen(self) -> ScreenSeen:
        return ScreenSeen(ScreenKind.MEDIA_COMPOSER, "com.whatsapp.w4b", composer=self.seen())


class FakeComposer(FakeMedia):
    """Files on the way into a chat. `on_composer` is what a person or another build does to a composer that opens."""

    def __init__(self) -> None:
        super().__init__()
        self.pushed: dict[str, bytes] = {}
        self.composer: Composing | None = None
        self.on_composer: Callable[[Composing], None] | None = None
        self.is_full = False
        self.is_draft_caption = False
        self.sent_files: list[tuple[str, str, bytes]] = []
        """Chat, caption and bytes of what really went out."""
        self.opened: FakeChat | None = None
        self.front: ScreenSeen | None = None
        self.dead_taps = 0

    def _leave(self, name: str) -> None:
        """Note the end of a call."""

    def _find(self, target: ChatTarget) -> FakeChat:
        raise NotImplementedError

    def _end(self, chat: FakeChat) -> ChatSeen:
        raise NotImplementedError

    def owner_sends_file(self, chat: FakeChat, caption: str, name: str, body: bytes) -> None:
        """Let an own bubble with a file appear."""
        raise NotImplementedError

    def push_file(self, push: Push) -> str:
        self._enter("push_file")
        path = f"/storage/emulated/0/Phoneshelf/x/{push.token}/{push.name}"
        self.pushed[path] = push.source.read_bytes()
        if self.is_full:
            raise SendRefused(Reason.FILE_NOT_PUSHED)
        self._leave("push_file")
        return path

    def drop_files(self, token: str = "") -> None:
        self._enter("drop_files")
        self.pushed = {path: body for path, body in self.pushed.items() if token and f"/{token}/" not in path}

    def offer_file(self, target: ChatTarget, parcel: Parcel) -> ComposerSeen:
        self._enter("offer_file")
        if target.number is None:
            raise SendRefused(Reason.NEEDS_NUMBER)
        if self.front is not None:
            raise ScreenNotRecognised(self.front, "composer")
        chat = self._find(target)
        self.opened = chat
        self.composer = Composing([chat.title], chat, parcel.path)
        if self.is_draft_caption:
            self.composer.caption, chat.entry = chat.entry, ""
        if self.on_composer is not None:
            self.on_composer(self.composer)
        try:
            self._check(target)
        except SendRefused:
            self.composer = None
            raise
        self.composer.caption = parcel.caption
        self._leave("offer_file")
        return self.composer.seen()

    def _check(self, target: ChatTarget) -> Composing:
        if self.composer is None or self.composer.files != 1:
            raise SendRefused(Reason.FILE_NOT_OFFERED)
        number = f"+{target.number}"
        if self.composer.recipients not in ([number], [number if target.has_namesake else target.title]):
            raise SendRefused(Reason.WRONG_CHAT)
        return self.composer

    def tap_send_file(self, target: ChatTarget, ready: ComposerSeen) -> None:
        self._enter("tap_send_file")
        if self.front is not None:
            raise SendRefused(Reason.FILE_NOT_OFFERED)
        composer = self._check(target)
        if composer.caption != ready.caption:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if self.dead_taps:
            self.dead_taps -= 1
        else:
            self._send(composer)
        self._leave("tap_send_file")

    def _send(self, composer: Composing) -> None:
        body = self.pushed.get(composer.path, b"")
        self.composer = None
        self.sent_files.append((composer.chat.title, composer.caption, body))
        self.owner_sends_file(composer.chat, composer.caption, composer.path.rpartition("/")[2], body)

    def see_after_file(self, target: ChatTarget) -> ChatSeen | None:
        self._enter("see_after_file")
        if self.front is not None:
            raise ScreenNotRecognised(self.front, "chat")
        if self.composer is not None:
            return None
        self.opened = self._find(target)
        return self._end(self.opened)

    def leave_composer(self) -> ComposerSeen | None:
        self._enter("leave_composer")
        if self.front is not None:
            return None
        left, self.composer = self.composer, None
        return left.seen() if left is not None else None
