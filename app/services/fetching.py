"""Copies the files of messages from a phone's media folders and gives each message its own. Needs no opened chat.

What is pulled is decided from the listing, so a file that belongs to no message stays on the phone. Nothing is guessed:
app.mirror.linking names only pairs that are certain.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from app.domain.errors import PhoneLost
from app.domain.file_names import safe_name
from app.domain.ids import ChatId, MessageId
from app.domain.media import WITH_FILE, LinkState, MediaFailed, MediaFile, Pull, Trouble, Verdict
from app.domain.message import Direction, Entry, Kind, Origin
from app.domain.ogg import opus_length_s
from app.domain.ports import Clock, Phone, PhoneThread
from app.mirror import coverage
from app.mirror.linking import Candidate, Link, LinkPlan, Presence, Slot, plan_links
from app.mirror.sizes import fits_length
from app.services.mirroring import zone_of
from app.services.thumbnails import DEADLINE_S, Thumbnails
from app.store import media
from app.store.accounts import Account
from app.store.engine import Store
from app.store.media import Dated, Pulled
from app.store.vault import Kept, Vault

logger = logging.getLogger(__name__)

LIST_S = 75.0
_SLOWEST = 250_000
"""Bytes a second below which a pull is given up."""
_GRACE_S = 30.0
_LENGTHS_AT_ONCE = 20
_HEARD_BYTES = 4_000_000
_AGAIN_S = (30.0, 120.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
"""A file that was not found is looked for again after so long, the last of these for good."""
_STATE_OF = {Trouble.TOO_BIG: LinkState.TOO_BIG, Trouble.GONE: LinkState.LOST, Trouble.CHANGED: LinkState.NOT_YET}
Progress = Callable[[int, int, int], None]
"""Told how many files came, of how many, and how many bytes so far."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is copied: whether anything, from how many days, and at most how many bytes a file."""

    is_on: bool = True
    days: int = 30
    most_bytes: Mapping[Kind, int] = field(default_factory=lambda: dict.fromkeys(WITH_FILE, 100_000_000))


@dataclass(slots=True)
class FetchReport:
    """What a round came to. `states` counts the messages that have no file, by why."""

    listed: int = 0
    linked: int = 0
    files: int = 0
    bytes: int = 0
    states: Counter[LinkState] = field(default_factory=Counter)
    is_stopped: bool = False
    is_full: bool = False


@dataclass(slots=True)
class _Round:
    """One round on one account."""

    account: Account
    phone: PhoneThread
    must_stop: Callable[[], bool]
    zone: tzinfo
    rows: dict[MessageId, Dated]
    report: FetchReport = field(default_factory=FetchReport)


