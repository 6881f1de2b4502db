"""Files of a simulated phone, over a real adb, into the store: each to its own message, with the phone's own bytes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.domain.errors import PhoneLost
from app.domain.media import LinkState, Verdict
from app.main import build
from app.settings import Settings
from tests.end_to_end.media_office import ANN, BEN, CEM, Office, fetched, mirrored
from tests.end_to_end.test_worker import until
from tests.fakes.shelf import ROOT, SimulatedShelf, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    with simulated_shelf(tmp_path_factory.mktemp("shelf"), "--chats", "0", "--phones", "12") as found:
        yield found


@pytest.fixture(scope="module")
def addresses(shelf: SimulatedShelf) -> Iterator[str]:
    """Each test has a phone of its own."""
    return iter(shelf.addresses)


@pytest.fixture
async def office(shelf: SimulatedShelf, addresses: Iterator[str], tmp_path: Path) -> AsyncIterator[Office]:
    program = build(Settings(home=tmp_path, adb_port=shelf.adb.port, adb_usb=False))
    await program.store.open()
    yield Office(program, shelf, next(addresses))
    await program.store.close()


async def test_files_of_several_chats_find_their_messages(office: Office) -> None:
    for number, (chat, kind) in enumerate(((ANN, "photo"), (BEN, "voice"), (CEM, "document"), (ANN, "video"))):
        office.send(chat, number * 5, kind=kind)
        office.send(chat, number * 5 + 2.5, kind=kind, own=True)
    office.send(ANN, 30, kind="album", count=6)
    for second in range(3):
        office.send(BEN, 35 + second / 60, kind="photo")
    for chat in (ANN, BEN):
        office.send(chat, 40, kind="photo")
    for chat, seconds in ((ANN, 4), (BEN, 19)):
        office.send(chat, 45, kind="voice", duration_s=seconds)
    for chat in (ANN, CEM):
        office.send(chat, 50 if chat == ANN else 55, kind="photo", picture="the same")
    office.send(CEM, 60, kind="photo", is_downloaded=False)
    office.send(CEM, 61, kind="text", text="that is all")
    await mirrored(office)
    await fetched(office)
    assert await office.wrong() == []
    linked = await office.linked()
    states = Counter(one.state for one in await office.attachments())
    assert states == {LinkState.LINKED: 8 + 6 + 3 + 2 + 2, LinkState.SEVERAL: 2, LinkState.NOT_DOWNLOADED: 1}
    stored = [path for path in (office.program.settings.home / "media").rglob("*") if path.is_file()]
    pictures = [path for path in stored if path.name.endswith(".thumb.jpg")]
    # One picture was sent to two chats; it is stored once.
    assert len(stored) - len(pictures) == len({one.sha256 for one in linked}) == len(linked) - 1
    assert {one.verdict for one in linked if one.mime == "image/jpeg"} == {Verdict.OK}
    assert len(pictures) == len({one.sha256 for one in linked if one.has_thumbnail}) == 2 + 6 + 3 + 1


def _parts(office: Office) -> list[Path]:
    return [path for path in (office.program.settings.home / "media" / "parts").glob("*") if path.is_file()]


async def _is_pulling(office: Office) -> bool:
    return any(path.stat().st_size for path in _parts(office))


async def _with_a_large_file(office: Office) -> str:
    """A document of eight megabytes that comes slowly; return its path on the phone."""
    told = office.send(ANN, 0, kind="document", name="boek.pdf", size="8 MB")
    office.send(ANN, 9, kind="text", text="read it")
    await mirrored(office)
    office.shelf.ask("strike", office.address, name="slow_frames", delay_s=0.04)
    (path,) = told["paths"]
    return str(path)


async def test_a_cable_pulled_out_in_the_middle_leaves_no_part_and_the_file_comes_later(office: Office) -> None:
    await _with_a_large_file(office)
    work = asyncio.ensure_future(fetched(office))  # noqa: TID251 - ends below
    await until(lambda: _is_pulling(office))
    office.shelf.ask("strike", office.address, name="unplug", seconds=1.0)
    with pytest.raises(PhoneLost):
        await work
    assert _parts(office) == []
    assert await office.linked() == []
    office.shelf.ask("lift", office.address, name="slow_frames")
    office.reconnect()
    assert (await fetched(office)).linked == 1
    assert await office.wrong() == []


@pytest.mark.parametrize(
    ("verb", "more", "state"),
    [("remove_file", {}, LinkState.LOST), ("write_file", {"text": "another"}, LinkState.NOT_YET)],
)
async def test_a_file_that_goes_or_changes_while_it_is_pulled_is_not_kept(
    office: Office, verb: str, more: dict[str, str], state: LinkState
) -> None:
    path = await _with_a_large_file(office)
    work = asyncio.ensure_future(fetched(office))  # noqa: TID251 - ends below
    await until(lambda: _is_pulling(office))
    office.shelf.ask(verb, office.address, path=path, **more)
    await work
    assert await office.linked() == []
    assert _parts(office) == []
    (one,) = await office.attachments()
    assert one.state is state


@pytest.mark.skipif(os.name != "posix", reason="no such limit on this system")
async def test_a_full_disk_keeps_nothing_and_says_so(office: Office) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    office.send(ANN, 0, kind="document", name="boek.pdf", size="8 MB")
    office.send(ANN, 9, kind="photo")
    office.send(ANN, 19, kind="text", text="see")
    await mirrored(office)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        report = await fetched(office)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert report.is_full
    assert _parts(office) == []
    assert [one.entry.content.kind for one in await office.linked()] == ["photo"]
    assert (await fetched(office)).linked == 1
    assert await office.wrong() == []


def _fetch_words(office: Office) -> list[str]:
    return [sys.executable, "-m", "app", "media", "fetch", "--json", "--home", str(office.program.settings.home)]


async def test_killed_in_the_middle_it_starts_clean_and_fetches_the_file(office: Office) -> None:
    await _with_a_large_file(office)
    environment = office.shelf.environment(office.program.settings.home)
    with subprocess.Popen(_fetch_words(office), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as child:  # noqa: S603, ASYNC220
        await until(lambda: _is_pulling(office), 40)
        child.send_signal(signal.SIGKILL)
    assert len(_parts(office)) == 1
    assert await office.linked() == []
    office.shelf.ask("lift", office.address, name="slow_frames")
    ran = await asyncio.to_thread(
        subprocess.run, _fetch_words(office), cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60
    )
    assert json.loads(ran.stdout)["Winkel"]["files"] == 1
    assert _parts(office) == []
    assert await office.wrong() == []


async def test_what_gives_way_to_a_reply_comes_the_next_time(office: Office) -> None:
    await _with_a_large_file(office)
    asked = iter([False, False, True])
    report = await fetched(office, lambda: next(asked, True))
    assert (report.is_stopped, report.linked) == (True, 0)
    assert _parts(office) == []
    office.shelf.ask("lift", office.address, name="slow_frames")
    assert (await fetched(office)).linked == 1


async def test_a_bridge_fetches_by_itself(office: Office) -> None:
    office.send(ANN, 0, kind="photo")
    office.send(ANN, 9, kind="text", text="see")
    await mirrored(office, files=True)
    assert await office.wrong() == []


async def test_a_quiet_account_gets_files_without_a_chat_being_opened(office: Office) -> None:
    await office.shelve("quiet")
    office.send(ANN, -5, kind="text", text="hello")
    office.send(ANN, 0, kind="photo")
    office.send(ANN, 5, kind="photo")
    office.send(ANN, 9, kind="text", text="look")
    await mirrored(office)
    await fetched(office)
    assert len(await office.linked()) == 2
    assert await office.wrong() == []
    assert [chat["unread"] for chat in office.shelf.ask("truth", office.address)] == [4]


def test_media_list_and_save_as_a_person_uses_them(office_of_a_user: tuple[Office, Path]) -> None:
    office, folder = office_of_a_user
    home = ["--home", str(office.program.settings.home)]

    def ran(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", "media", *words, *home], cwd=ROOT, capture_output=True, text=True, timeout=60,
            env=office.shelf.environment(office.program.settings.home), check=False,
        )  # fmt: skip

    (one,) = json.loads(ran("list", "--json").stdout)
    assert (one["kind"], one["state"], one["name"]) == ("document", "linked", "set up.exe")
    for name in ("set up.exe.unsafe", "set up.exe (2).unsafe"):
        saved = ran("save", str(one["message"]), str(folder))
        assert saved.returncode == 0, saved.stderr
        assert name in saved.stderr
        assert (folder / name).stat().st_mode & 0o111 == 0
    assert ran("save", "999", str(folder)).returncode == 2
    assert ran("save", str(one["message"]), str(folder / "no")).returncode == 2
    assert "stored" in ran("list", ANN).stdout
    logged = (office.program.settings.home / "logs" / "phoneshelf.log").read_text("utf-8")
    assert "set up" not in logged
    assert ANN not in logged


@pytest.fixture
async def office_of_a_user(office: Office, tmp_path: Path) -> tuple[Office, Path]:
    office.send(ANN, 0, kind="document", name="set up\u202e.exe", size="100 kB")
    office.send(ANN, 9, kind="text", text="see")
    folder = tmp_path / "saved"
    folder.mkdir()
    await mirrored(office)
    await fetched(office)
    return office, folder
