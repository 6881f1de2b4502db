"""Ways to spoil a sample: bytes, lines, elements. Seeded, without dependencies; the same seed spoils the same way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Mutator = Callable[[random.Random, bytes, Sequence[bytes]], bytes]
BIG = 5_000_000
_NASTY: tuple[bytes, ...] = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"&#1;", b"&#xD800;", b"&#99999999;", b"&amp", b"]]>",
    b"<!--", b"<![CDATA[", b'"', b"'", b">", b"</node>", b"}]", b"), ", b"=String (", b"\r\n", b"\xe2\x80\x8e",
    b"-1", b"0", b"99999999999999999999", b"2147483648", b"1e999", b"NaN", b"[0,0][0,0]", b"time=", b", text=",
    "\u0661\u0662:\u0663\u0664".encode(), "\U0001f468\u200d\U0001f469".encode(), "\u00b2:\u00b3\u00b9".encode(),
)  # fmt: skip
_NUMBERS = (b"0", b"-1", b"1", b"2147483647", b"9" * 30, b"9" * 5000, b"1.2.3", b"")
_ELEMENT = re.compile(rb"<node\b[^<>]*?(?:/>|>)|</node>|<android[^<>]*>|</android[^<>]*>")
_NUMBER = re.compile(rb"-?\d+")


def spoil(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    """Return the sample after one to six changes, at most some megabytes of it."""
    for _ in range(chance.randrange(1, 7)):
        sample = chance.choice(_ALL)(chance, sample, others)
    return sample[:BIG]


def blow_up(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    """Return a large input: a sample, a piece of one or one character, many times."""
    size = BIG // 5 if chance.random() < 0.8 else BIG
    piece = chance.choice((sample, _piece(chance, sample), chance.choice(_NASTY), bytes([chance.randrange(256)]), b" "))
    piece = piece or b"x"
    blown = piece * (size // len(piece) + 1)
    at = _place(chance, sample)
    return (sample[:at] + blown + sample[at:])[:size] if chance.random() < 0.5 else blown[:size]


def _place(chance: random.Random, sample: bytes) -> int:
    return chance.randrange(len(sample) + 1)


def _piece(chance: random.Random, sample: bytes) -> bytes:
    start = _place(chance, sample)
    return sample[start : start + chance.choice((1, 4, 30, 200, 2000))]


def _flip(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    body = bytearray(sample)
    for _ in range(min(len(body), chance.choice((1, 1, 3, 20)))):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _insert(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    at = _place(chance, sample)
    return sample[:at] + chance.choice(_NASTY) * chance.choice((1, 1, 2, 50)) + sample[at:]


def _delete(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    at = _place(chance, sample)
    return sample[:at] + sample[at + chance.choice((1, 3, 40, 400, 4000)) :]


def _repeat(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    piece, at = _piece(chance, sample), _place(chance, sample)
    return sample[:at] + piece * chance.choice((1, 2, 9, 60)) + sample[at:]


def _cut(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    at = _place(chance, sample)
    return sample[:at] if chance.random() < 0.7 else sample[at:]


def _splice(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return sample[: _place(chance, sample)] + other[_place(chance, other) :]


def _lines(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    """Drop, double, move or shuffle lines."""
    lines = sample.split(b"\n")
    at, way = chance.randrange(len(lines)), chance.randrange(4)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines[at:at] = [lines[at]] * chance.choice((1, 5, 40))
    elif way == 2:
        lines.insert(chance.randrange(len(lines)), lines.pop(at))
    else:
        part = lines[at : at + 12]
        chance.shuffle(part)
        lines[at : at + 12] = part
    return b"\n".join(lines)


def _elements(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    """Drop, double, swap or nest tags of a page source."""
    found = list(_ELEMENT.finditer(sample))
    if not found:
        return sample
    one, other = chance.choice(found), chance.choice(found)
    way = chance.randrange(4)
    if way == 0:
        return sample[: one.start()] + sample[one.end() :]
    if way == 1:
        return sample[: one.end()] + one[0] * chance.choice((1, 3, 40)) + sample[one.end() :]
    if way == 2:
        return sample[: one.start()] + other[0] + sample[one.end() :]
    deep = chance.choice((3, 60, 260, 400))
    return sample[: one.start()] + b'<node text="">' * deep + one[0] + b"</node>" * deep + sample[one.end() :]


def _number(chance: random.Random, sample: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(sample[:200_000]))
    if not found:
        return sample
    one = chance.choice(found)
    value = chance.choice((*_NUMBERS, str(chance.randrange(3000)).encode()))
    return sample[: one.start()] + value + sample[one.end() :]


_ALL: tuple[Mutator, ...] = (
    _flip, _insert, _delete, _repeat, _cut, _splice, _lines, _elements, _elements, _number, _number,
)  # fmt: skip
