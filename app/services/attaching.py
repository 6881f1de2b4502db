"""Files that go with replies: taken into the vault when queued, put on the phone right before they are sent.

What stands on the phone ready for its tap, a text in the entry or a file in the composer, is a `Ready`.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.attached import MOST_BYTES, Parcel, Push, ReplyFile, is_refused, kind_of, phone_name, told_type
from app.domain.errors import BadInput, PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.file_names import safe_name
from app.domain.ids import AccountId
from app.domain.media import MediaFailed
from app.domain.message import Direction, Kind, Tick
from app.domain.observation import ChatSeen, ComposerSeen
from app.domain.ports import ChatTarget, Clock, Phone, PhoneThread
from app.domain.reply import Reason, Reply
from app.outbox.delivery import is_echo_of
from app.services.sharing import Sharing
from app.store.vault import Kept, Vault

logger = logging.getLogger(__name__)

OFFER_S = 75.0
DROP_S = 20.0
LOOK_S = 45.0
LEAVES_S = 8.0
"""So long a bubble is watched until it has left its clock behind."""
KEPT_S = 900.0
"""So long our copy is kept for one that did not: the app may still read it."""
_LOOK_AGAIN_S = 0.5
_LEAST_BYTES_PER_S = 500_000
"""A choice: what adb does over a poor wireless connection."""


class Ready(Protocol):
    """What stands on the phone and needs one tap to go."""

    def tap(self, phone: Phone) -> None:
        """Tap once."""

    def look(self, phone: Phone) -> ChatSeen | None:
        """Return the chat, or None while something that is not sent yet covers it."""

    def take_back(self, phone: Phone) -> None:
        """Remove what was not sent."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text in the chat's entry."""

    target: ChatTarget
    typed: ChatSeen

    def tap(self, phone: Phone) -> None:
        """Tap send."""
        phone.tap_send(self.target, self.typed)

    def look(self, phone: Phone) -> ChatSeen | None:
        """Return the chat."""
        return phone.read_chat(self.target)

    def take_back(self, phone: Phone) -> None:
        """Take the text out of the entry."""
        phone.clear_entry(self.target, self.typed.entry.text if self.typed.entry is not None else "")


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file in the composer."""

    target: ChatTarget
    composer: ComposerSeen
    token: str

    def tap(self, phone: Phone) -> None:
        """Tap send."""
        phone.tap_send_file(self.target, self.composer)

    def look(self, phone: Phone) -> ChatSeen | None:
        """Return the chat once the composer is gone."""
        return phone.see_after_file(self.target)

    def take_back(self, phone: Phone) -> None:
        """Leave the composer."""
        phone.leave_composer()


class Attaching:
    """The way of a file from this PC into a chat on the phone."""

    def __init__(self, vault: Vault, clock: Clock, sharing: Sharing | None = None) -> None:
        self._vault = vault
        self._clock = clock
        self._sharing = sharing
        self._kept: dict[AccountId, dict[str, float]] = {}

    def take(self, path: Path, caption: str = "") -> ReplyFile:
        """Copy a file into the vault, so that whatever becomes of it later the reply carries these bytes. Blocking.

        Args:
            path: The agent's file.
            caption: What is to be sent with it.

        Raises:
            BadInput: Not a file, empty, too big, something that would run, or a caption where none can be.
        """
        name = safe_name(path.name)
        try:
            kept = self._keep(path)
        except MediaFailed as error:
            raise BadInput("the file cannot be stored: this PC's disk is full or fails") from error
        except OSError as error:
            raise BadInput(f"the file cannot be read: {error.strerror or type(error).__name__}") from error
        kind = kind_of(kept.mime)
        if kind is Kind.VOICE and caption.strip():
            raise BadInput("a sound has no caption; send the text as a reply of its own")
        return ReplyFile(kept.sha256, name, kind, told_type(name, kept.mime), kept.size)

    def _keep(self, path: Path) -> Kept:
        if not path.is_file():
            raise BadInput("there is no such file")
        with self._vault.part() as part:
            with path.open("rb") as source, part.open("xb") as copy:
                _check_size(source.seek(0, 2))
                source.seek(0)
                shutil.copyfileobj(source, copy)
            # What counts is what was copied: the file may have changed meanwhile.
            _check_size(part.stat().st_size)
            return self._vault.keep(part, lambda found: _check_harmless(path.name, found))

    async def offer(self, phone: PhoneThread, target: ChatTarget, reply: Reply) -> OfferedFile:
        """Put the reply's file on the phone and into the composer of its chat.

        Raises:
            SendRefused: It is certain that nothing was sent.
        """
        file = reply.file
        assert file is not None  # noqa: S101 - only replies with a file get here
        source = self._vault.path(file.sha256)
        if self._sharing is not None:
            await self._fetch(self._sharing, file.sha256)
        if not source.is_file() or source.stat().st_size != file.size:
            raise SendRefused(Reason.FILE_MISSING)
        deadline_s = 30.0 + file.size / _LEAST_BYTES_PER_S
        push = Push(source, secrets.token_hex(16), phone_name(file), deadline_s)
        await self._drop_old(phone, reply.account)
        try:
            path = await phone.call(lambda p: p.push_file(push), deadline_s + DROP_S)
            parcel = Parcel(path, file.mime, reply.body)
            return OfferedFile(target, await phone.call(lambda p: p.offer_file(target, parcel), OFFER_S), push.token)
        except (SendRefused, ScreenNotRecognised):
            await self._drop(phone, push.token)
            raise

    async def _fetch(self, sharing: Sharing, sha256: str) -> None:
        """Take the file of a colleague's reply from the team's database."""
        try:
            await sharing.fetch(sha256)
        except MediaFailed as failure:
            raise SendRefused(Reason.FILE_MISSING) from failure

    async def _drop(self, phone: PhoneThread, token: str) -> None:
        """Remove a file from the phone. One that is away keeps it until its next start."""
        try:
            await phone.call(lambda p: p.drop_files(token), DROP_S)
        except PhoneLost:
            logger.info("a file on the phone is removed at its next start")

    async def _drop_old(self, phone: PhoneThread, account: AccountId) -> None:
        """Remove what earlier replies left because the app may still have needed it."""
        kept, now = self._kept.get(account, {}), self._clock.monotonic()
        for token in [token for token, since in kept.items() if now - since > KEPT_S]:
            del kept[token]
            await self._drop(phone, token)

    async def withdraw(self, phone: PhoneThread, ready: Ready) -> None:
        """Leave a composer that nobody will tap in, and remove the file."""
        try:
            await phone.call(lambda p: p.leave_composer(), LOOK_S)
        except ScreenNotRecognised:
            logger.info("something covers the composer: a person must look at the phone")
        except PhoneLost:
            return
        if isinstance(ready, OfferedFile):
            await self._drop(phone, ready.token)

    async def drop_when_sent(self, phone: PhoneThread, ready: Ready, reply: Reply) -> None:
        """After a file was sent: remove our copy once the app has its own.

        Never raises: the reply is on the phone whatever happens here.
        """
        if not isinstance(ready, OfferedFile):
            return
        try:
            if await self._has_left(phone, ready, reply):
                await self._drop(phone, ready.token)
            else:
                self._kept.setdefault(reply.account, {})[ready.token] = self._clock.monotonic()
        except (PhoneLost, ScreenNotRecognised, SendRefused) as error:
            logger.info("reply %s: our copy is still on the phone: %s", reply.id, type(error).__name__)

    async def _has_left(self, phone: PhoneThread, ready: Ready, reply: Reply) -> bool:
        """Wait until the bubble has lost its clock; while it is there the app may still read our copy."""
        until = self._clock.monotonic() + LEAVES_S
        while True:
            seen = await phone.call(ready.look, LOOK_S)
            rows = [row.content for row in seen.rows if row.direction is Direction.OUT] if seen is not None else []
            ticks = [content.tick for content in rows if is_echo_of(content, reply)]
            if ticks and ticks[-1] not in (Tick.PENDING, Tick.UNKNOWN, None):
                return True
            if self._clock.monotonic() > until:
                return False
            await self._clock.sleep(_LOOK_AGAIN_S)


def _check_size(size: int) -> None:
    if not size:
        raise BadInput("the file is empty")
    if size > MOST_BYTES:
        raise BadInput(f"the file is too big: {size / 1e6:.0f} MB, at most {MOST_BYTES // 1_000_000} can be sent")


def _check_harmless(name: str, found: Kept) -> None:
    if is_refused(safe_name(name), found.mime):
        raise BadInput("a file that can run is not sent; send what it shows, as a PDF or a picture")
