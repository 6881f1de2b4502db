"""`dumpsys`: what the system's services tell; figures that no capture gave are invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.simulated.system.call import Call, Program
from devices.simulated.system.commands.basics import processes
from devices.simulated.system.notification_dump import NotificationDump
from devices.simulated.system.packages import Package
from devices.simulated.system.phone import SimulatedPhone

Printer = Callable[[SimulatedPhone, list[str]], str]

_NO_VALUE = 2147483647


async def dumpsys(call: Call) -> int:
    """Print a service's state."""
    words = [word for word in call.args if word not in ("-t", "--pid")]
    while words and words[0].isdigit():
        words.pop(0)
    if not words or words == ["-l"]:
        await call.say("Currently running services:\n" + "".join(f"  {n}\n" for n in sorted(_SERVICES)))
        return 0
    printer = _SERVICES.get(words[0])
    if printer is None:
        await call.complain(f"Can't find service: {words[0]}\n")
        return 0
    if words[0] == "notification":
        await call.spend("dumpsys_notification")
    elif words[0] == "window":
        await call.spend("dumpsys_window")
    await call.say(printer(call.phone, words[1:]))
    return 0


def _battery(phone: SimulatedPhone, _: list[str]) -> str:
    vitals = phone.vitals
    plugged = "true" if vitals.is_plugged else "false"
    samsung = (
        " Time when the latest updated value of the voltage was sent via battery changed "
        "broadcast: 0\n  batteryMiscEvent: 65536\n  batteryCurrentEvent: 0\n"
        if phone.spec.brand == "samsung"
        else ""
    )
    return (
        "Current Battery Service state:\n"
        f"  AC powered: false\n  USB powered: {plugged}\n  Wireless powered: false\n"
        "  Dock powered: false\n  Max charging current: 0\n  Max charging voltage: 0\n"
        f"  Charge counter: 3719506\n  status: {vitals.status}\n  health: 2\n  present: true\n"
        f"  level: {vitals.battery}\n  scale: 100\n  voltage: {vitals.voltage}\n"
        f"  temperature: {vitals.tenths_celsius}\n  technology: Li-ion\n{samsung}"
    )


def _thermal(phone: SimulatedPhone, _: list[str]) -> str:
    vitals = phone.vitals
    battery = vitals.tenths_celsius / 10
    rows = [("0.0", 2, "SUBBAT"), (f"{battery + 3:.1f}", 0, "AP"), (f"{battery}", 2, "BAT")]
    rows.append((f"{battery + 1:.1f}", 3, "SKIN"))
    listed = "".join(
        f"\tTemperature{{mValue={value}, mType={kind}, mName={name}, "
        f"mStatus={vitals.thermal_status if name == 'SKIN' else 0}}}\n"
        for value, kind, name in rows
    )
    return (
        f"IsStatusOverride: false\nThermal Status: {vitals.thermal_status}\n"
        f"Cached temperatures:\n{listed}HAL Ready: true\n"
        f"Current temperatures from HAL:\n{listed}Current cooling devices from HAL:\n"
    )


def _power(phone: SimulatedPhone, _: list[str]) -> str:
    is_on = phone.screen.is_on
    return (
        "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n"
        f"  mWakefulness={'Awake' if is_on else 'Asleep'}\n  mWakefulnessChanging=false\n"
        f"  mIsPowered={'true' if phone.vitals.is_plugged else 'false'}\n"
        f"  mBatteryLevel={phone.vitals.battery}\n"
        f"  mStayOn=true\n  mHoldingDisplaySuspendBlocker={'true' if is_on else 'false'}\n"
        f"Display Power: state={'ON' if is_on else 'OFF'}\n"
    )


def _window(phone: SimulatedPhone, _: list[str]) -> str:
    screen = phone.screen
    is_guarded = screen.is_locked or not screen.is_on
    guarded = "true" if is_guarded else "false"
    app = screen.front_app
    activity = app.activity() if app is not None else ""
    user = phone.packages.user_of(screen.front)
    width, height = phone.display
    return (
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n"
        f"  Display: mDisplayId=0\n    init={width}x{height} {phone.density}dpi "
        f"cur={width}x{height} app={width}x{height - phone.navigation_bar}\n"
        f"  mCurrentFocus={phone.focus.shown(user)}\n"
        f"  mFocusedApp=ActivityRecord{{1b1b769 u{user} {activity} t546 d0}}\n"
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n"
        f"    mDreamingLockscreen={guarded}\n    isKeyguardShowing={guarded}\n"
        f"    mShowingLockscreen={guarded} mScreenOnFully={'true' if screen.is_on else 'false'}\n"
        f"    KeyguardServiceDelegate\n      showing={guarded}\n      inputRestricted={guarded}\n"
        f"    mAwake={'true' if screen.is_on else 'false'}\n"
        f"    mTopFullscreenOpaqueWindowState=Window{{3939374 u{user} {activity}}}\n"
    )


