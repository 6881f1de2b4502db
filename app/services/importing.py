"""Brings files of the app's "Export chat" into the mirror, once each, and takes an import back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import BadInput
from app.domain.exported import DateOrder, ExportedChat
from app.domain.ids import ChatId, MessageId
from app.domain.message import ChatWindow, Direction, Entry, Kind
from app.domain.ports import Clock
from app.exports.parsing import parse_export
from app.exports.reading import read_export
from app.exports.sides import Moved, find_owner, rows_of
from app.mirror.importing import ImportPlan, plan_import
from app.outbox.delivery import match_echoes, state_of
from app.services.hearing import answered
from app.services.mirroring import moment_of, zone_of
from app.store import accounts, chats, imports, messages, replies
from app.store.chats import Chat
from app.store.engine import Reader, Store, Unit
from app.store.imports import Import, NewImport, Undone

__all__ = ["Asked", "DateOrder", "Import", "ImportReport", "Importing", "Undone"]
logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
_ALL = 10_000_000
_TWO_DAYS = timedelta(days=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person says of a file: the number's own name in it, the zone of its phone, a trial only."""

    me: str | None = None
    zone: str | None = None
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. `id` is None where nothing was recorded: a trial, or nothing new."""

    id: int | None
    chat: Chat
    read: int
    known: int
    added: int
    completed: int
    gaps_closed: int
    not_placed: int
    left_out: int
    owner: str | None
    first_day: date
    last_day: date


class Importing:
    """Exported chats: read, merged, recorded, taken back."""

    def __init__(self, store: Store, clock: Clock, author: str) -> None:
        self._store = store
        self._clock = clock
        self._author = author

    def read_file(self, path: Path, order: DateOrder | None = None, progress: Progress | None = None) -> ExportedChat:
        """Read an exported chat, a text or a zip. Blocking; nothing is kept.

        Raises:
            BadInput: It cannot be read, or not in one way only.
        """
        told = (lambda done, total: progress("reading", done, total)) if progress is not None else None
        try:
            with path.open("rb") as file:
                text = read_export(file, told)
        except OSError as error:
            raise BadInput(f"the file cannot be read: {error.strerror or error}. Nothing was changed") from error
        return parse_export(text, order=order, latest=(self._clock.now() + _TWO_DAYS).date())

    async def import_chat(
        self,
        chat_id: ChatId,
        export: ExportedChat,
        source: str,
        asked: Asked | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Merge an exported chat into the mirror, in one transaction.

        Args:
            chat_id: The chat.
            export: The file.
            source: The file's name, recorded.
            asked: What the person said besides.
            progress: Told what is done, how much of how much.

        Raises:
            BadInput: There is no such chat, or the file's sides or zone cannot be told.
        """
        asked = asked or Asked()
        if asked.is_trial:
            async with self._store.read() as connection:
                chat, plan, owner = await self._plan(connection, chat_id, export, asked)
            return _report(None, chat, plan, owner, export)
        async with self._store.write() as unit:
            chat, plan, owner = await self._plan(unit.connection, chat_id, export, asked)
            if not plan.changes and (chat.complete or not plan.reaches_start):
                return _report(None, chat, plan, owner, export)
            told = (lambda done, total: progress("adding", done, total)) if progress is not None else None
            new = NewImport(chat_id, source, self._author, _counts(plan))
            import_id, added = await imports.apply_import(unit, new, plan.changes, plan.seen, told)
            await self._after(unit, chat, import_id, plan, set(added))
        logger.info("chat %s: import %s added %s messages", chat_id, import_id, plan.added)
        return _report(import_id, chat, plan, owner, export)

    async def _plan(
        self, connection: Reader, chat_id: ChatId, export: ExportedChat, asked: Asked
    ) -> tuple[Chat, ImportPlan, str | None]:
        chat = await chats.get_chat(connection, chat_id)
        if chat is None:
            raise BadInput(f"there is no chat {chat_id}")
        is_group = chat.kind == "group"
        owner = find_owner(export, chat.title, asked.me, is_group=is_group)
        account = await accounts.get_account(connection, chat.account)
        rows = rows_of(export, owner, _mover(asked.zone, account.zone), is_group=is_group)
        window = await messages.load_window(connection, chat_id, _ALL)
        whole = ChatWindow(chat_id, window.entries, chat.complete)
        return chat, plan_import(whole, rows, starts_chat=export.starts_chat), owner

    async def _after(self, unit: Unit, chat: Chat, import_id: int, plan: ImportPlan, added: set[MessageId]) -> None:
        """Keep the chat's own line, and settle replies in doubt that the export shows."""
        window = await messages.load_window(unit.connection, chat.id, _ALL)
        zone = zone_of((await accounts.get_account(unit.connection, chat.account)).zone)
        values: dict[str, object] = {"has_gap": await messages.has_gap(unit.connection, chat.id)}
        if plan.reaches_start:
            values["complete"] = True
        if added:
            # What the list said of an older message may say the same of a new one.
            values["list_mark"] = ""
        last = next((e for e in reversed(window.entries) if e.content.kind is not Kind.SYSTEM and not e.gone), None)
        at = moment_of(last, zone) if last is not None and last.id in added else None
        if at is not None and (chat.last_at is None or at > chat.last_at):
            values["last_at"] = at
        await imports.change_chat(unit, chat.id, import_id, **values)
        own = [e for e in window.entries if e.id in added and e.direction is Direction.OUT]
        await self._settle_replies(unit, chat.id, [(e, at) for e in own if (at := moment_of(e, zone)) is not None])

    async def _settle_replies(self, unit: Unit, chat_id: ChatId, own: list[tuple[Entry, datetime]]) -> None:
        """An own message that is not older than a reply in doubt is its echo."""
        times = {entry.id: at for entry, at in own}
        for reply in await replies.list_replies(unit.connection, chat_id=chat_id):
            young = [entry for entry, at in own if at + _MINUTE > reply.queued_at]
            for _, entry in match_echoes([reply], young, lambda one: times.get(one.id)):
                await messages.bind_echo(unit, chat_id, entry.id, reply.id)
                await replies.move(unit, reply.id, reply.state, state_of(entry.content.tick))
                await answered(unit, reply, self._author)
                own = [(e, at) for e, at in own if e.id != entry.id]

    async def list_imports(self) -> list[Import]:
        """Return the imports, oldest first."""
        async with self._store.read() as connection:
            return await imports.list_imports(connection)

    async def undo(self, import_id: int) -> tuple[Import, Undone]:
        """Take an import back: what it added and nobody else showed since is removed, what it changed is as before.

        Raises:
            BadInput: There is no such import, or it was taken back before.
        """
        async with self._store.write() as unit:
            found = await imports.list_imports(unit.connection, import_id)
            if not found:
                raise BadInput(f"there is no import {import_id}; `phoneshelf import list` shows them")
            if found[0].undone_at is not None:
                raise BadInput(f"import {import_id} was taken back before; nothing was changed")
            undone = await imports.undo_import(unit, found[0], self._author)
            has_gap = await messages.has_gap(unit.connection, found[0].chat)
            await chats.change_chat(unit, found[0].chat, has_gap=has_gap, list_mark="")
        logger.info("chat %s: import %s was taken back", found[0].chat, import_id)
        return found[0], undone


def _counts(plan: ImportPlan) -> dict[str, int]:
    names = ("read", "known", "added", "completed", "gaps_closed", "not_placed", "left_out")
    return {name: getattr(plan, name) for name in names}


def _report(
    import_id: int | None, chat: Chat, plan: ImportPlan, owner: str | None, export: ExportedChat
) -> ImportReport:
    days = [m.day for m in export.messages]
    return ImportReport(import_id, chat, **_counts(plan), owner=owner, first_day=min(days), last_day=max(days))


def _mover(source: str | None, phone: str) -> Moved:
    """Return what turns the exporting phone's time into that of the account's phone."""
    if source is None:
        return lambda day, minute: (day, minute)
    try:
        theirs = ZoneInfo(source)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"{source!r} is no time zone; give one such as Europe/Amsterdam. Nothing was changed") from error
    ours = zone_of(phone)

    def moved(day: date, minute: int) -> tuple[date, int]:
        at = datetime.combine(day, time(minute // 60, minute % 60), theirs).astimezone(UTC).astimezone(ours)
        return at.date(), at.hour * 60 + at.minute

    return moved
