"""`pm` and `cmd`: what is installed, and installing more."""

from __future__ import annotations

from collections.abc import Mapping

from devices.simulated.system.call import Call, Program
from devices.simulated.system.packages import Package


async def pm(call: Call) -> int:
    """Run one of the package manager's commands."""
    verb = call.args[0] if call.args else ""
    program = _VERBS.get(verb)
    if program is None:
        await call.complain(f"Unknown command: {verb}\n")
        return 255
    return await program(call)


async def cmd(call: Call) -> int:
    """Hand a command to a service: package, activity, notification, statusbar, ..."""
    service, *rest = call.args or [""]
    if service == "package":
        return await pm(call.instead(["pm", *rest]))
    if service == "statusbar":
        if rest[:1] == ["expand-notifications"]:
            call.device.open_shade()
        elif rest[:1] == ["collapse"]:
            call.phone.screen.is_shade_open = False
            call.phone.screen.settle()
        return 0
    if service in _SILENT:
        return 0
    await call.complain(f"cmd: Can't find service: {service}\n")
    return 20


async def install(call: Call) -> int:
    """Install an APK from a path, or `-S N` bytes of standard input."""
    words = call.args[1:]
    if "-S" in words:
        data = await _read_exactly(call, int(words[words.index("-S") + 1]))
    else:
        path = words[-1] if words else ""
        found = call.phone.storage.read(call.path(path))
        if found is None:
            await call.complain(f"Error: failed to open file {path}: No such file or directory\n")
            return 1
        data = found
    answer = call.phone.packages.install(data)
    call.phone.record("package.installed", answer=answer, size=len(data))
    await call.say(answer + "\n")
    return 0 if answer == "Success" else 1


async def uninstall(call: Call) -> int:
    """Remove a package."""
    answer = call.phone.packages.uninstall(call.args[-1])
    await call.say(answer + "\n")
    return 0 if answer == "Success" else 1


async def list_(call: Call) -> int:
    """List packages, instrumentations, users or features."""
    kind, *words = [*call.args[1:], ""]
    if kind in ("packages", "package"):
        await call.say("".join(_package_rows(call, words)))
    elif kind == "instrumentation":
        for component, target in call.phone.packages.instrumentations():
            await call.say(f"instrumentation:{component} (target={target})\n")
    elif kind == "users":
        await call.say(
            "Users:\n"
            + "".join(
                f"\tUserInfo{{{_USERS[user > 0].format(user)}}} running\n" for user in call.phone.packages.users()
            )
        )
    return 0


async def path(call: Call) -> int:
    """Print where a package's APK is."""
    words = call.args[1:]
    user = int(words[words.index("--user") + 1]) if "--user" in words else 0
    found = call.phone.packages.find(call.args[-1])
    if found is None or not call.phone.packages.is_for(found.name, user):
        return 1
    await call.say(f"package:{found.path}\n")
    return 0


async def resolve_activity(call: Call) -> int:
    """Print the activity that an intent would start; knows a package as last word."""
    name = call.args[-1]
    app = call.phone.screen.apps.get(name)
    if app is None or call.phone.packages.find(name) is None:
        await call.say("No activity found\n")
        return 0
    activity = f"{name}/com.whatsapp.Main" if name.startswith("com.whatsapp") else app.activity()
    facts = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true"
    await call.say(f"{facts}\n{activity}\n")
    return 0


async def clear(call: Call) -> int:
    """Clear a package's data: it is only stopped here."""
    call.phone.stop_package(call.args[-1])
    await call.say("Success\n")
    return 0


async def nothing(_: Call) -> int:
    """Do nothing, as commands do whose work nobody sees."""
    return 0


def _package_rows(call: Call, words: list[str]) -> list[str]:
    wanted = next((word for word in words if word and not word.startswith("-")), "")
    rows = []
    for package in call.phone.packages.all():
        if wanted not in package.name or not _is_listed(package, words):
            continue
        shown = f"{package.path}={package.name}" if "-f" in words else package.name
        code = f" versionCode:{package.facts.version_code}" if "--show-versioncode" in words else ""
        uid = f" uid:{package.uid}" if "-U" in words else ""
        rows.append(f"package:{shown}{code}{uid}\n")
    return rows


def _is_listed(package: Package, words: list[str]) -> bool:
    if "-3" in words:
        return not package.is_system
    return package.is_system if "-s" in words else True


async def _read_exactly(call: Call, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = await call.source.read()
        if not piece:
            break
        data += piece
    return bytes(data)


_VERBS: Mapping[str, Program] = {
    "install": install,
    "uninstall": uninstall,
    "list": list_,
    "path": path,
    "resolve-activity": resolve_activity,
    "clear": clear,
    "grant": nothing,
    "revoke": nothing,
    "enable": nothing,
    "disable-user": nothing,
    "compile": nothing,
}
_USERS = ("{}:Eigenaar:c13", "{}:Work profile:1030")
"""The form is Android's own; names and flags are *invented*."""
_SILENT = ("notification", "appops", "deviceidle", "activity", "uimode", "wifi", "power", "lock_settings")

PROGRAMS: Mapping[str, Program] = {"pm": pm, "cmd": cmd}
"""Commands of this family by their words."""
