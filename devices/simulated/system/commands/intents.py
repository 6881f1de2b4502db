"""`am start` and its kin: read an intent, find who takes it, print what Android prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.simulated.contract import Intent, StartResult
from devices.simulated.system.call import Call
from devices.simulated.system.packages import BROWSER, LAUNCHER, PLAY_STORE
from devices.simulated.system.phone import SimulatedPhone

_MAIN = "android.intent.action.MAIN"
_HOME = "android.intent.category.HOME"
_PAIRS = ("--es", "--eu", "--ei", "--el", "--ez", "--ef", "--esn", "--eia", "--esa", "-e")
_IGNORED_WITH_VALUE = ("-f", "--display", "-P", "-R", "--windowingMode")
_WHATSAPP = ("com.whatsapp", "com.whatsapp.w4b")


@dataclass(slots=True)
class Asked:
    """An intent as the command line gave it."""

    action: str = ""
    data: str = ""
    package: str = ""
    component: str = ""
    mime_type: str = ""
    categories: list[str] = field(default_factory=list)
    extras: dict[str, str] = field(default_factory=dict)
    does_wait: bool = False
    user: str = "0"

    def as_intent(self) -> Intent:
        """Return the intent for an app."""
        return Intent(
            self.action,
            self.data,
            self.package,
            whole_component(self.component),
            self.mime_type,
            tuple(self.categories),
            dict(self.extras),
        )

    def printed(self, *, with_flags: bool = False) -> str:
        """Return the intent as `am` prints it."""
        categories = f"cat=[{','.join(self.categories)}]" if self.categories else ""
        rows = [
            f"act={self.action}" if self.action else "",
            categories,
            f"dat={self.data}" if self.data else "",
            f"typ={self.mime_type}" if self.mime_type else "",
            "flg=0x10000000" if with_flags else "",
            f"pkg={self.package}" if self.package else "",
            f"cmp={self.component}" if self.component else "",
            "(has extras)" if self.extras else "",
        ]
        return "Intent { " + " ".join(row for row in rows if row) + " }"


def whole_component(component: str) -> str:
    """Return a component with its class name in full."""
    package, slash, name = component.partition("/")
    return f"{package}/{package}{name}" if slash and name.startswith(".") else component


def read_intent(words: list[str]) -> Asked:
    """Read the arguments of `am start`."""
    asked = Asked()
    fields = {"-a": "action", "-d": "data", "-n": "component", "-p": "package", "-t": "mime_type", "--user": "user"}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word in fields and waiting:
            setattr(asked, fields[word], waiting.pop(0))
        elif word == "-c" and waiting:
            asked.categories.append(waiting.pop(0))
        elif word in _PAIRS and waiting:
            name = waiting.pop(0)
            asked.extras[name] = waiting.pop(0) if word != "--esn" and waiting else ""
        elif word in _IGNORED_WITH_VALUE and waiting:
            waiting.pop(0)
        elif word.startswith("-"):
            asked.does_wait = asked.does_wait or word == "-W"
        else:
            _take_last(asked, word)
    if not asked.action and not asked.component and asked.package and not asked.data:
        asked.action = _MAIN
        asked.categories.append("android.intent.category.LAUNCHER")
    return asked


async def start(call: Call) -> int:
    """`am start`: exit 0 for started and for both warnings."""
    asked = read_intent(call.args[1:])
    await call.say(f"Starting: {asked.printed()}\n")
    begun_s = call.phone.clock.monotonic()
    await call.spend("am_start")
    package = resolve(call.phone, asked)
    if not package:
        return await _unresolved(call, asked)
    result = call.phone.screen.start(package, asked.as_intent())
    took_ms = round((call.phone.clock.monotonic() - begun_s) * 1000)
    return await _print_result(call, asked, result, took_ms)


def resolve(phone: SimulatedPhone, asked: Asked) -> str:
    """Return the app that takes an intent, as the screen knows it, or ""; a user that is not there has none."""
    package = asked.component.partition("/")[0] or asked.package
    if package:
        user = asked.user if asked.user.isdigit() else "0"
        return phone.packages.key_for(package, int(user))
    if _HOME in asked.categories:
        return LAUNCHER
    return _resolve_data(phone, asked)


def _resolve_data(phone: SimulatedPhone, asked: Asked) -> str:
    if asked.data.startswith("market:"):
        return PLAY_STORE
    if asked.data.startswith(("whatsapp:", "https://wa.me/", "https://api.whatsapp.com/")):
        found = [name for name in _WHATSAPP if phone.packages.find(name) is not None]
        return found[0] if len(found) == 1 else ""
    return BROWSER if asked.data.startswith(("http:", "https:")) else ""


def _take_last(asked: Asked, word: str) -> None:
    if ":" in word:
        asked.data = word
    elif "/" in word:
        asked.component = word
    else:
        asked.package = word


async def _unresolved(call: Call, asked: Asked) -> int:
    if asked.component:
        return await _no_class(call, asked)
    intent = asked.printed(with_flags=True)
    await call.complain(f"Error: Activity not started, unable to resolve {intent}\n")
    return 1


async def _no_class(call: Call, asked: Asked) -> int:
    whole = whole_component(asked.component)
    await call.complain(f"Error type 3\nError: Activity class {{{whole}}} does not exist.\n")
    return 1


async def _print_result(call: Call, asked: Asked, result: StartResult, took_ms: int) -> int:
    if result.outcome == "not_found":
        return await (_no_class(call, asked) if asked.component else _unresolved(call, asked))
    if result.outcome == "denied":
        intent = asked.printed(with_flags=True)
        await call.complain(
            f"java.lang.SecurityException: Permission Denial: starting {intent} from null "
            f"(pid=12345, uid=2000) not exported from uid {call.phone.uid}\n"
        )
        return 255
    warning = _WARNINGS.get(result.outcome)
    if warning:
        await call.complain(f"Warning: Activity not started, {warning}\n")
    if asked.does_wait:
        state = "HOT" if warning else "COLD"
        await call.say(
            f"Status: ok\nLaunchState: {state}\nActivity: {result.activity}\n"
            f"TotalTime: {took_ms}\nWaitTime: {took_ms + 18}\nComplete\n"
        )
    return 0


_WARNINGS: Mapping[str, str] = {
    "brought_to_front": "its current task has been brought to the front",
    "delivered": "intent has been delivered to currently running top-most instance.",
}
