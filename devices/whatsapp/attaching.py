"""How a file gets into a chat: pushed over adb, offered by a share intent, checked in the app's composer.

The composer must hold one file for the one chat before anything is tapped; otherwise it is left.
"""

from __future__ import annotations

import logging
import time
from urllib.parse import quote

from app.domain.attached import Parcel, Push
from app.domain.errors import ScreenNotRecognised, SendRefused
from app.domain.observation import ChatSeen, ComposerSeen, ScreenKind, ScreenSeen
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from devices.adb.phone import AdbPhone, as_user
from devices.adb.sync import SyncRefused, SyncStream
from devices.screens import words
from devices.whatsapp.aside import PhoneAside
from devices.whatsapp.media_folder import shared_storage
from devices.whatsapp.navigation import BLOCKING, TO_CHAT_LIST
from devices.whatsapp.screen import POLL_S, TRANSITION_S, Screen
from devices.whatsapp.sight import Sight
from devices.whatsapp.ways import LINK_S, Ways

logger = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_MODE = 0o100660
_AFTER = frozenset({ScreenKind.MEDIA_COMPOSER, ScreenKind.CONTACT_PICKER, ScreenKind.NOT_ON_APP})


class PhoneFiles(PhoneAside):
    """The part of a phone's driver that sends files."""

    _screen: Screen
    _ways: Ways

    def push_file(self, push: Push) -> str:
        """Copy a file into the folder of its token and return its path."""
        path = f"{_folder(self._sight)}/{push.token}/{push.name}"
        try:
            with (
                SyncStream(self._adb.server.address, self.serial, time.monotonic() + push.deadline_s) as stream,
                push.source.open("rb") as file,
            ):
                stream.send(path, _MODE, int(time.time()), iter(lambda: file.read(_CHUNK), b""))
                facts = stream.facts(path)
        except SyncRefused as error:
            raise SendRefused(Reason.FILE_NOT_PUSHED) from error
        except OSError as error:
            raise SendRefused(Reason.FILE_MISSING) from error
        if facts.size != push.source.stat().st_size:
            raise SendRefused(Reason.FILE_NOT_PUSHED)
        return path

    def drop_files(self, token: str = "") -> None:
        """Remove the folder of a token, or the one with all of them."""
        folder = _folder(self._sight)
        self._adb.shell("rm", "-rf", f"{folder}/{token}" if token else folder, deadline_s=10)

    def offer_file(self, target: ChatTarget, parcel: Parcel) -> ComposerSeen:
        """Share the file to the chat, check the composer, and put the caption into it."""
        share(self._adb, target, parcel, self._screen)
        seen = self._screen.wait_for(lambda now: now.kind in _AFTER and _is_drawn(now), LINK_S)
        try:
            _check(seen, target)
            return self._with_caption(target, parcel.caption, _composer_of(seen))
        except SendRefused:
            self._leave(seen)
            raise

    def _with_caption(self, target: ChatTarget, caption: str, seen: ComposerSeen) -> ComposerSeen:
        """Replace what stands in the caption's field; a draft of the chat may have come along.

        Raises:
            SendRefused: The field does not read as it must.
        """
        if seen.caption == caption:
            return seen
        self._screen.set_entry(caption, names=self._screen.sight.caption_ids)
        until = time.monotonic() + TRANSITION_S
        while True:
            now = self._screen.look()
            if now.kind is not ScreenKind.MEDIA_COMPOSER:
                raise ScreenNotRecognised(now, "composer")
            if _composer_of(now).caption == caption or time.monotonic() > until:
                break
            self._screen.wait(POLL_S)
        _check(now, target)
        if _composer_of(now).caption != caption:
            raise SendRefused(Reason.TEXT_NOT_ACCEPTED)
        return _composer_of(now)

    def tap_send_file(self, target: ChatTarget, ready: ComposerSeen) -> None:
        """Look once more, then tap the composer's send button once."""
        seen = self._screen.look()
        if seen.kind is not ScreenKind.MEDIA_COMPOSER:
            raise SendRefused(Reason.FILE_NOT_OFFERED)
        _check(seen, target)
        now = _composer_of(seen)
        if now.caption != ready.caption or now.send is None:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        self._screen.tap(now.send)

    def see_after_file(self, target: ChatTarget) -> ChatSeen | None:
        """Return the chat, None while the composer is there."""
        seen = self._screen.look()
        if seen.kind is ScreenKind.CHAT:
            # Another one is in a person's hand.
            self._screen.chat_of(seen, target)
        if seen.kind is not ScreenKind.LOADING and _composer_in(seen) is not None:
            return None
        seen = self._screen.wait_for(lambda now: now.kind is not ScreenKind.LOADING)
        return self._ways.to_chat(target)

    def leave_composer(self) -> ComposerSeen | None:
        """Press back until the composer is gone."""
        seen = self._screen.look()
        composer = _composer_in(seen)
        if composer is not None:
            self._leave(seen)
        return composer

    def _leave(self, seen: ScreenSeen) -> None:
        """Go to the chat list by named ways, so that nothing of ours stays before a person's finger.

        Raises:
            ScreenNotRecognised: There is none from here.
        """
        if TO_CHAT_LIST.get(seen.kind) is None:
            raise ScreenNotRecognised(seen, "composer")
        self._ways.to_list()


