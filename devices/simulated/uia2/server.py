"""The on-device UiAutomator2 server: HTTP over streams, one session at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.simulated.tasks import Tasks
from devices.simulated.uia2 import device_routes, element_routes, gesture_routes, http
from devices.simulated.uia2.commands import Command
from devices.simulated.uia2.device import Device
from devices.simulated.uia2.errors import CommandError, unknown_command
from devices.simulated.uia2.http import Request
from devices.simulated.uia2.session import Session, apply_settings, read_capabilities
from devices.simulated.uia2.settings import SettingValues
from devices.simulated.wire.streams import BufferedStream, ByteStream, StreamClosedError

PORT = 6790
VERSION = "10.6.6"
VERSION_CODE = 278
_STOP_DELAY_S = 0.015

Route = Callable[[Command], Awaitable[object]]

_SESSION = "/session/{session}"
_ELEMENT = "/element/{element}"
_GESTURES = "/appium/gestures"
_DEVICE = "/appium/device"

ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", ""): device_routes.session_facts,
    ("POST", "/element"): element_routes.find,
    ("POST", "/elements"): element_routes.find_all,
    ("GET", "/element/active"): element_routes.active,
    ("POST", _ELEMENT + "/click"): element_routes.click,
    ("POST", _ELEMENT + "/clear"): element_routes.clear,
    ("POST", _ELEMENT + "/value"): element_routes.value,
    ("POST", "/keys"): element_routes.keys,
    ("GET", _ELEMENT + "/text"): element_routes.text,
    ("GET", _ELEMENT + "/name"): element_routes.name,
    ("GET", _ELEMENT + "/rect"): element_routes.rect,
    ("GET", _ELEMENT + "/size"): element_routes.size,
    ("GET", _ELEMENT + "/location"): element_routes.location,
    ("GET", _ELEMENT + "/attribute/{name}"): element_routes.attribute,
    ("GET", _ELEMENT + "/screenshot"): device_routes.element_screenshot,
    ("GET", "/screenshot/{element}"): device_routes.element_screenshot,
    ("GET", "/appium" + _ELEMENT + "/first_visible"): element_routes.first_visible,
    ("POST", "/appium" + _ELEMENT + "/scroll_to/{target}"): gesture_routes.scroll_to_element,
    ("GET", "/source"): element_routes.source,
    ("GET", "/screenshot"): device_routes.screenshot,
    ("GET", "/orientation"): device_routes.get_orientation,
    ("POST", "/orientation"): device_routes.set_orientation,
    ("GET", "/rotation"): device_routes.get_rotation,
    ("POST", "/rotation"): device_routes.nothing,
    ("GET", "/window/{any}/size"): device_routes.window_size,
    ("POST", "/back"): device_routes.back,
    ("POST", "/actions"): gesture_routes.actions,
    ("POST", _DEVICE + "/press_keycode"): device_routes.press_keycode,
    ("POST", _DEVICE + "/long_press_keycode"): device_routes.press_keycode,
    ("POST", _DEVICE + "/open_notifications"): device_routes.open_notifications,
    ("POST", _DEVICE + "/set_clipboard"): device_routes.set_clipboard,
    ("POST", _DEVICE + "/get_clipboard"): device_routes.get_clipboard,
    ("GET", _DEVICE + "/system_bars"): device_routes.system_bars,
    ("GET", _DEVICE + "/battery_info"): device_routes.battery_info,
    ("GET", _DEVICE + "/pixel_ratio"): device_routes.pixel_ratio,
    ("GET", _DEVICE + "/display_density"): device_routes.display_density,
    ("GET", _DEVICE + "/info"): device_routes.device_info,
    ("GET", _DEVICE + "/declared_orientation"): device_routes.get_orientation,
    ("GET", _DEVICE + "/apps"): device_routes.apps,
    ("GET", "/appium/settings"): device_routes.get_settings,
    ("POST", "/appium/settings"): device_routes.set_settings,
    ("POST", _GESTURES + "/click"): gesture_routes.click,
    ("POST", _GESTURES + "/long_click"): gesture_routes.long_click,
    ("POST", _GESTURES + "/double_click"): gesture_routes.double_click,
    ("POST", _GESTURES + "/drag"): gesture_routes.drag,
    ("POST", _GESTURES + "/fling"): gesture_routes.fling,
    ("POST", _GESTURES + "/swipe"): gesture_routes.swipe,
    ("POST", _GESTURES + "/scroll"): gesture_routes.scroll,
    ("POST", _GESTURES + "/pinch_open"): gesture_routes.pinch,
    ("POST", _GESTURES + "/pinch_close"): gesture_routes.pinch,
    ("POST", "/gestures/scroll_to"): gesture_routes.scroll_to,
    ("GET", "/alert/text"): device_routes.alert_text,
    ("POST", "/alert/accept"): device_routes.alert_accept,
    ("POST", "/alert/dismiss"): device_routes.alert_dismiss,
    ("POST", "/network_connection"): device_routes.nothing,
    ("POST", "/appium/reset_ax_cache"): device_routes.nothing,
    ("POST", "/appium/list_windows"): device_routes.list_windows,
    ("POST", "/appium/list_displays"): device_routes.list_displays,
    ("POST", "/appium/schedule_action"): device_routes.nothing,
    ("POST", "/appium/action_history"): device_routes.action_history,
    ("POST", "/appium/unschedule_action"): device_routes.nothing,
}
"""Handlers by method and path below the session (phone-wire.md 3.2)."""


@dataclass(frozen=True, slots=True)
class _Match:
    template: str
    params: dict[str, str]
    handler: Route


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template) + "$")


_COMPILED = [
    (method, template, _pattern(_SESSION + template), handler) for (method, template), handler in ROUTES.items()
]


class Uia2Server:
    """The HTTP server that an instrumentation runs on the phone.

    `on_stop` is called once, with the reason, when the server ends of itself.
    """

    def __init__(self, device: Device, on_stop: Callable[[str], None]) -> None:
        self.session: Session | None = None
        self._device = device
        self._on_stop = on_stop
        self._settings = SettingValues()
        self._stopped = asyncio.Event()
        self._tasks = Tasks("uia2")

    async def serve(self, stream: ByteStream) -> None:
        """Serve one connection until either side closes it or the server ends."""
        if self._stopped.is_set():
            return
        serving = self._tasks.spawn(self._serve(stream), "serve")
        ending = self._tasks.spawn(self._until_stopped(), "end")
        try:
            await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            serving.cancel()
            ending.cancel()

    def stop(self, reason: str) -> None:
        """End the server and break its connections."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._on_stop(reason)

    def charger_unplugged(self) -> None:
        """End as the real server does at that moment, unless a setting forbids it."""
        if self._settings.flag("shutdownOnPowerDisconnect"):
            self.stop("charger unplugged")

    async def _until_stopped(self) -> None:
        await self._stopped.wait()

    async def _serve(self, stream: ByteStream) -> None:
        with contextlib.suppress(StreamClosedError):
            await self._serve_requests(stream)

    async def _serve_requests(self, stream: ByteStream) -> None:
        source = BufferedStream(stream)
        while True:
            request = await http.read_request(source)
            if request is None:
                return
            reply = await self._reply(request)
            if reply is None:
                return
            await stream.write(reply)
            if not request.is_kept_alive:
                return

    async def _reply(self, request: Request) -> bytes | None:
        """Return the reply, or None when it is lost on the way."""
        path = request.path.removeprefix("/wd/hub").rstrip("/")
        if request.is_oversized:
            return http.render_oversized(is_kept=request.is_kept_alive)
        label = f"{request.method} {self._template(request.method, path)}"
        self._device.ledger.count_trip(f"http:{label}")
        faults = self._device.faults
        pause = faults.take("server_pause", label)
        if pause is not None:
            await self._device.clock.sleep(pause.params["delay_s"])
        status, value = await self._answer(request, path)
        if faults.take("reply_lost", label) is not None:
            return None
        late = faults.take("late_reply", label)
        if late is not None:
            await self._device.clock.sleep(late.params["delay_s"])
        session = self.session.id if self.session is not None else "None"
        return http.render_reply(status, value, session, is_kept=request.is_kept_alive)

    async def _answer(self, request: Request, path: str) -> tuple[int, object]:
        try:
            return 200, await self._dispatch(request.method, path, request.body)
        except CommandError as error:
            return error.status, error.as_json()

    async def _dispatch(self, method: str, path: str, raw: bytes) -> object:
        body = _json_object(raw)
        own = self._own_value(method, path, body)
        if own is not None:
            return own[0]
        named = re.match(r"^/session/([^/]+)", path)
        match = _match(method, path)
        is_deletion = method == "DELETE" and re.fullmatch(r"/session/[^/]+", path) is not None
        if named is None or (match is None and not is_deletion):
            raise unknown_command()
        if self.session is None or self.session.id != named[1]:
            raise CommandError("invalid session id", f"The session identified by {named[1]} is not known")
        if match is None:
            self._end_session(self.session)
            return None
        command = Command(self._device, self.session, path, match.params, body)
        try:
            return await match.handler(command)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise CommandError("invalid argument", f"{path}: {error}") from error

    def _own_value(self, method: str, path: str, body: dict[str, Any]) -> tuple[object] | None:
        """Answer the four commands that need no session."""
        if (method, path) == ("GET", "/status"):
            build = {"version": VERSION, "versionCode": VERSION_CODE}
            text = "UiAutomator2 Server is ready to accept commands"
            return ({"ready": True, "message": text, "build": build},)
        if (method, path) == ("GET", "/sessions"):
            return (self._sessions(),)
        if (method, path) == ("GET", "/appium/device/apps"):
            return (self._device.launchable_apps(),)
        if (method, path) == ("POST", "/session"):
            return (self._new_session(body),)
        return None

    def _sessions(self) -> list[dict[str, object]]:
        if self.session is None:
            return []
        one = self.session
        return [{"id": one.id, "sessionId": one.id, "capabilities": one.capabilities}]

    def _new_session(self, body: dict[str, Any]) -> dict[str, object]:
        capabilities = read_capabilities(body)
        apply_settings(capabilities, self._settings)
        self.session = Session(capabilities, self._settings)
        self._device.ledger.write("session.created", id=self.session.id)
        return {"sessionId": self.session.id, "capabilities": body["capabilities"]}

    def _end_session(self, session: Session) -> None:
        self._device.ledger.write("session.deleted", id=session.id)
        self.session = None
        asyncio.get_running_loop().call_later(_STOP_DELAY_S, self.stop, "deleted")

    def _template(self, method: str, path: str) -> str:
        match = _match(method, path)
        return match.template if match is not None else re.sub(r"/[0-9a-f-]{36}", "/{id}", path)


def _match(method: str, path: str) -> _Match | None:
    for wanted, template, pattern, handler in _COMPILED:
        found = pattern.match(path) if wanted == method else None
        if found is not None:
            return _Match(template or "/", found.groupdict(), handler)
    return None


def _json_object(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise CommandError("invalid argument", f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise CommandError("invalid argument", "The request body must be a JSON object")
    return body
