"""Pictures of strangers are opened by a child process alone; whatever is in them, a verdict comes and nothing hangs."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.domain.file_kinds import HEAD, sniff
from app.domain.media import MediaFailed, Trouble, Verdict
from app.services import thumbnail_child as child
from app.services.thumbnails import Thumbnails
from tests.fakes.pictures import MP4, OPUS, SVG, long_gif, picture, png_bomb
from tests.fakes.shelf import ROOT


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[bytes], tuple[Verdict, bytes]]:
    def judge(body: bytes) -> tuple[Verdict, bytes]:
        path = tmp_path / "x"
        path.write_bytes(body)
        return Thumbnails().make(path, sniff(body[:HEAD]), lambda: False)

    return judge


Judge = Callable[[bytes], tuple[Verdict, bytes]]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_jpeg(judged: Judge, form: str) -> None:
    verdict, small = judged(picture(form))
    assert verdict is Verdict.OK
    with Image.open(io.BytesIO(small), formats=("JPEG",)) as image:
        assert image.size == (320, 240)


def test_the_camera_that_lay_on_its_side_is_turned(judged: Judge) -> None:
    told = Image.Exif()
    told[0x0112] = 6
    with Image.open(io.BytesIO(judged(picture("JPEG", exif=told))[1])) as image:
        assert image.size == (240, 320)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b"", Verdict.NOT_AN_IMAGE),
        (SVG, Verdict.NOT_AN_IMAGE),
        (MP4, Verdict.NOT_AN_IMAGE),
        (OPUS, Verdict.NOT_AN_IMAGE),
        (b"MZ" + bytes(100), Verdict.NOT_AN_IMAGE),
        (b"\xff\xd8\xff" + SVG, Verdict.NOT_AN_IMAGE),
        (picture("JPEG")[:900], Verdict.BROKEN),
        (png_bomb(), Verdict.TOO_BIG),
    ],
    ids=["empty", "svg", "mp4", "opus", "exe", "lying", "cut", "bomb"],
)
def test_what_is_no_good_picture_is_said_to_be_so(judged: Judge, body: bytes, verdict: Verdict) -> None:
    assert judged(body) == (verdict, b"")


def test_of_ten_thousand_frames_one_is_opened(judged: Judge) -> None:
    began = time.monotonic()
    assert judged(long_gif())[0] is Verdict.OK
    assert time.monotonic() - began < 15


def test_spoilt_pictures_end_in_a_verdict() -> None:
    chance = random.Random(4)
    for form in ("JPEG", "PNG", "WEBP", "GIF"):
        for _ in range(40):
            body = bytearray(picture(form, (64, 48)))
            for _ in range(chance.randrange(1, 12)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            code, small = child.make(bytes(body))
            assert (code == child.OK) == bool(small)


def test_a_child_that_does_not_end_is_killed_and_one_may_be_called_off(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(picture("PNG", (6000, 6000)))
    assert Thumbnails(deadline_s=0.0).make(path, "image/png", lambda: False) == (Verdict.TOO_BIG, b"")
    with pytest.raises(MediaFailed) as raised:
        Thumbnails().make(path, "image/png", lambda: True)
    assert raised.value.trouble is Trouble.STOPPED


@pytest.mark.skipif(os.name != "posix", reason="this system has no such limits")
def test_the_child_has_little_memory() -> None:
    greedy = "from app.services import thumbnail_child as c; c.limit_self(); bytearray(2 << 30)"
    ran = subprocess.run([sys.executable, "-c", greedy], cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert b"MemoryError" in ran.stderr


def test_the_programs_own_word_starts_the_child_and_nothing_else() -> None:
    words = [sys.executable, "-X", "importtime", "-m", "app", child.WORD]
    ran = subprocess.run(words, input=picture(), cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stdout[:3]) == (0, b"\xff\xd8\xff")
    assert b"PySide6" not in ran.stderr
    assert b"sqlalchemy" not in ran.stderr
