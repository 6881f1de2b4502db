"""`am`: activities, instrumentations, broadcasts and the end of packages."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from devices.simulated.system.call import Call, Program
from devices.simulated.system.commands import intents
from devices.simulated.system.instrument import CRASHED, TEST_CLASS, Instrumentation
from devices.simulated.system.packages import APPIUM_SETTINGS

_WITH_VALUE = ("--user", "--abi")


async def am(call: Call) -> int:
    """Run one of the activity manager's commands."""
    verb = call.args[0] if call.args else ""
    program = _VERBS.get(verb)
    if program is None:
        await call.complain(f"Unknown command: {verb}\n")
        return 255
    return await program(call)


async def force_stop(call: Call) -> int:
    """Stop packages."""
    package = _component(call.args[1:])
    if package:
        call.phone.stop_package(package)
    return 0


async def broadcast(call: Call) -> int:
    """Send a broadcast; the clipboard of Appium's own app is answered."""
    asked = intents.read_intent(call.args[1:])
    await call.say(f"Broadcasting: {asked.printed(with_flags=True)}\n")
    if asked.action == f"{APPIUM_SETTINGS}.clipboard.get":
        data = base64.b64encode(call.phone.clipboard.encode()).decode()
        await call.say(f'Broadcast completed: result=-1, data="{data}"\n')
    else:
        is_answered = asked.action.startswith(APPIUM_SETTINGS)
        await call.say(f"Broadcast completed: result={-1 if is_answered else 0}\n")
    return 0


async def start_service(call: Call) -> int:
    """Start a service; it counts as running in the foreground."""
    asked = intents.read_intent(call.args[1:])
    call.phone.running_services.add(asked.component.partition("/")[0] or asked.package)
    await call.say(f"Starting service: {asked.printed()}\n")
    return 0


async def start(call: Call) -> int:
    """Start an activity; Appium's own app starts its service and leaves the screen alone."""
    front = call.phone.screen.front
    code = await intents.start(call)
    if call.phone.screen.front == APPIUM_SETTINGS:
        call.phone.running_services.add(APPIUM_SETTINGS)
        call.phone.screen.bring(front)
    return code


async def instrument(call: Call) -> int:
    """Run an instrumentation and wait for its end; the end of the pipe ends it."""
    component = _component(call.args[1:])
    installed = dict(call.phone.packages.instrumentations())
    if component not in installed:
        await call.complain(
            f"android.util.AndroidException: INSTRUMENTATION_FAILED: {component}\nINSTRUMENTATION_FAILED: {component}\n"
        )
        return 1
    target = installed[component]
    if call.phone.packages.find(target) is None:
        await call.say(f"INSTRUMENTATION_FAILED: {component}\n")
        return 1
    return await _run(call, component, target)


async def current_user(call: Call) -> int:
    """Print the current user."""
    await call.say("0\n")
    return 0


async def nothing(_: Call) -> int:
    """Do nothing, as commands do whose work nobody sees."""
    return 0


async def _run(call: Call, component: str, target: str) -> int:
    phone = call.phone
    if phone.instrumentation is not None and phone.instrumentation.is_running:
        phone.instrumentation.end(CRASHED)
    await call.spend("server_start")
    if phone.faults.active("uiautomation_held") is not None:
        await call.say(_held())
        return 0
    begun_s = phone.clock.monotonic()
    running = phone.instrumentation = Instrumentation(component, target, call.device)
    phone.record("instrumentation.started", component=component)
    try:
        await call.say(f"\n{TEST_CLASS}:")
        reason = await running.wait()
    finally:
        running.end("stream closed")
        phone.record("instrumentation.ended", reason=running.reason)
    if reason == CRASHED:
        await call.say("INSTRUMENTATION_RESULT: shortMsg=Process crashed.\nINSTRUMENTATION_CODE: 0\n")
    else:
        seconds = round(phone.clock.monotonic() - begun_s, 3)
        await call.say(f".\n\nTime: {seconds}\n\nOK (1 test)\n\n\n")
    return 0


def _held() -> str:
    proxy = "android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy@4e3c1a"
    error = "java.lang.IllegalStateException"
    return (
        f"INSTRUMENTATION_RESULT: shortMsg={error}\n"
        f"INSTRUMENTATION_RESULT: longMsg={error}: UiAutomationService {proxy} "
        "already registered!\nINSTRUMENTATION_CODE: 0\n"
    )


def _component(words: list[str]) -> str:
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "-e":
            del waiting[:2]
        elif word in _WITH_VALUE:
            del waiting[:1]
        elif not word.startswith("-"):
            return word
    return ""


_VERBS: Mapping[str, Program] = {
    "start": start,
    "start-activity": start,
    "startservice": start_service,
    "start-service": start_service,
    "start-foreground-service": start_service,
    "stopservice": nothing,
    "force-stop": force_stop,
    "kill": nothing,
    "broadcast": broadcast,
    "instrument": instrument,
    "get-current-user": current_user,
    "wait-for-broadcast-idle": nothing,
}

PROGRAMS: Mapping[str, Program] = {"am": am}
"""Commands of this family by their words."""