class Fetching:
    """The files of messages, on their way from the phones."""

    def __init__(
        self, store: Store, clock: Clock, vault: Vault, limits: Limits, thumbnails: Thumbnails | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._limits = limits
        self._thumbnails = thumbnails or Thumbnails()
        self._lengths: dict[tuple[str, int, int], float] = {}
        self._looked: dict[int, int] = {}
        """By account the newest message when its files were last looked for."""
        vault.clear_parts()

    async def is_due(self, account: Account) -> bool:
        """Tell whether there are new messages since the last round, or old ones whose turn it is again."""
        if not self._limits.is_on:
            return False
        async with self._store.read() as connection:
            newest = await media.newest_message(connection)
            is_new = newest != self._looked.get(account.id)
            return is_new or await media.is_due(connection, account.id, self._clock.now(), self._since(account))

    async def fetch(
        self,
        phone: PhoneThread,
        account: Account,
        must_stop: Callable[[], bool],
        progress: Progress | None = None,
    ) -> FetchReport:
        """Look for the files of messages that have none yet, pull and store those that are certain.

        Args:
            phone: The phone's thread.
            account: The account.
            must_stop: Asked between pieces of a file; then the round ends and what was stored stays.
            progress: Told after each message.

        Raises:
            PhoneLost: It went away; what was stored stays.
        """
        zone = zone_of(account.zone)
        since = self._since(account)
        async with self._store.read() as connection:
            newest = await media.newest_message(connection)
            rows = await media.load_days(connection, account.id, since)
            reaches = await media.load_reaches(connection, account.id)
            linked = await media.linked_files(connection, account.id)
        by_id = {row.entry.id: row for row in rows}
        work = _Round(account, phone, must_stop, zone, by_id)
        slots = [slot for row in rows if row.state is not LinkState.LINKED and (slot := slot_of(row)) is not None]
        if any(slot.presence is not Presence.DELETED for slot in slots):
            days = self._limits.days + 1
            listed = await phone.call(lambda p: p.list_media(days), LIST_S)
            work.report.listed = len(listed)
            free = [f for f in listed if (f.path, f.size, f.changed_s) not in linked]
            spans = spans_of(rows, reaches, zone, is_full=account.reading == "full")
            plan = await self._plan(work, slots, free, spans)
            await self._pull_all(work, plan, progress)
            await self._tell_states(work, plan)
        if not work.report.is_stopped:
            self._looked[account.id] = newest
        return work.report

    def _since(self, account: Account) -> str:
        """Return the first day that is looked at, on that phone's calendar."""
        now = self._clock.now().astimezone(zone_of(account.zone))
        return (now - timedelta(days=self._limits.days)).date().isoformat()

    # -- deciding -------------------------------------------------------------------------------

    async def _plan(
        self, work: _Round, slots: list[Slot], free: list[MediaFile], spans: dict[ChatId, list[tuple[int, int]]]
    ) -> LinkPlan:
        plan = plan_links(slots, self._candidates(free, work.zone), spans)
        unheard = [file for file in plan.unheard if file.size <= _HEARD_BYTES][:_LENGTHS_AT_ONCE]
        for file in unheard:
            try:
                await work.phone.call(lambda p, f=file: self._hear(p, f, work.must_stop), _GRACE_S * 2)  # type: ignore[misc]
            except MediaFailed:
                break
        return plan_links(slots, self._candidates(free, work.zone), spans) if unheard else plan

    def _candidates(self, files: list[MediaFile], zone: tzinfo) -> list[Candidate]:
        found = []
        for file in files:
            try:
                minute, is_moved = coverage.minute_at(file.changed_s, zone)
            except ValueError:
                continue
            length = self._lengths.get((file.path, file.size, file.changed_s))
            found.append(Candidate(file, minute, is_moved, length))
        return found

    def _hear(self, phone: Phone, file: MediaFile, must_stop: Callable[[], bool]) -> None:
        """Learn how long a sound is; nothing of it is kept."""
        with self._vault.part() as part:
            phone.pull_media(file, Pull(part, _HEARD_BYTES, _GRACE_S, must_stop))
            self._note_length(file, part.read_bytes())

    def _note_length(self, file: MediaFile, body: bytes) -> None:
        if len(self._lengths) > 5000:
            self._lengths.clear()
        length = opus_length_s(body)
        self._lengths[file.path, file.size, file.changed_s] = -1000.0 if length is None else length

    # -- pulling --------------------------------------------------------------------------------

    async def _pull_all(self, work: _Round, plan: LinkPlan, progress: Progress | None) -> None:
        by_message: dict[MessageId, list[Link]] = {}
        # The newest first: people look at those.
        for link in sorted(plan.links, key=lambda one: -one.file.changed_s):
            if work.rows[link.message].entry.origin is Origin.EXPORT:
                # Its import may be taken back, and the message with it.
                continue
            by_message.setdefault(link.message, []).append(link)
        for message_id, links in by_message.items():
            if work.must_stop():
                work.report.is_stopped = True
            if work.report.is_stopped or work.report.is_full:
                return
            await self._pull_message(work, plan, message_id, sorted(links, key=lambda one: one.place))
            if progress is not None:
                progress(work.report.linked, len(by_message), work.report.bytes)

    async def _pull_message(self, work: _Round, plan: LinkPlan, message_id: MessageId, links: list[Link]) -> None:
        """Pull a message's files and commit them together."""
        row = work.rows[message_id]
        try:
            pulled = [await self._pull_one(work, link) for link in links]
        except PhoneLost:
            # One file that is never done in time must not hold up the phone again and again.
            await self._put_off(work, row, LinkState.NOT_YET)
            raise
        except MediaFailed as failure:
            if failure.trouble in _STATE_OF:
                plan.states[message_id] = _STATE_OF[failure.trouble]
            work.report.is_stopped = failure.trouble is Trouble.STOPPED
            work.report.is_full = failure.trouble is Trouble.DISK
            if work.report.is_full:
                logger.warning("%s: no room for media on this PC", work.account.serial)
            return
        shown = row.entry.content.media.duration if row.entry.content.media else ""
        heard = self._lengths.get((links[0].file.path, links[0].file.size, links[0].file.changed_s))
        if row.entry.content.kind is Kind.VOICE and heard is not None and not fits_length(shown, heard):
            # Its own length says that it is another message's.
            plan.states[message_id] = LinkState.SEVERAL
            return
        async with self._store.write() as unit:
            if await media.link(unit, work.account.id, row, pulled):
                work.report.linked += 1
                work.report.files += len(pulled)

    async def _pull_one(self, work: _Round, link: Link) -> Pulled:
        most = self._limits.most_bytes.get(link.file.kind, 0)
        if link.file.size > most:
            raise MediaFailed(Trouble.TOO_BIG)
        pull_s = _GRACE_S + link.file.size / _SLOWEST

        def step(phone: Phone) -> Kept:
            with self._vault.part() as part:
                phone.pull_media(link.file, Pull(part, most, pull_s, work.must_stop))
                if link.file.kind is Kind.VOICE and link.file.size <= _HEARD_BYTES:
                    self._note_length(link.file, part.read_bytes())
                return self._vault.keep(part)

        kept = await work.phone.call(step, pull_s + _GRACE_S)
        work.report.bytes += kept.size
        async with self._store.read() as connection:
            verdict = await media.find_verdict(connection, kept.sha256)
        if verdict is None:
            verdict = await work.phone.call(lambda _: self._check(kept, work.must_stop), DEADLINE_S + _GRACE_S)
        return Pulled(link.place, safe_name(link.file.name), link.file, kept, verdict)

    def _check(self, kept: Kept, must_stop: Callable[[], bool]) -> Verdict:
        verdict, picture = self._thumbnails.make(self._vault.path(kept.sha256), kept.mime, must_stop)
        if picture:
            self._vault.keep_thumbnail(kept.sha256, picture)
        return verdict

    # -- what has none --------------------------------------------------------------------------

    async def _tell_states(self, work: _Round, plan: LinkPlan) -> None:
        now = self._clock.now()
        work.report.states.update(plan.states.values())
        async with self._store.write() as unit:
            for message_id, state in plan.states.items():
                row = work.rows[message_id]
                if row.entry.origin is not Origin.EXPORT:
                    await media.set_state(unit, work.account.id, row, state, _again(now, row.tries))

    async def _put_off(self, work: _Round, row: Dated, state: LinkState) -> None:
        async with self._store.write() as unit:
            await media.set_state(unit, work.account.id, row, state, _again(self._clock.now(), row.tries + 2))


def _again(now: datetime, tries: int) -> datetime:
    return now + timedelta(seconds=_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])


