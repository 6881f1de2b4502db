"""Commands every shell has, and the small ones of Android: time, users, processes, properties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from devices.simulated.system.call import Call, Program
from devices.simulated.system.packages import UIA2_SERVER
from devices.simulated.system.phone import SimulatedPhone


async def true(_: Call) -> int:
    """Succeed."""
    return 0


async def false(_: Call) -> int:
    """Fail."""
    return 1


async def sleep(call: Call) -> int:
    """Wait some seconds of the phone's clock."""
    await call.phone.clock.sleep(float(call.args[0]) if call.args else 0.0)
    return 0


async def identity(call: Call) -> int:
    """Print who the shell is."""
    if "-u" in call.args:
        await call.say("2000\n")
    else:
        groups = "1004(input),1007(log),3003(inet),9997(everybody)"
        await call.say(f"uid=2000(shell) gid=2000(shell) groups=2000(shell),{groups}\n")
    return 0


async def whoami(call: Call) -> int:
    """Print the shell's user."""
    await call.say("shell\n")
    return 0


async def date(call: Call) -> int:
    """Print the phone's time, by a `+FORMAT` or as toybox does."""
    now = call.phone.now()
    form = next((word[1:] for word in call.args if word.startswith("+")), None)
    if form is None:
        form = "%a %b %e %H:%M:%S %Z %Y"
    await call.say(_stamp(now, form) + "\n")
    return 0


async def getprop(call: Call) -> int:
    """Print one property, or all of them; a value may span lines."""
    properties = call.phone.properties
    if call.args:
        default = call.args[1] if len(call.args) > 1 else ""
        await call.say(properties.get(call.args[0], default) + "\n")
    else:
        rows = (f"[{name}]: [{properties[name]}]\n" for name in sorted(properties))
        await call.say("".join(rows))
    return 0


async def setprop(call: Call) -> int:
    """Set a property; those of the build are refused."""
    if len(call.args) < 2:
        await call.complain("setprop: Needs 2 arguments\n")
        return 1
    name, value = call.args[:2]
    if name.startswith("ro."):
        await call.complain(f"Failed to set property '{name}' to '{value}'.\n")
        return 1
    call.phone.properties[name] = value
    return 0


async def settings(call: Call) -> int:
    """Get, put, delete or list settings by namespace."""
    verb, namespace, *rest = [*call.args, "", ""][: max(3, len(call.args))]
    values = call.phone.settings
    if verb == "get":
        await call.say(values.get((namespace, rest[0]), "null") + "\n")
    elif verb == "put":
        values[namespace, rest[0]] = rest[1] if len(rest) > 1 else ""
        _take_over(call.phone, rest[0], values[namespace, rest[0]])
    elif verb == "delete":
        was_there = values.pop((namespace, rest[0]), None) is not None
        await call.say(f"Deleted {int(was_there)} rows\n")
    elif verb == "list":
        rows = sorted(f"{name}={value}\n" for (where, name), value in values.items() if where == namespace)
        await call.say("".join(rows))
    else:
        await call.complain("Settings provider (settings) commands:\n")
        return 255
    return 0


async def ps(call: Call) -> int:
    """Print the processes: the apps' and the system's."""
    if "--help" in call.args:
        await call.complain("usage: ps [-AadefLlnwZ] [-gG GROUP,] [-k FIELD,] [-o FIELD,]\n")
        return 0
    rows = ["USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME"]
    for pid, name in sorted(processes(call.phone).items()):
        rows.append(f"u0_a240      {pid:5d}   612 17654320 210344 0                   0 S {name}")
    await call.say("\n".join(rows) + "\n")
    return 0


async def pidof(call: Call) -> int:
    """Print the process ids of a name."""
    found = [str(pid) for pid, name in processes(call.phone).items() if name in call.args]
    if found:
        await call.say(" ".join(found) + "\n")
    return 0 if found else 1


async def kill(call: Call) -> int:
    """End a process by its id or, as `pkill` and `killall`, its name."""
    wanted = {word for word in call.args if not word.startswith("-")}
    hit = False
    for pid, name in processes(call.phone).items():
        if str(pid) in wanted or name in wanted:
            hit = True
            call.phone.stop_package(name)
    if not hit:
        await call.complain(f"/system/bin/sh: {call.name}: No such process\n")
    return 0 if hit else 1


