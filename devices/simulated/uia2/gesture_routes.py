"""Gestures: W3C actions and the server's own click, drag, swipe, scroll and fling."""

from __future__ import annotations

import math
from typing import Any

from devices.simulated.contract import View
from devices.simulated.uia2.commands import Command, ends_of
from devices.simulated.uia2.device import Point, Stroke
from devices.simulated.uia2.errors import CommandError
from devices.simulated.uia2.pointers import read_actions
from devices.simulated.uia2.session import Locator

_LONG_PRESS_S = 0.5
_SWIPE_DP_PER_S = 5000
_FLING_DP_PER_S = 7500


async def actions(command: Command) -> object:
    """POST actions."""
    command.require_ui()
    played = read_actions(command.field("actions"), lambda one: command.node(one).center)
    await command.device.spend_s(played.duration_s)
    for stroke in played.strokes:
        await command.device.spend("tap")
        command.device.glass.touch(stroke)
    for keycode in played.keys:
        command.device.glass.press_key(keycode)
    if played.text:
        command.device.glass.type_text(played.text)
    return None


async def click(command: Command) -> object:
    """POST appium/gestures/click."""
    return await _press(command, 0.0, 1)


async def long_click(command: Command) -> object:
    """POST appium/gestures/long_click."""
    held_s = float(command.body.get("duration") or _LONG_PRESS_S * 1000) / 1000
    return await _press(command, max(held_s, 0.0), 1)


async def double_click(command: Command) -> object:
    """POST appium/gestures/double_click."""
    return await _press(command, 0.0, 2)


async def drag(command: Command) -> object:
    """POST appium/gestures/drag: a long press, then the way."""
    command.require_ui()
    end = _point(command.field("end"))
    start = await _place(command, "start")
    speed = float(command.body.get("speed") or 2500 * command.device.density / 160)
    duration_s = math.dist(start, end) / max(speed, 1.0)
    await command.device.spend_s(_LONG_PRESS_S + duration_s)
    command.device.glass.touch(Stroke(start, end, 0.0, _LONG_PRESS_S, duration_s))
    return None


async def fling(command: Command) -> object:
    """POST appium/gestures/fling."""
    return await _swipe(command, 1.0, _FLING_DP_PER_S, is_exact=False)


async def swipe(command: Command) -> object:
    """POST appium/gestures/swipe: the direction is the finger's."""
    await _swipe(command, _percent(command), _SWIPE_DP_PER_S, is_exact=False, is_finger=True)
    return None


async def scroll(command: Command) -> object:
    """POST appium/gestures/scroll: whether it can go on."""
    return await _swipe(command, _percent(command), _SWIPE_DP_PER_S, is_exact=True)


async def pinch(command: Command) -> object:
    """POST appium/gestures/pinch_open and pinch_close: no app here can be zoomed."""
    command.require_ui()
    _percent(command)
    return None


async def scroll_to(command: Command) -> object:
    """POST gestures/scroll_to: scroll until the locator matches."""
    params = dict(command.field("params"))
    locator = Locator(str(params.get("strategy", "")), str(params.get("selector", "")))
    area = await _area(command, is_needed=False)
    for _ in range(int(params.get("maxSwipes") or 30)):
        if await command.find(locator):
            return None
        if not await command.scroll(area, "down", 0.7):
            break
    await command.find_one(locator)
    return None


async def scroll_to_element(command: Command) -> object:
    """POST appium/element/{e}/scroll_to/{e2}."""
    area = command.element().view
    for _ in range(30):
        if command.tree().by_id(command.params["target"]) is not None:
            return None
        if not await command.scroll(area, "down", 0.7):
            break
    command.node(command.params["target"])
    return None


async def _press(command: Command, held_s: float, times: int) -> object:
    command.require_ui()
    at = await _place(command, "offset")
    await command.device.spend("tap")
    await command.device.spend_s(held_s)
    for _ in range(times):
        if command.device.faults.take("click_ignored") is None:
            command.device.glass.touch(Stroke(at, at, 0.0, held_s, held_s))
    return None


async def _place(command: Command, field: str) -> Point:
    """Return the place of `origin` or `locator`, moved by an offset, or the offset itself."""
    offset = command.body.get(field)
    origin = await _origin(command)
    if origin is None:
        if offset is None:
            raise CommandError("invalid argument", f"Either element or {field} must be provided")
        return _point(offset)
    left, top, right, bottom = origin.bounds
    if offset is None:
        return (left + right) // 2, (top + bottom) // 2
    x, y = _point(offset)
    return left + x, top + y


async def _origin(command: Command) -> View | None:
    origin = command.body.get("origin")
    if isinstance(origin, dict) and origin:
        return command.node(str(next(iter(origin.values())))).view
    if isinstance(origin, str) and origin:
        return command.node(origin).view
    wanted = command.body.get("locator")
    if isinstance(wanted, dict):
        locator = Locator(str(wanted.get("strategy", "")), str(wanted.get("selector", "")))
        return (await command.find_one(locator)).view
    return None


async def _area(command: Command, *, is_needed: bool = True) -> View:
    origin = await _origin(command)
    if origin is not None:
        return origin
    area = command.body.get("area")
    if isinstance(area, dict):
        left, top = round(area["left"]), round(area["top"])
        right, bottom = left + round(area["width"]), top + round(area["height"])
        return View("", bounds=(left, top, right, bottom))
    if is_needed:
        raise CommandError("invalid argument", "Either element or area must be provided")
    for node in command.tree().nodes():
        if node.view.scrollable:
            return node.view
    return View("", bounds=(0, 0, *command.device.display))


async def _swipe(command: Command, percent: float, dp_per_s: int, *, is_exact: bool, is_finger: bool = False) -> bool:
    command.require_ui()
    area = await _area(command)
    start, end = ends_of(area.bounds, str(command.field("direction")), percent)
    if is_finger:
        start, end = end, start
    speed = float(command.body.get("speed") or dp_per_s * command.device.density / 160)
    before = [(node.view.text, node.view.bounds) for node in command.tree().nodes()]
    await command.device.spend_s(math.dist(start, end) / max(speed, 1.0))
    command.device.glass.touch(Stroke(start, end, 0.0 if is_exact else speed))
    await command.device.spend("settle")
    after = [(node.view.text, node.view.bounds) for node in command.tree().nodes()]
    command.session.last_scroll = {"deltaX": end[0] - start[0], "deltaY": end[1] - start[1]}
    return before != after


def _percent(command: Command) -> float:
    percent = command.field("percent")
    if not isinstance(percent, int | float) or not 0 < percent <= 1:
        raise CommandError("invalid argument", "'percent' must be a positive number not above 1")
    return float(percent)


def _point(value: Any) -> Point:
    if not isinstance(value, dict) or "x" not in value or "y" not in value:
        raise CommandError("invalid argument", "A point must have x and y")
    return round(value["x"]), round(value["y"])
