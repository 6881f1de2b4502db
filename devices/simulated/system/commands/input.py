"""`input`, `uiautomator`, `screencap`: touch the phone and look at it from a shell."""

from __future__ import annotations

import math
from collections.abc import Mapping

from devices.simulated.system.call import Call, Program
from devices.simulated.system.instrumented import render_png
from devices.simulated.uia2.device import Stroke
from devices.simulated.uia2.source import dump_uiautomator

_KEYS = {
    "HOME": 3,
    "BACK": 4,
    "DPAD_UP": 19,
    "DPAD_DOWN": 20,
    "DPAD_LEFT": 21,
    "DPAD_RIGHT": 22,
    "VOLUME_UP": 24,
    "VOLUME_DOWN": 25,
    "POWER": 26,
    "TAB": 61,
    "SPACE": 62,
    "ENTER": 66,
    "DEL": 67,
    "MENU": 82,
    "MOVE_HOME": 122,
    "MOVE_END": 123,
    "ESCAPE": 111,
    "APP_SWITCH": 187,
    "SLEEP": 223,
    "WAKEUP": 224,
}
_SOURCES = ("touchscreen", "keyboard", "mouse", "touchpad", "stylus")
_SWIPE_MS = 300
_KILLED = 137
_DUMP_QUIET_S = 10.0


async def input_(call: Call) -> int:
    """Inject a tap, a swipe, text or keys; each starts a Java machine first."""
    words = [word for word in call.args if word not in _SOURCES]
    verb, *values = words or [""]
    await call.spend("input")
    if verb == "tap" and len(values) == 2:
        x, y = (round(float(value)) for value in values)
        call.phone.screen.touch(Stroke((x, y), (x, y)))
    elif verb in ("swipe", "draganddrop") and len(values) >= 4:
        await _swipe(call, verb, values)
    elif verb == "text":
        return await _text(call, " ".join(values))
    elif verb == "keyevent":
        return await _keys(call, values)
    else:
        await call.complain(f"Error: Invalid arguments for command: {verb}\n")
        return 255
    return 0


async def uiautomator(call: Call) -> int:
    """`uiautomator dump [--compressed] [file]`: waits for rest, one UiAutomation at a time."""
    if call.args[:1] != ["dump"]:
        await call.complain("Unsupported command\n")
        return 1
    phone = call.phone
    running = phone.instrumentation
    if running is not None and running.is_running:
        await call.say("Killed\n")
        return _KILLED
    paths = [word for word in call.args[1:] if not word.startswith("-")]
    path = paths[0] if paths else "/sdcard/window_dump.xml"
    await call.spend("uiautomator_dump")
    await phone.rest(_DUMP_QUIET_S)
    if phone.is_moving():
        await call.complain("ERROR: could not get idle state.\n")
        return 0
    windows = call.device.accessible_windows()
    if not windows or not phone.screen.is_on:
        await call.complain("ERROR: null root node returned by UiTestAutomationBridge.\n")
        return 0
    printed = dump_uiautomator(windows, phone.rotation, is_recent=phone.spec.sdk >= 33).encode()
    if path == "/dev/tty":
        await call.out.write(printed)
    else:
        phone.storage.write(call.path(path), printed)
    await call.say(f"UI hierchary dumped to: {path}\n")
    return 0


async def screencap(call: Call) -> int:
    """Print the screen as PNG, or write it to a file."""
    await call.spend("screencap")
    paths = [word for word in call.args if not word.startswith("-")]
    image = render_png(call.phone)
    if paths:
        call.phone.storage.write(call.path(paths[0]), image)
    else:
        await call.out.write(image)
    return 0


async def _swipe(call: Call, verb: str, values: list[str]) -> None:
    x1, y1, x2, y2 = (round(float(value)) for value in values[:4])
    duration_s = (float(values[4]) if len(values) > 4 else _SWIPE_MS) / 1000
    speed = math.dist((x1, y1), (x2, y2)) / max(duration_s, 0.001)
    is_still = (x1, y1) == (x2, y2)
    held_s = duration_s if is_still else 0.5 if verb == "draganddrop" else 0.0
    await call.device.spend_s(duration_s)
    call.phone.screen.touch(Stroke((x1, y1), (x2, y2), speed, held_s, duration_s))


async def _text(call: Call, text: str) -> int:
    if not text.isascii():
        await call.complain(
            "Exception occurred while executing 'text':\n"
            "java.lang.NullPointerException: Attempt to get length of null array\n"
            "\tat com.android.server.input.InputShellCommand.sendText"
            "(InputShellCommand.java:309)\n"
        )
        return 255
    call.phone.screen.type_text(text.replace("%s", " "))
    return 0


async def _keys(call: Call, values: list[str]) -> int:
    for value in values:
        if value.startswith("--"):
            continue
        name = value.upper().removeprefix("KEYCODE_")
        code = int(name) if name.isdigit() else _KEYS.get(name, 0)
        call.phone.screen.press_key(code)
    return 0


PROGRAMS: Mapping[str, Program] = {
    "input": input_,
    "uiautomator": uiautomator,
    "screencap": screencap,
}
"""Commands of this family by their words."""
