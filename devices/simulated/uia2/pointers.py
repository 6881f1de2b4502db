"""W3C actions: what fingers and keys do, read from the request's ticks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devices.simulated.uia2.device import Point, Stroke
from devices.simulated.uia2.errors import CommandError

_RELEASE_WINDOW_S = 0.1
"""The last stretch of a way that gives the speed at lifting (VelocityTracker's window)."""

_KEYCODES = {
    "\ue003": 67,
    "\ue004": 61,
    "\ue006": 66,
    "\ue007": 66,
    "\ue00c": 111,
    "\ue012": 21,
    "\ue013": 19,
    "\ue014": 22,
    "\ue015": 20,
}


@dataclass(slots=True)
class _Finger:
    at: Point = (0, 0)
    is_down: bool = False
    way: list[tuple[float, Point]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Performance:
    """What a request's actions amount to, and how long they take."""

    strokes: tuple[Stroke, ...]
    keys: tuple[int, ...]
    text: str
    duration_s: float


Locate = Callable[[str], Point]
"""Gives the middle of an element by its id."""


def read_actions(sources: Sequence[Mapping[str, Any]], locate: Locate) -> Performance:
    """Play the sources of `POST /actions`.

    Raises:
        CommandError: An action lacks a field or a key cannot be typed.
    """
    strokes: list[Stroke] = []
    keys: list[int] = []
    typed: list[str] = []
    duration_s = 0.0
    for source in sources:
        kind = source.get("type")
        if kind == "pointer":
            made, took_s = _play_pointer(source, locate)
            strokes += made
            duration_s = max(duration_s, took_s)
        elif kind == "key":
            _play_keys(source, keys, typed)
    return Performance(tuple(strokes), tuple(keys), "".join(typed), duration_s)


def stroke_of(way: Sequence[tuple[float, Point]], lifted_s: float) -> Stroke:
    """Return the stroke of a finger from where it was at which second."""
    begun_s, start = way[0]
    end = way[-1][1]
    moved = [second for second, point in way if point != start]
    held_s = (_last_at(way, start) if moved else lifted_s) - begun_s
    since_s = lifted_s - _RELEASE_WINDOW_S
    before = _place_at(way, since_s)
    window_s = lifted_s - max(since_s, begun_s)
    speed = math.dist(before, end) / window_s if window_s > 0 else 0.0
    return Stroke(start, end, speed, held_s, lifted_s - begun_s)


def _last_at(way: Sequence[tuple[float, Point]], start: Point) -> float:
    last = way[0][0]
    for second, point in way:
        if point != start:
            break
        last = second
    return last


def _place_at(way: Sequence[tuple[float, Point]], second: float) -> Point:
    if second <= way[0][0]:
        return way[0][1]
    for (t0, p0), (t1, p1) in itertools.pairwise(way):
        if t0 <= second <= t1 and t1 > t0:
            share = (second - t0) / (t1 - t0)
            return (round(p0[0] + (p1[0] - p0[0]) * share), round(p0[1] + (p1[1] - p0[1]) * share))
    return way[-1][1]


def _play_pointer(source: Mapping[str, Any], locate: Locate) -> tuple[list[Stroke], float]:
    finger, second, strokes = _Finger(), 0.0, []
    for action in source.get("actions", ()):
        kind = action.get("type")
        if kind == "pause":
            second += _seconds(action)
            if finger.is_down:
                finger.way.append((second, finger.at))
        elif kind == "pointerMove":
            second += _seconds(action)
            finger.at = _target(action, finger.at, locate)
            if finger.is_down:
                finger.way.append((second, finger.at))
        elif kind == "pointerDown":
            finger.is_down, finger.way = True, [(second, finger.at)]
        elif kind == "pointerUp" and finger.is_down:
            strokes.append(stroke_of(finger.way, second))
            finger.is_down = False
    return strokes, second


def _seconds(action: Mapping[str, Any]) -> float:
    return float(action.get("duration") or 0) / 1000


def _target(action: Mapping[str, Any], at: Point, locate: Locate) -> Point:
    if "x" not in action or "y" not in action:
        raise CommandError("invalid argument", "pointerMove must have x and y")
    origin = action.get("origin", "viewport")
    base = (0, 0)
    if origin == "pointer":
        base = at
    elif isinstance(origin, dict):
        base = locate(next((str(value) for value in origin.values()), ""))
    return base[0] + round(action["x"]), base[1] + round(action["y"])


def _play_keys(source: Mapping[str, Any], keys: list[int], typed: list[str]) -> None:
    for action in source.get("actions", ()):
        if action.get("type") != "keyDown":
            continue
        value = str(action.get("value", ""))
        if value in _KEYCODES:
            keys.append(_KEYCODES[value])
        elif value.isascii():
            typed.append(value)
        else:
            raise CommandError("unknown error", f"Cannot convert '{value}' to key events")
