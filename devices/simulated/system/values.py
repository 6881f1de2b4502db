"""The phone's first settings and properties; names are Android's, most values are invented."""

from __future__ import annotations

from devices.simulated.system.spec import PhoneSpec

Settings = dict[tuple[str, str], str]


def first_settings(spec: PhoneSpec) -> Settings:
    """Return settings by namespace and name."""
    return {
        ("system", "time_12_24"): "24" if spec.is_24h else "12",
        ("system", "screen_off_timeout"): "600000",
        ("system", "font_scale"): "1.0",
        ("system", "accelerometer_rotation"): "0",
        ("system", "screen_brightness"): "120",
        ("system", "system_locales"): spec.language_tag,
        ("secure", "android_id"): f"{abs(hash_of(spec.serial)):016x}"[:16],
        ("secure", "default_input_method"): "com.samsung.android.honeyboard/.service.HoneyBoardIME",
        ("secure", "enabled_notification_listeners"): "",
        ("secure", "lock_screen_show_notifications"): "1",
        ("global", "device_name"): spec.model,
        ("global", "adb_enabled"): "1",
        ("global", "stay_on_while_plugged_in"): "7",
        ("global", "window_animation_scale"): "1.0",
        ("global", "transition_animation_scale"): "1.0",
        ("global", "animator_duration_scale"): "1.0",
        ("global", "airplane_mode_on"): "0",
        ("global", "wifi_on"): "1",
        ("global", "auto_time"): "1",
    }


def first_properties(spec: PhoneSpec) -> dict[str, str]:
    """Return the system's properties; one value spans lines, as on real phones."""
    build = f"TP1A.220624.014.{spec.model}XXS1"
    fingerprint = f"{spec.brand}/{spec.product}/{spec.device}:{spec.release}/{build}:user/release-keys"
    return {
        "gsm.operator.alpha": "Proef,",
        "gsm.sim.state": "LOADED,ABSENT",
        "init.svc.bootanim": "stopped",
        "persist.sys.boot.reason.history": "reboot,1656801447\nreboot,userrequested,1656800747",
        "persist.sys.locale": spec.language_tag,
        "persist.sys.timezone": spec.timezone,
        "ro.boot.serialno": spec.serial,
        "ro.build.characteristics": "phone",
        "ro.build.display.id": build,
        "ro.build.fingerprint": fingerprint,
        "ro.build.version.release": spec.release,
        "ro.build.version.sdk": str(spec.sdk),
        "ro.build.version.security_patch": "2026-08-01",
        "ro.product.brand": spec.brand,
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.device": spec.device,
        "ro.product.locale": "en-GB",
        "ro.product.manufacturer": spec.brand,
        "ro.product.model": spec.model,
        "ro.product.name": spec.product,
        "ro.serialno": spec.serial,
        "service.adb.tcp.port": "",
        "sys.boot_completed": "1",
        "sys.usb.state": "mtp,adb",
    }


def hash_of(text: str) -> int:
    """Return a number that stays the same for a text."""
    return int.from_bytes(text.encode()[:7].ljust(8, b"\x5a"), "big")