def _trust(phone: SimulatedPhone, _: list[str]) -> str:
    is_locked = phone.screen.is_locked and bool(phone.screen.pin)
    return (
        'Trust manager state:\n User "Eigenaar" (id=0, flags=0x13) (current): trusted=0, '
        f"trustManaged=0, deviceLocked={int(is_locked)}, strongAuthRequired=0x0\n"
    )


def _wifi(phone: SimulatedPhone, _: list[str]) -> str:
    vitals = phone.vitals
    name = "Wifi" if phone.spec.sdk >= 33 else "Wi-Fi"
    if not vitals.has_wifi:
        return f"{name} is disabled\n"
    address = "BSSID: 02:00:00:00:00:01"
    if phone.spec.sdk < 33:
        return (
            f"{name} is enabled\nmWifiInfo SSID: {vitals.ssid}, {address}, Supplicant state: "
            f"COMPLETED, RSSI: {vitals.rssi}, Link speed: {vitals.link_mbps}Mbps\n"
        )
    return (
        f'{name} is enabled\nWifi is connected to "{vitals.ssid}"\n'
        f'WifiInfo: SSID: "{vitals.ssid}", {address}, RSSI: {vitals.rssi}, '
        f"Link speed: {vitals.link_mbps}Mbps, Frequency: 5220MHz\n"
    )


def _connectivity(phone: SimulatedPhone, _: list[str]) -> str:
    is_up = phone.vitals.has_wifi and phone.faults.active("wifi_off") is None
    if not is_up:
        return "Active default network: none\n\nCurrent Networks:\n"
    return (
        "Active default network: 602\n\nCurrent Networks:\n"
        "  NetworkAgentInfo{network{602}  handle{2585562193933}  ni{WIFI CONNECTED} "
        "everValidated{true}  lastValidated{true}  created{...} "
        "nc{[ Transports: WIFI Capabilities: INTERNET&NOT_METERED&TRUSTED&VALIDATED ]}}\n"
    )


def _telephony(phone: SimulatedPhone, _: list[str]) -> str:
    level = phone.vitals.signal_level
    cdma = f"cdmaDbm={_NO_VALUE} cdmaEcio={_NO_VALUE} evdoDbm={_NO_VALUE}"
    strength = (
        f"SignalStrength:{{mCdma=CellSignalStrengthCdma: {cdma} level=0,"
        f"mLte=CellSignalStrengthLte: rssi=-51 rsrp=-95 rsrq=-11 rssnr=12 cqi={_NO_VALUE} "
        f"ta={_NO_VALUE} level={level} parametersUseForLevel=0,primary=CellSignalStrengthLte}}"
    )
    return f"last known state:\n  Phone Id=0\n    mServiceState={{mVoiceRegState=0}}\n    mSignalStrength={strength}\n"


def _input_method(phone: SimulatedPhone, _: list[str]) -> str:
    shown = "true" if phone.screen.has_keyboard else "false"
    method = phone.settings["secure", "default_input_method"]
    return (
        "Current Input Method Manager state:\n"
        f"  mCurMethodId={method}\n  mShowRequested={shown} mInputShown={shown}\n"
        f"  Input method service state:\n    mIsInputViewShown={shown}\n"
    )


def _activity(phone: SimulatedPhone, words: list[str]) -> str:
    kind = words[0] if words else ""
    package = words[1] if len(words) > 1 else ""
    app = phone.screen.front_app
    record = f"ActivityRecord{{1b1b769 u0 {app.activity() if app is not None else ''} t546}}"
    if kind == "services":
        return _services(phone, package)
    if kind == "exit-info":
        return "ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\n"
    if kind == "top":
        return f"TASK 10240:{phone.screen.front} id=546 userId=0\n  ACTIVITY {record}\n"
    return (
        "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\n"
        f"  topResumedActivity={record}\n  ResumedActivity: {record}\n"
        f"    mResumedActivity: {record}\n  mLastPausedActivity: null\n"
    )