def slot_of(row: Dated) -> Slot | None:
    """Return the room for a file that a message has, None where it has none or its minute is not known."""
    entry = row.entry
    content, told = entry.content, entry.content.media
    minute = coverage.shown_minute(entry.shown)
    is_deleted = entry.gone or content.kind is Kind.DELETED
    if minute is None or (content.kind not in WITH_FILE and not is_deleted):
        return None
    return Slot(
        id=entry.id,
        chat=row.chat,
        order=entry.order,
        kind=content.kind,
        is_own=entry.direction is Direction.OUT,
        minute=minute,
        presence=Presence.DELETED if is_deleted else _presence(entry),
        name=told.name if told else "",
        size=told.size if told else "",
        length=told.duration if told else "",
        count=max(1, told.count if told else 1),
    )


def _presence(entry: Entry) -> Presence:
    if entry.content.media is not None and entry.content.media.is_absent:
        return Presence.ABSENT
    is_sure = entry.origin is Origin.SCREEN and not entry.content.forwarded
    return Presence.HERE if is_sure else Presence.UNSURE


def spans_of(
    rows: list[Dated], reaches: list[media.Reach], zone: tzinfo, *, is_full: bool
) -> dict[ChatId, list[tuple[int, int]]]:
    """Return for each chat of an account the minutes in which the mirror is whole."""
    by_chat: dict[ChatId, list[Entry]] = {}
    for row in rows:
        by_chat.setdefault(row.chat, []).append(row.entry)
    found = {}
    for reach in reaches:
        entries = by_chat.get(reach.chat, [])
        dated = [coverage.Dated(coverage.shown_minute(e.shown), e.gap_before) for e in entries if not e.gone]
        is_first = bool(entries) and reach.first == entries[0].order
        has_start = bool(entries) and (reach.complete if is_first else not entries[0].gap_before)
        last, seen = _newest(reach.last_at, zone), _minute(reach.seen_at, zone)
        # A quiet account agrees with the list without having read what stands there.
        found[reach.chat] = coverage.whole_spans(dated, coverage.Ends(has_start, last, seen, is_current=is_full))
    return found


def _minute(at: datetime | None, zone: tzinfo) -> int | None:
    return None if at is None else coverage.minute_at(int(at.timestamp()), zone)[0]


def _newest(last_at: datetime | None, zone: tzinfo) -> int | None:
    """A row of the list that shows only a day stands as its first minute: the message may be of its last."""
    minute = _minute(last_at, zone)
    return minute + coverage.DAY - 1 if minute is not None and minute % coverage.DAY == 0 else minute