async def wm(call: Call) -> int:
    """Print or change size and density; dismiss the keyguard."""
    phone, words = call.phone, [*call.args, "", ""]
    if words[0] == "size":
        await _size(call, words[1])
    elif words[0] == "density":
        if words[1]:
            phone.density = phone.spec.density if words[1] == "reset" else int(words[1])
            phone.changed()
        else:
            await call.say(f"Physical density: {phone.spec.density}\n")
            if phone.density != phone.spec.density:
                await call.say(f"Override density: {phone.density}\n")
    elif words[0] == "dismiss-keyguard":
        phone.screen.dismiss_keyguard()
    else:
        await call.complain("Window manager (window) commands:\n")
        return 255
    return 0


async def uptime(call: Call) -> int:
    """Print an uptime, which is invented."""
    await call.say(f" {call.phone.now():%H:%M:%S} up 3 days,  2:11,  0 users\n")
    return 0


async def svc(call: Call) -> int:
    """Switch Wi-Fi and the like; only Wi-Fi has an effect."""
    if call.args[:1] == ["wifi"]:
        call.phone.vitals.has_wifi = call.args[1:2] == ["enable"]
    return 0


async def ime(call: Call) -> int:
    """Choose input methods."""
    if call.args[:1] == ["set"]:
        call.phone.settings["secure", "default_input_method"] = call.args[1]
    if call.args[:1] == ["list"]:
        await call.say(call.phone.settings["secure", "default_input_method"] + "\n")
    return 0


async def reboot(call: Call) -> int:
    """Restart the phone."""
    call.phone.faults.strike("reboot")
    return 0


async def monkey(call: Call) -> int:
    """Start an app by its launcher activity, as `monkey -p P -c LAUNCHER 1`."""
    words = call.args
    package = words[words.index("-p") + 1] if "-p" in words else ""
    if call.phone.packages.find(package) is None:
        await call.complain("** No activities found to run, monkey aborted.\n")
        return 252
    call.phone.screen.bring(package)
    await call.say("Events injected: 1\n## Network stats: elapsed time=11ms\n")
    return 0


def processes(phone: SimulatedPhone) -> dict[int, str]:
    """Return the running processes: id and name."""
    found = {1: "init", 612: "zygote64", 1144: "system_server", 1890: "com.android.systemui"}
    for package in (phone.spec.app_package, phone.screen.front, *phone.running_services):
        if phone.packages.find(package) is not None:
            found[phone.pid_of(package)] = package
    running = phone.instrumentation
    if running is not None and running.is_running:
        found[phone.pid_of(running.target)] = UIA2_SERVER
    return found


async def _size(call: Call, wish: str) -> None:
    phone = call.phone
    if wish:
        match = re.fullmatch(r"(\d+)x(\d+)", wish)
        phone.display = (int(match[1]), int(match[2])) if match else phone.spec.display
        phone.changed()
        return
    width, height = phone.spec.display
    await call.say(f"Physical size: {width}x{height}\n")
    if phone.display != phone.spec.display:
        await call.say(f"Override size: {phone.display[0]}x{phone.display[1]}\n")


def _take_over(phone: SimulatedPhone, name: str, value: str) -> None:
    if name == "time_12_24":
        phone.is_24h = value != "12"


def _stamp(at: datetime, form: str) -> str:
    form = form.replace("%s", str(int(at.timestamp()))).replace("%3N", f"{at.microsecond // 1000:03d}")
    form = form.replace("%N", f"{at.microsecond * 1000:09d}")
    return at.strftime(form)


PROGRAMS: Mapping[str, Program] = {
    "true": true,
    ":": true,
    "false": false,
    "sleep": sleep,
    "id": identity,
    "whoami": whoami,
    "date": date,
    "getprop": getprop,
    "setprop": setprop,
    "settings": settings,
    "ps": ps,
    "pidof": pidof,
    "kill": kill,
    "pkill": kill,
    "killall": kill,
    "wm": wm,
    "uptime": uptime,
    "svc": svc,
    "ime": ime,
    "appops": true,
    "chmod": true,
    "sync": true,
    "locksettings": true,
    "reboot": reboot,
    "monkey": monkey,
}
"""Commands of this family by their words."""
