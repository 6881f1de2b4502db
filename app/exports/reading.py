"""Takes the text out of an exported file, which may be a zip from anywhere: bounded in size, ratio and members.

Names in a zip choose the member and are used for nothing else: nothing is ever written to a disk.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from app.domain.errors import BadInput

MOST_BYTES = 256 << 20
"""Of text. An export of 40,000 messages has some 4 MB."""
_MOST_MEMBERS = 20_000
_MOST_DIRECTORY = 16 << 20
_MOST_RATIO = 200
_FREE_BYTES = 1 << 20
"""So much is read whatever the ratio: a small chat of equal words packs well."""
_CHUNK = 1 << 18
_END = struct.Struct("<4s4H2LH")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
    struct.error, KeyError, IndexError,
)  # fmt: skip


def read_export(file: BinaryIO, progress: Callable[[int, int], None] | None = None) -> str:
    """Return the text of an exported chat, plain or in a zip.

    Args:
        file: The file, seekable, at its beginning.
        progress: Told how many bytes of how many were read.

    Raises:
        BadInput: It holds no one text of a chat, or is larger than any chat.
    """
    head = file.read(4)
    size = file.seek(0, 2)
    file.seek(0)
    if head[:2] != b"PK":
        if size > MOST_BYTES:
            raise BadInput(
                f"the file is larger than {MOST_BYTES >> 20} MB, which no exported chat is. Nothing was changed"
            )
        return _decode(file.read(MOST_BYTES))
    try:
        _check_directory(file, size)
        with zipfile.ZipFile(file) as packed:
            return _decode(_unpack(packed, _choose(packed), progress))
    except _BROKEN as error:
        raise BadInput("the zip is damaged or of a kind that is not read. Nothing was changed") from error


def _check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a zip of too many members before its directory is read as a whole."""
    file.seek(max(0, size - 66_000))
    tail = file.read(66_000)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile
    *_, members, directory, _offset, _comment = _END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at].startswith(b"PK\6\7"):
        raise BadInput("the zip is larger than those that are read; take the text out of it. Nothing was changed")
    if members > _MOST_MEMBERS or directory > _MOST_DIRECTORY:
        raise BadInput("the zip has more members than an exported chat. Nothing was changed")
    file.seek(0)


def _choose(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one member that is the chat; other texts are documents that somebody sent."""
    texts = [one for one in packed.infolist() if one.filename.casefold().endswith(".txt")]
    for is_it in (lambda name: name == "_chat.txt", lambda name: name.startswith("whatsapp"), lambda _: True):
        found = [one for one in texts if is_it(one.filename.replace("\\", "/").rpartition("/")[2].casefold())]
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise BadInput("the zip holds no one text of a chat; take it out and give the .txt itself. Nothing was changed")


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, progress: Callable[[int, int], None] | None) -> bytes:
    """Read a member piece by piece; what it says of its own size is not believed."""
    if member.flag_bits & 1 or member.compress_type not in _METHODS:
        raise BadInput("the zip is locked or packed in a way that is not read; unpack it first. Nothing was changed")
    most = min(MOST_BYTES, max(_FREE_BYTES, _MOST_RATIO * max(1, member.compress_size)))
    pieces, total = [], 0
    with packed.open(member) as stream:
        while piece := stream.read(_CHUNK):
            total += len(piece)
            if total > most:
                raise BadInput("the text in the zip is larger than that of any chat. Nothing was changed")
            pieces.append(piece)
            if progress is not None:
                progress(total, max(total, member.file_size))
    return b"".join(pieces)


def _decode(data: bytes) -> str:
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        raise BadInput("the file is no text in UTF-8. Nothing was changed") from error
