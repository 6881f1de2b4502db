"""The media folders of a simulated phone over a real adb: listed by one command, pulled whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import PhoneLost
from app.domain.ids import Serial
from app.domain.media import MediaFailed, MediaFile, Pull, Trouble
from app.domain.message import Kind
from devices.adb.phone import AdbPhone
from devices.whatsapp.media_folder import MediaFolder, media_roots, parse_listing
from tests.fakes.shelf import SimulatedShelf, has_adb, simulated_shelf

PACKAGE = "com.whatsapp.w4b"
ROOTS = media_roots(PACKAGE)
pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")


class Rig:
    """A phone, its folder, and what it really holds."""

    def __init__(self, shelf: SimulatedShelf) -> None:
        self.shelf = shelf
        self.adb = AdbPhone(shelf.adb, Serial(shelf.address))
        self.folder = MediaFolder(self.adb, PACKAGE)

    def send(self, chat: str = "31600000001", **values: Any) -> dict[str, Any]:
        """Let a message come or go; return what is true of it."""
        verb = "owner_types_by_hand" if values.pop("own", False) else "customer_writes"
        return dict(self.shelf.ask(verb, chat=chat, **values))

    def listed(self, message: dict[str, Any]) -> MediaFile:
        (path,) = message["paths"]
        (found,) = [file for file in self.folder.list(3) if file.path == path]
        return found

    def sum(self, path: str) -> str:
        return self.adb.shell("sha256sum", path).out.split()[0]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "0") as shelf:
        yield Rig(shelf)


def into(path: Path, most: int = 50_000_000, stop: bool = False, deadline_s: float = 30.0) -> Pull:
    return Pull(path, most, deadline_s, lambda: stop)


def test_each_kind_is_found_in_its_folder_with_side_size_and_time(rig: Rig) -> None:
    kinds = {
        "photo": Kind.PHOTO,
        "video": Kind.VIDEO,
        "gif": Kind.VIDEO,
        "voice": Kind.VOICE,
        "document": Kind.DOCUMENT,
    }
    for word, kind in kinds.items():
        for is_own in (False, True):
            told = rig.send(kind=word, own=is_own)
            file = rig.listed(told)
            assert (file.kind, file.is_sent) == (kind, is_own and word != "voice")
            assert file.changed_s == told["at_ms"] // 1000
            assert file.size > 0


def test_listing_is_one_command_however_many_files_there_are(rig: Rig) -> None:
    for _ in range(20):
        rig.send(kind="photo")
    rig.shelf.ask("reset_trips")
    assert len(rig.folder.list(3)) >= 20
    assert rig.shelf.ask("trips", prefix="stream:shell") == {"stream:shell": 1}


def test_old_folders_private_ones_and_odd_names_are_found(rig: Rig) -> None:
    rig.shelf.ask("settings", has_old_folders=True)
    old = rig.send(kind="photo")
    rig.shelf.ask("settings", has_old_folders=False)
    assert rig.listed(old).path.startswith("/storage/emulated/0/WhatsApp Business/Media/")
    rig.shelf.ask("add_chat", number="31600000009", is_media_private=True)
    assert "/Private/" in rig.listed(rig.send("31600000009", kind="photo")).path
    for name in ("it's $(rm -rf x) `y`; & | \".pdf", "\u202egpj.exe", "caf\u00e9 \u65e5\u672c.docx", "-rf"):
        assert rig.listed(rig.send(kind="document", name=name)).name == name


def test_what_is_older_is_not_listed(rig: Rig) -> None:
    told = rig.send(kind="photo", at="2026-01-05T12:00:00+00:00")
    assert told["paths"][0] not in {file.path for file in rig.folder.list(7)}


def test_a_phone_without_the_folders_has_no_files(rig: Rig) -> None:
    assert MediaFolder(rig.adb, "com.whatsapp").list(7) == []


def test_a_pulled_file_has_the_phones_bytes(rig: Rig, tmp_path: Path) -> None:
    for kind in ("photo", "voice", "document"):
        file = rig.listed(rig.send(kind=kind))
        rig.shelf.ask("reset_trips")
        rig.folder.pull(file, into(tmp_path / kind))
        assert rig.shelf.ask("trips", prefix="stream:shell") == {}
        assert rig.shelf.ask("trips", prefix="stream:sync") == {"stream:sync": 1}
        assert hashlib.sha256((tmp_path / kind).read_bytes()).hexdigest() == rig.sum(file.path)
        assert (tmp_path / kind).stat().st_mode & 0o077 == 0


def test_what_cannot_be_pulled_leaves_nothing_here(rig: Rig, tmp_path: Path) -> None:
    file = rig.listed(rig.send(kind="document", size="900 kB"))
    part = tmp_path / "x.part"
    cases = [
        (file, into(part, most=1000), Trouble.TOO_BIG),
        (file, into(part, stop=True), Trouble.STOPPED),
        (replace(file, path=file.path + "x"), into(part), Trouble.GONE),
        (replace(file, path=file.path.rpartition("/")[0]), into(part), Trouble.GONE),
        (replace(file, size=file.size - 1), into(part), Trouble.CHANGED),
        (replace(file, changed_s=file.changed_s + 1), into(part), Trouble.CHANGED),
        (file, into(tmp_path / "no such folder" / "x"), Trouble.DISK),
    ]
    for asked, pull, trouble in cases:
        with pytest.raises(MediaFailed) as raised:
            rig.folder.pull(asked, pull)
        assert raised.value.trouble is trouble
        assert list(tmp_path.iterdir()) == []


def test_a_stream_that_ends_early_is_a_lost_phone(rig: Rig, tmp_path: Path) -> None:
    file = rig.listed(rig.send(kind="document", size="900 kB"))
    rig.shelf.ask("strike", name="close_mid_body")
    with pytest.raises(PhoneLost):
        rig.folder.pull(file, into(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []
    rig.shelf.ask("strike", name="frozen", seconds=2)
    with pytest.raises(PhoneLost):
        rig.folder.pull(file, into(tmp_path / "x", deadline_s=0.5))
    assert list(tmp_path.iterdir()) == []


def test_lines_that_lie_are_no_files() -> None:
    good = f"12 1700000000 {ROOTS[0]}/IMG-20260818-WA0001.jpg"
    lies = [
        "find: /x: No such file or directory", f"12 17 {ROOTS[0]}/../../secret", "12 17 /etc/passwd",
        f"12 17 {ROOTS[0]}/",
        f"x 17 {ROOTS[0]}/a", f"12 17 {ROOTS[0]}/.nomedia", f"12 17 {ROOTS[0]}//a", f"12 17 {ROOTS[0]}/a\ufffdb", "",
    ]  # fmt: skip
    (found,) = parse_listing("\n".join([*lies, good + "\r", *lies]), ROOTS)
    assert (found.name, found.size, found.kind) == ("IMG-20260818-WA0001.jpg", 12, Kind.PHOTO)
