"""Targets that read what a phone, adb or a person wrote. Each raises nothing but what its docstring promises."""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from lxml import etree

from app.domain.errors import BadInput, PhoneLost, PhoneRefused
from app.settings import load_settings
from app.store.searching import to_query
from devices.adb import wire
from devices.adb.outputs import parse_components, parse_dumps, parse_starts, parse_states
from devices.adb.phone import parse_devices
from devices.health import reading
from devices.health.exits import parse_exits
from devices.screens.days import parse_day, parse_minute, parse_when
from devices.screens.events import parse_event
from devices.screens.notifications import parse_notifications
from devices.screens.recognise import parse_screen
from devices.screens.scan import name_of, scan, value_of
from devices.screens.tree import SourceUnreadable

TODAY = date(2026, 8, 21)
_COMPARED = ("text", "content-desc", "resource-id", "bounds", "package", "clickable", "focused", "scrollable")


def decode(body: bytes) -> str:
    """Return text as programs that print bytes have it; broken bytes become lone surrogates in every other input."""
    return body.decode("utf-8", "surrogateescape" if len(body) % 2 else "replace")


def read_screen(body: bytes) -> None:
    """A page source is a screen, or it is unreadable."""
    try:
        parse_screen(decode(body), TODAY)
    except SourceUnreadable:
        return


def compare_scan(body: bytes) -> None:
    """What the quick reader takes, it reads as an XML parser does, where that one takes it."""
    scanned = scan(body)
    if scanned is None:
        return
    for tag in scanned.tags:
        name_of(tag)
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return
    nodes = list(root.iter(etree.Element))
    assert [name_of(tag) for tag in scanned.tags] == [node.tag for node in nodes]
    for attribute in _COMPARED:
        ours = [value_of(tag, attribute) for tag in scanned.tags]
        assert ours == [node.get(attribute, "") for node in nodes], attribute
    assert [end - at for at, end in enumerate(scanned.ends)] == [sum(1 for _ in node.iter()) for node in nodes]


def read_notifications(body: bytes) -> None:
    """A dump holds notifications or none."""
    parse_notifications(decode(body))


def read_events(body: bytes) -> None:
    """A line is an event or none."""
    for line in body.split(b"\n"):
        parse_event(line.decode("utf-8", "replace"))


def read_health(body: bytes) -> None:
    """Each reader finds its value or none in any text."""
    text = decode(body)
    reading.warnings_of(reading.parse_battery(text))
    reading.parse_thermal(text)
    reading.parse_power(text)
    reading.parse_locked(text, text)
    reading.parse_focus(text)
    reading.parse_storage(text)
    reading.parse_wifi(text)
    reading.parse_online(text)
    reading.parse_signal(text)
    reading.parse_app_version(text, "com.whatsapp.w4b")
    reading.parse_properties(text)
    parse_exits(text)


def read_outputs(body: bytes) -> None:
    """What commands print is understood or not."""
    text = decode(body)
    parse_starts(text)
    parse_dumps(text)
    parse_components(text)
    parse_states(text)
    parse_devices(text)


def read_times(body: bytes) -> None:
    """A line is a minute, a day, or neither."""
    for line in decode(body).splitlines():
        minute, day = parse_minute(line), parse_day(line, TODAY)
        assert minute is None or 0 <= minute < 24 * 60
        assert day is None or (day - TODAY).days <= 1
        parse_when(line, line, TODAY)


class _Spoken:
    """A stream that says what it was given, in pieces of odd sizes."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at, self._step = body, 0, 1 + len(body) % 977

    def sendall(self, data: bytes) -> None:
        """Take a request."""

    def settimeout(self, seconds: float) -> None:
        """Take a limit."""

    def recv(self, count: int) -> bytes:
        """Say the next piece."""
        piece = self._body[self._at : self._at + min(count, self._step)]
        self._at += len(piece)
        self._step = self._step * 7 % 65_521 + 1
        return piece


def read_wire(body: bytes) -> None:
    """An adb server that lies about lengths, or ends early, is a lost phone or one that refuses."""
    stream = _Spoken(body)
    try:
        for service in ("host:transport:x", "shell,v2,raw:true"):
            wire.request(stream, service)  # type: ignore[arg-type]
        wire._read_v2(stream, float("inf"))  # type: ignore[arg-type]
        wire.read_block(_Spoken(body))  # type: ignore[arg-type]
    except (PhoneLost, PhoneRefused):
        return


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def read_settings(body: bytes) -> None:
    """A settings file holds settings, or is said to be wrong."""
    home = Path(_folder().name)
    (home / "settings.toml").write_bytes(body)
    try:
        load_settings(home)
    except BadInput:
        return


@cache
def _words() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    base.executemany("INSERT INTO words VALUES (?)", [("we are open",), ('said "no" AND left',), ("\U0001f44d ok",)])
    return base


def search(body: bytes) -> None:
    """What a person types is words: the database never takes it for a query of its own language."""
    query = to_query(body[:2000].decode("utf-8", "replace"))
    if query:
        _words().execute("SELECT count(*) FROM words WHERE words MATCH ?", (query,)).fetchone()