def _services(phone: SimulatedPhone, package: str) -> str:
    head = "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n"
    running = [name for name in sorted(phone.running_services) if package in name]
    if not running:
        return head + "  (nothing)\n"
    rows = "".join(
        f"  * ServiceRecord{{5d2a u0 {name}/.ForegroundService}}\n    isForeground=true foregroundId=1\n"
        for name in running
    )
    return head + rows


def _package(phone: SimulatedPhone, words: list[str]) -> str:
    names = [word for word in words if not word.startswith("-")]
    found = [phone.packages.find(name) for name in names] if names else phone.packages.all()
    rows = []
    for name, package in zip(names or [""] * len(found), found, strict=True):
        if package is None:
            rows.append(f"Unable to find package: {name}\n")
            continue
        facts, updated = package.facts, package.updated_at
        rows.append(
            f"Packages:\n  Package [{package.name}] ({package.uid * 7919:07x}):\n"
            f"    userId={package.uid}\n    codePath={package.path.rpartition('/')[0]}\n"
            f"    versionCode={facts.version_code} minSdk={package.min_sdk} "
            f"targetSdk={package.target_sdk}\n    versionName={facts.version_name}\n"
            f"    lastUpdateTime={updated:%Y-%m-%d %H:%M:%S}\n"
            + "".join(_of_user(phone, package, user) for user in phone.packages.users())
        )
    return "".join(rows)


def _of_user(phone: SimulatedPhone, package: Package, user: int) -> str:
    has = "true" if phone.packages.is_for(package.name, user) else "false"
    return (
        f"    User {user}: ceDataInode=1 installed={has} hidden=false suspended=false stopped=false\n"
        f"      firstInstallTime={package.installed_at:%Y-%m-%d %H:%M:%S}\n"
    )


def _deviceidle(phone: SimulatedPhone, words: list[str]) -> str:
    if words[:1] != ["whitelist"]:
        return "  Settings:\n    light_idle_to=+5m0s0ms\n  mState=ACTIVE\n"
    rows = []
    for word in words[1:]:
        if word.startswith("+"):
            phone.packages.whitelist.add(word[1:])
            rows.append(f"Added: {word[1:]}\n")
        elif word.startswith("-"):
            phone.packages.whitelist.discard(word[1:])
            rows.append(f"Removed: {word[1:]}\n")
    if not words[1:]:
        rows = [f"user,{name},10240\n" for name in sorted(phone.packages.whitelist)]
    return "".join(rows)


def _notification(phone: SimulatedPhone, words: list[str]) -> str:
    dump = NotificationDump(phone.spec.dump_form, is_redacted="--noredact" not in words)
    return dump.print(phone.notices.on_show(), phone.now())


def _meminfo(phone: SimulatedPhone, words: list[str]) -> str:
    name = words[0] if words else phone.spec.app_package
    running = {one: pid for pid, one in processes(phone).items()}
    if name not in running:
        return f"No process found for: {name}\n"
    head = f"** MEMINFO in pid {running[name]} [{name}] **\n"
    return head + "           TOTAL PSS:   214380            TOTAL RSS:   301240\n"


def _display(phone: SimulatedPhone, _: list[str]) -> str:
    width, height = phone.display
    state = "ON" if phone.screen.is_on else "OFF"
    return (
        f"DISPLAY MANAGER (dumpsys display)\n  mGlobalDisplayState={state}\n"
        f'    mOverrideDisplayInfo=DisplayInfo{{"Built-in Screen", displayId 0, real {width} x {height}, '
        f"rotation {phone.rotation}, density {phone.density}}}\n"
        "  DisplayViewport{type=INTERNAL, valid=true, isActive=true, displayId=0, "
        f"orientation={phone.rotation}, deviceWidth={width}, deviceHeight={height}}}\n"
    )


def _account(phone: SimulatedPhone, _: list[str]) -> str:
    kind = phone.spec.app_package
    return f"User UserInfo{{0:Eigenaar:c13}}:\n  Accounts: 1\n    Account {{name=WhatsApp, type={kind}}}\n"


_SERVICES: Mapping[str, Printer] = {
    "account": _account,
    "activity": _activity,
    "battery": _battery,
    "connectivity": _connectivity,
    "deviceidle": _deviceidle,
    "display": _display,
    "input_method": _input_method,
    "meminfo": _meminfo,
    "notification": _notification,
    "package": _package,
    "power": _power,
    "telephony.registry": _telephony,
    "thermalservice": _thermal,
    "trust": _trust,
    "wifi": _wifi,
    "window": _window,
}

PROGRAMS: Mapping[str, Program] = {"dumpsys": dumpsys}
"""Commands of this family by their words."""
