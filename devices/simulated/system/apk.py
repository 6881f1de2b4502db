"""Read what an APK is: package, version and instrumentations from its binary manifest."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass

_STRING_POOL = 0x0001
_START_ELEMENT = 0x0102
_UTF8 = 0x100
_TYPE_STRING = 0x03
_NO_STRING = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ApkFacts:
    """What the package installer reads of an APK; instrumentations are (class, target) pairs."""

    package: str
    version_name: str = ""
    version_code: int = 0
    instrumentations: tuple[tuple[str, str], ...] = ()


def read_apk(data: bytes) -> ApkFacts | None:
    """Return an APK's facts, or None when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = archive.read("AndroidManifest.xml")
        if manifest[:4] == b"\x03\x00\x08\x00":
            return _read_binary(manifest)
        return _read_plain(manifest.decode("utf-8"))
    except (zipfile.BadZipFile, KeyError, struct.error, UnicodeDecodeError, IndexError):
        return None


def make_stub_apk(facts: ApkFacts) -> bytes:
    """Make an APK with a plain text manifest, for tests; real Android takes no such file."""
    rows = "".join(
        f'<instrumentation android:name="{name}" android:targetPackage="{target}"/>'
        for name, target in facts.instrumentations
    )
    text = (
        f'<manifest package="{facts.package}" android:versionName="{facts.version_name}"'
        f' android:versionCode="{facts.version_code}">{rows}</manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("AndroidManifest.xml", text)
    return out.getvalue()


def _read_plain(text: str) -> ApkFacts | None:
    package = re.search(r'package="([^"]+)"', text)
    if package is None:
        return None
    name = re.search(r'android:versionName="([^"]*)"', text)
    code = re.search(r'android:versionCode="(\d+)"', text)
    pairs = re.findall(r'<instrumentation android:name="([^"]+)" android:targetPackage="([^"]+)"', text)
    shown = name[1] if name else ""
    return ApkFacts(package[1], shown, int(code[1]) if code else 0, tuple(pairs))


def _read_binary(data: bytes) -> ApkFacts | None:
    strings: list[str] = []
    package, shown, code = "", "", 0
    pairs: list[tuple[str, str]] = []
    at = 8
    while at + 8 <= len(data):
        kind, _, size = struct.unpack_from("<HHI", data, at)
        if size < 8:
            break
        if kind == _STRING_POOL:
            strings = _strings(data[at : at + size])
        elif kind == _START_ELEMENT:
            tag, values = _element(data, at, strings)
            if tag == "manifest":
                package, shown = str(values.get("package", "")), str(values.get("versionName", ""))
                code = int(values.get("versionCode", 0))
            elif tag == "instrumentation":
                pairs.append((str(values.get("name")), str(values.get("targetPackage"))))
        at += size
    return ApkFacts(package, shown, code, tuple(pairs)) if package else None


def _element(data: bytes, at: int, strings: list[str]) -> tuple[str, dict[str, str | int]]:
    name_at, start, size, count = struct.unpack_from("<4xI HHH", data, at + 16)
    values: dict[str, str | int] = {}
    for number in range(count):
        place = at + 16 + start + number * size
        _, name, raw, _, _, kind, value = struct.unpack_from("<IIIHBBI", data, place)
        if kind == _TYPE_STRING:
            values[strings[name]] = strings[value if raw == _NO_STRING else raw]
        else:
            values[strings[name]] = value
    return strings[name_at], values


def _strings(chunk: bytes) -> list[str]:
    count, _, flags, start = struct.unpack_from("<IIII", chunk, 8)
    offsets = struct.unpack_from(f"<{count}I", chunk, 28)
    read = _utf8_at if flags & _UTF8 else _utf16_at
    return [read(chunk, start + offset) for offset in offsets]


def _utf8_at(chunk: bytes, at: int) -> str:
    at += 2 if chunk[at] & 0x80 else 1
    length = chunk[at]
    at += 1
    if length & 0x80:
        length = (length & 0x7F) << 8 | chunk[at]
        at += 1
    return chunk[at : at + length].decode("utf-8", "replace")


def _utf16_at(chunk: bytes, at: int) -> str:
    (length,) = struct.unpack_from("<H", chunk, at)
    at += 2
    if length & 0x8000:
        (low,) = struct.unpack_from("<H", chunk, at)
        length = (length & 0x7FFF) << 16 | low
        at += 2
    return chunk[at : at + 2 * length].decode("utf-16-le", "replace")