def stream_uri(path: str) -> str:
    """Return how the app is told where a file lies. A guess: newer Android may want a content:// address instead."""
    return f"file://{quote(path)}"


def share(adb: AdbPhone, target: ChatTarget, parcel: Parcel, screen: Screen) -> None:
    """Offer a file to one chat of the app. The number goes along, so that the app asks nobody for a chat.

    Raises:
        SendRefused: The app takes no such file, or there is no number.
    """
    if target.number is None or target.is_group:
        raise SendRefused(Reason.NEEDS_NUMBER)
    screen.forget()
    answer = adb.shell(
        "am", "start", *as_user(screen.sight.user), "-a", "android.intent.action.SEND", "-t", parcel.mime,
        "--eu", "android.intent.extra.STREAM", stream_uri(parcel.path),
        "--es", "jid", f"{target.number}@s.whatsapp.net", "-p", screen.sight.package, deadline_s=LINK_S,
    ).out  # fmt: skip
    if "unable to resolve" in answer or "Permission Denial" in answer:
        raise SendRefused(Reason.FILE_NOT_OFFERED)


def _folder(sight: Sight) -> str:
    return f"{shared_storage(sight.user)}/Phoneshelf/{sight.package}"


def _composer_in(seen: ScreenSeen) -> ComposerSeen | None:
    return seen.composer if seen.kind is ScreenKind.MEDIA_COMPOSER else None


def _composer_of(seen: ScreenSeen) -> ComposerSeen:
    if seen.composer is None:
        raise ScreenNotRecognised(seen, "composer")
    return seen.composer


def _is_drawn(seen: ScreenSeen) -> bool:
    """A composer may be seen before its chips and button are there."""
    composer = _composer_in(seen)
    return composer is None or (bool(composer.recipients) and composer.send is not None)


def _check(seen: ScreenSeen, target: ChatTarget) -> None:
    """Let through only a composer with one file for the one chat.

    Raises:
        SendRefused: It is another screen that may be left, or holds something else.
        ScreenNotRecognised: A person must look at the phone.
    """
    if seen.kind is ScreenKind.NOT_ON_APP:
        raise SendRefused(Reason.NOT_ON_APP)
    if seen.kind in BLOCKING:
        raise ScreenNotRecognised(seen, "composer")
    composer = _composer_in(seen)
    if composer is None or composer.send is None or composer.files != 1:
        raise SendRefused(Reason.FILE_NOT_OFFERED)
    if len(composer.recipients) != 1 or not _is_recipient(composer.recipients[0], target):
        raise SendRefused(Reason.WRONG_CHAT)


def _is_recipient(name: str, target: ChatTarget) -> bool:
    """Tell whether a chip names the chat; where two chats have the name, only the number does."""
    digits = "".join(c for c in name if c.isdigit())
    if name.strip().startswith("+") and digits == target.number:
        return True
    return not target.has_namesake and words.fold(name) == words.fold(target.title)
