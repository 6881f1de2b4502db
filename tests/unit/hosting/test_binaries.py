"""Finding the programs, with folders of scripts in their place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.domain.errors import HostingFailed
from app.hosting import binaries
from app.hosting.binaries import CLIENT, SERVER, find_binaries

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts of a shell stand for programs")


def folder_of(place: Path, says: str, programs: tuple[str, ...] = SERVER) -> Path:
    place.mkdir(parents=True)
    for name in programs:
        (place / name).write_text(f"#!/bin/sh\n{says}\n")
        (place / name).chmod(0o755)
    return place


async def test_a_named_folder_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = folder_of(tmp_path / "one", "echo 'postgres (PostgreSQL) 16.4 (Debian 16.4-1)'")
    two = folder_of(tmp_path / "two", "echo 'postgres (PostgreSQL) 18beta1'")
    monkeypatch.setenv(binaries.VARIABLE, str(two))
    by_name, by_environment = await find_binaries(one), await find_binaries()
    assert (by_name.folder, by_name.version) == (one, 16)
    assert (by_environment.folder, by_environment.version) == (two, 18)
    assert by_name.program("initdb") == one / "initdb"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("echo 'postgres (PostgreSQL) 14.23'", "too old"),
        ("echo 'postgres (PostgreSQL) 9.6.24'", "too old"),
        ("echo 'error while loading shared libraries: libxml2.so.2'; exit 127", "libxml2"),
        ("echo hello", "does not run"),
    ],
)
async def test_a_named_folder_that_will_not_do_is_not_passed_over(tmp_path: Path, says: str, reason: str) -> None:
    with pytest.raises(HostingFailed, match=reason) as failure:
        await find_binaries(folder_of(tmp_path / "bin", says))
    assert binaries.VARIABLE in failure.value.next_step


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "bin", "echo 'pg_dump (PostgreSQL) 17.1'", CLIENT)
    with pytest.raises(HostingFailed, match="postgres, initdb, pg_ctl"):
        await find_binaries(folder)
    assert (await find_binaries(folder, CLIENT)).version == 17


async def test_the_newest_that_works_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [
        folder_of(tmp_path / "broken", "exit 1"),
        folder_of(tmp_path / "old", "echo 'postgres (PostgreSQL) 13.1'"),
        folder_of(tmp_path / "good", "echo 'postgres (PostgreSQL) 15.18'"),
    ]
    monkeypatch.delenv(binaries.VARIABLE, raising=False)
    monkeypatch.setattr(binaries, "_places", lambda: iter([tmp_path / "nothing", *places]))
    assert (await find_binaries()).folder == places[2]
    monkeypatch.setattr(binaries, "_places", lambda: iter(places[:2]))
    with pytest.raises(HostingFailed, match="13"):
        await find_binaries()
    monkeypatch.setattr(binaries, "_places", lambda: iter([]))
    with pytest.raises(HostingFailed, match="not on this PC"):
        await find_binaries()
