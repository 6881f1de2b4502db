"""Bytes are kept once and whole; a message has its file once; what has none says why and when to look again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.domain.ids import MessageId
from app.domain.media import LinkState, MediaFailed, MediaFile, Trouble, Verdict
from app.domain.message import Kind
from app.store import media, schema
from app.store.media import Dated, Pulled
from app.store.vault import Kept, Vault
from tests.store.conftest import Desk, added

KEPT = Kept("a" * 64, 5, "image/jpeg")


def source(name: str = "IMG-20260818-WA0001.jpg") -> MediaFile:
    return MediaFile(f"/m/{name}", 5, 1_787_000_000, Kind.PHOTO, False)


async def photos(desk: Desk, count: int) -> list[Dated]:
    ids = await desk.apply(*[added("", kind=Kind.PHOTO) for _ in range(count)])
    async with desk.store.write() as unit:
        await unit.connection.execute(update(schema.message).values(shown_day="2026-08-18"))
    async with desk.store.read() as connection:
        rows = {row.entry.id: row for row in await media.load_days(connection, desk.account, "2026-08-01")}
    return [rows[one] for one in ids]


async def link(desk: Desk, one: Dated, *files: Pulled) -> bool:
    async with desk.store.write() as unit:
        return await media.link(unit, desk.account, one, files)


async def set_state(desk: Desk, one: Dated, state: LinkState, after_s: float = 60) -> None:
    async with desk.store.write() as unit:
        await media.set_state(unit, desk.account, one, state, desk.clock.now() + timedelta(seconds=after_s))


async def is_due(desk: Desk) -> bool:
    async with desk.store.read() as connection:
        return await media.is_due(connection, desk.account, desk.clock.now(), "2026-08-01")


async def test_the_same_bytes_are_one_file_of_two_messages(desk: Desk) -> None:
    one, other = await photos(desk, 2)
    assert await link(desk, one, Pulled(0, "a.jpg", source("a"), KEPT, Verdict.OK))
    assert await link(desk, other, Pulled(0, "b.jpg", source("b"), KEPT, Verdict.OK))
    async with desk.store.read() as connection:
        found = await media.list_attachments(connection, desk.chat)
        assert len((await connection.execute(select(schema.media_file))).all()) == 1
        pictures = await media.list_pictures(connection, desk.chat, one.entry.order, one.entry.order)
    assert [(a.name, a.sha256, a.has_thumbnail) for a in found] == [(n, KEPT.sha256, True) for n in ("a.jpg", "b.jpg")]
    assert pictures == {one.entry.id: KEPT.sha256}


async def test_a_file_on_the_phone_is_one_messages_only_and_a_message_is_linked_once(desk: Desk) -> None:
    one, other = await photos(desk, 2)
    file = Pulled(0, "a.jpg", source(), KEPT, Verdict.OK)
    assert await link(desk, one, file)
    assert not await link(desk, other, file)
    assert not await link(desk, one, Pulled(0, "b.jpg", source("b"), KEPT, Verdict.OK))
    await set_state(desk, one, LinkState.LOST)
    async with desk.store.read() as connection:
        assert [a.state for a in await media.list_attachments(connection)] == [LinkState.LINKED]


async def test_an_album_has_its_files_in_order(desk: Desk) -> None:
    (one,) = await photos(desk, 1)
    await set_state(desk, one, LinkState.NOT_YET)
    files = [Pulled(n, f"{n}.jpg", source(str(n)), Kept(f"{n}" * 64, 5, "image/jpeg"), Verdict.OK) for n in (1, 0, 2)]
    assert await link(desk, one, *files)
    async with desk.store.read() as connection:
        assert [a.name for a in await media.list_attachments(connection)] == ["0.jpg", "1.jpg", "2.jpg"]


async def test_what_has_no_file_is_due_again_after_its_time(desk: Desk) -> None:
    (one,) = await photos(desk, 1)
    assert not await is_due(desk)
    await set_state(desk, one, LinkState.SEVERAL, 60)
    assert not await is_due(desk)
    desk.clock.advance(61)
    assert await is_due(desk)
    async with desk.store.read() as connection:
        assert not await media.is_due(connection, desk.account, desk.clock.now(), "2026-08-19")


async def test_windows_hear_of_a_link_and_of_a_changed_reason_only(desk: Desk) -> None:
    (one,) = await photos(desk, 1)
    heard: list[str] = []
    desk.store.listen(lambda rows: heard.extend(f"{row.kind} {row.row_id}" for row in rows))
    await set_state(desk, one, LinkState.NOT_YET)
    async with desk.store.read() as connection:
        (again,) = await media.load_days(connection, desk.account, "2026-08-01")
    assert (again.state, again.tries) == (LinkState.NOT_YET, 1)
    await set_state(desk, again, LinkState.NOT_YET)
    assert heard == [f"message {one.entry.id}"]
    assert await link(desk, one, Pulled(0, "a.jpg", source(), KEPT, Verdict.OK))
    assert len(heard) == 2


async def test_older_days_and_other_accounts_are_left_alone(desk: Desk) -> None:
    await photos(desk, 1)
    async with desk.store.read() as connection:
        assert await media.load_days(connection, desk.account, "2026-08-19") == []
        assert await media.list_attachments(connection, messages=[MessageId(99)]) == []


def put(vault: Vault, body: bytes) -> Kept:
    with vault.part() as part:
        part.write_bytes(body)
        return vault.keep(part)


def test_bytes_lie_once_under_their_hash_for_their_owner_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "media")
    first, again = put(vault, b"\xff\xd8\xff..."), put(vault, b"\xff\xd8\xff...")
    assert first == again
    assert first.mime == "image/jpeg"
    (stored,) = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert stored == vault.path(first.sha256)
    assert stored.read_bytes() == b"\xff\xd8\xff..."
    assert stored.parent.name == first.sha256[:2]
    assert stored.stat().st_mode & 0o077 == 0


def test_a_stored_file_that_was_cut_is_made_whole_by_the_next_pull(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    kept = put(vault, b"hello")
    vault.path(kept.sha256).write_bytes(b"he")
    put(vault, b"hello")
    assert vault.path(kept.sha256).read_bytes() == b"hello"


def test_parts_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with vault.part() as part:
        part.write_bytes(b"x")
        (part.parent / "4194999-dead.part").write_bytes(b"x")
        Vault(tmp_path).clear_parts()
        assert [path.name for path in part.parent.iterdir()] == [part.name]
    assert list(part.parent.iterdir()) == []


def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path) -> None:
    for wrong in ("../../etc/passwd", "", "A" * 64, "a" * 63):
        with pytest.raises(ValueError, match="SHA-256"):
            Vault(tmp_path).path(wrong)


def test_no_room_is_said_and_nothing_is_stored(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with vault.part() as part:
        part.write_bytes(b"hello")
        # In the place of the folder stands a file, as on a disk that takes no more entries.
        (tmp_path / "2c").write_bytes(b"")
        with pytest.raises(MediaFailed) as raised:
            vault.keep(part)
    assert raised.value.trouble is Trouble.DISK
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["2c"]
