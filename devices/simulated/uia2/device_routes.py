"""Commands on the phone itself: keys, clipboard, settings, screen facts, alerts."""

from __future__ import annotations

import base64
import binascii

from devices.simulated.uia2.commands import Command
from devices.simulated.uia2.device import Stroke
from devices.simulated.uia2.errors import CommandError, no_such_element
from devices.simulated.uia2.source import active_window
from devices.simulated.uia2.tree import Node

_BACK = 4
_ALERT_TITLES = ("alertTitle", "custom", "permission_message")
_ACCEPT = ("button1", "permission_allow_button", "permission_allow_foreground_only_button")
_DISMISS = ("button2", "permission_deny_button")


async def session_facts(command: Command) -> object:
    """GET session."""
    return {"lastScrollData": command.session.last_scroll}


async def back(command: Command) -> object:
    """POST back."""
    command.require_ui()
    await command.device.spend("tap")
    command.device.glass.press_key(_BACK)
    await command.rest()
    return None


async def press_keycode(command: Command) -> object:
    """POST appium/device/press_keycode and long_press_keycode."""
    command.require_ui()
    await command.device.spend("tap")
    command.device.glass.press_key(int(command.field("keycode")))
    return None


async def open_notifications(command: Command) -> object:
    """POST appium/device/open_notifications."""
    command.require_ui()
    command.device.open_shade()
    return None


async def set_clipboard(command: Command) -> object:
    """POST appium/device/set_clipboard."""
    if str(command.body.get("contentType", "plaintext")).lower() != "plaintext":
        raise CommandError("invalid argument", "Only 'plaintext' content type is supported")
    try:
        raw = base64.b64decode(str(command.field("content")), validate=True)
    except binascii.Error as error:
        raise CommandError("invalid argument", f"content is not base64: {error}") from error
    command.device.clipboard = raw.decode("utf-8", "replace")
    return None


async def get_clipboard(_: Command) -> object:
    """POST appium/device/get_clipboard: empty, as in the background of Android 10 and newer."""
    return ""


async def get_settings(command: Command) -> object:
    """GET appium/settings."""
    return command.session.settings.as_json()


async def set_settings(command: Command) -> object:
    """POST appium/settings."""
    for name, value in dict(command.field("settings")).items():
        command.session.settings.update(str(name), value)
    return None


async def system_bars(command: Command) -> object:
    """GET appium/device/system_bars."""
    return {"statusBar": command.device.status_bar}


async def battery_info(command: Command) -> object:
    """GET appium/device/battery_info."""
    level, status = command.device.battery()
    return {"level": level, "status": status}


async def pixel_ratio(command: Command) -> object:
    """GET appium/device/pixel_ratio."""
    return command.device.density / 160


async def display_density(command: Command) -> object:
    """GET appium/device/display_density."""
    return command.device.density


async def device_info(command: Command) -> object:
    """GET appium/device/info."""
    return command.device.describe()


async def apps(command: Command) -> object:
    """GET appium/device/apps."""
    return command.device.launchable_apps()


async def window_size(command: Command) -> object:
    """GET window/{any}/size."""
    width, height = command.device.display
    return {"width": width, "height": height}


async def screenshot(command: Command) -> object:
    """GET screenshot."""
    command.require_ui()
    await command.device.spend("screencap")
    return base64.b64encode(command.device.screenshot()).decode()


async def element_screenshot(command: Command) -> object:
    """GET element/{e}/screenshot: the whole screen, which is invented."""
    command.element()
    return await screenshot(command)


async def get_orientation(command: Command) -> object:
    """GET orientation."""
    return "LANDSCAPE" if command.device.rotation % 2 else "PORTRAIT"


async def set_orientation(command: Command) -> object:
    """POST orientation; the apps on this phone refuse to turn."""
    if str(command.field("orientation")).upper() == "PORTRAIT":
        return None
    raise CommandError(
        "invalid element state",
        "Screen rotation cannot be changed to LANDSCAPE after 2000ms. Is it locked programmatically?",
    )


async def get_rotation(command: Command) -> object:
    """GET rotation."""
    return {"x": 0, "y": 0, "z": command.device.rotation * 90}


async def nothing(_: Command) -> object:
    """Answer commands that change nothing a client could see."""
    return None


async def list_windows(command: Command) -> object:
    """POST appium/list_windows; which fields it has is invented."""
    return [
        {"windowId": window.id, "package": window.package, "type": window.kind}
        for window in command.device.accessible_windows()
    ]


async def list_displays(command: Command) -> object:
    """POST appium/list_displays; which fields it has is invented."""
    width, height = command.device.display
    return [{"id": 0, "isDefault": True, "width": width, "height": height}]


async def action_history(_: Command) -> object:
    """POST appium/action_history: nothing was scheduled."""
    return {"repeats": 0, "stepResults": []}


async def alert_text(command: Command) -> object:
    """GET alert/text."""
    return _alert(command).view.text


async def alert_accept(command: Command) -> object:
    """POST alert/accept."""
    return await _press_alert(command, _ACCEPT)


async def alert_dismiss(command: Command) -> object:
    """POST alert/dismiss."""
    return await _press_alert(command, _DISMISS)


def _alert(command: Command) -> Node:
    front = active_window(command.device.accessible_windows())
    for node in command.tree().nodes():
        if front is not None and node.view.res.partition(":id/")[2] in _ALERT_TITLES:
            return node
    raise CommandError("no such alert", "An attempt was made to operate on a modal dialog when one was not open")


async def _press_alert(command: Command, names: tuple[str, ...]) -> object:
    _alert(command)
    label = command.body.get("buttonLabel")
    for node in command.tree().nodes():
        local = node.view.res.partition(":id/")[2]
        if (label is None and local in names) or (label and node.view.text == label):
            await command.device.spend("click")
            command.device.glass.touch(Stroke(node.center, node.center))
            return None
    raise no_such_element()
