"""What is spoilt: small made-up samples of each format, and captured ones where they lie beside the checkout."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache

from devices.simulated.shelf import Handset, make_whatsapp
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.uia2.source import dump_appium
from tests.conftest import SHARED

BATTERY = b"""Current Battery Service state:
  AC powered: false
  USB powered: true
  status: 2
  level: 87
  scale: 100
  temperature: 304
"""
HEALTH = b"""IsStatusOverride: false
Thermal Status: 0
  Temperature{mValue=31.5, mType=3, mName=SKIN, mStatus=0}
mWakefulness=Awake
  isKeyguardShowing=false
  mFocusedApp=ActivityRecord{1f u0 com.whatsapp.w4b/.Main t12}
Filesystem 1K-blocks Used Available Use% Mounted on
/dev/fuse 112000000 56000000 55000000 51% /storage
Wi-Fi is enabled
mWifiInfo SSID: "x", RSSI: -58, Link speed
Active default network: 101
 mSignalStrength level=3
Package [com.whatsapp.w4b] (1a):
    versionName=2.26.38.73
[ro.product.model]: [Example]
[ro.build.version.sdk]: [34]
"""
EXITS = b"""  ApplicationExitInfo #0:
    timestamp=2026-08-18 22:10:11.123 pid=1 process=com.whatsapp.w4b reason=4 (CRASH) subreason=0 (UNKNOWN) status=0
    description=crash state=empty trace=null
"""
EVENTS = b"""08-18 22:00:01.000  1  2 I notification_enqueue: [10123,77,com.whatsapp.w4b,1,tag,0,Notification(),0]
08-18 22:00:02.000  1  2 I notification_canceled: [0|com.whatsapp.w4b|1|null|10123,8,0,0,0]
08-18 22:00:03.000  1  2 I am_crash: [77,0,com.whatsapp.w4b,1,java.lang.X,text,File,3]
"""
NOTIFICATION = b"""  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=com.whatsapp.w4b user=UserHandle{0} id=1 tag=x importance=4 key=0|com.whatsapp.w4b|1|x|10123: Notification(channel=c shortcut=31600000001@s.whatsapp.net flags=0x8))
      key=0|com.whatsapp.w4b|1|x|10123
      tickerText=Otto
      extras={
        android.title=String (Otto)
        android.template=String (android.app.Notification$MessagingStyle)
        android.messages=Parcelable[] (2)
          [0] Bundle[{extras=Bundle[{}], sender=Otto, text=hello, are you there?, time=1787090400000}]
          [1] Bundle[{time=1787090460000, type=null, text=ok, sender_person=android.app.Person@1f, sender=Otto}]
      }
  mArchive:
"""  # noqa: E501
OUTPUTS = b"""Starting: Intent { act=android.intent.action.VIEW dat=https://wa.me/... }
Status: ok
LaunchState: WARM
Activity: com.whatsapp.w4b/.Conversation
TotalTime: 90
UI hierchary dumped to: /sdcard/w.xml
ERROR: could not get idle state.
List of devices attached
EXAMPLE1\tdevice
192.0.2.1:5555\toffline

error: device unauthorized.
"""
SETTINGS = b"""adb_port = 15037
adb_usb = true
language = "nl"
undo_s = 4.5
enter_sends = false
"""
LINES = """22:37
10:52 PM
18.08.26
YESTERDAY
15 de abril de 2026
2026\u5e744\u670815\u65e5
\u4e0b\u53483:05
\u0661\u0662:\u0663\u0664
""".encode()


@cache
def sources() -> tuple[bytes, ...]:
    """Return page sources of simulated phones in several languages, and captured ones."""
    made = []
    for locale in ("en", "nl", "pt-BR"):
        handset = Handset(PhoneSpec(locale=locale), make_whatsapp)
        chats = handset.control("fill", {"chats": 5, "messages": 14})
        assert isinstance(chats, list)
        handset.control("bring", {"package": "com.whatsapp.w4b"})
        for verb in ("go_home", "open_chat"):
            handset.control(verb, {"chat": chats[0]})
            made.append(dump_appium(handset.phone.screen.windows(), handset.phone.display).encode())
    return (*made, *captured("screens", "*.xml"))


def notifications() -> tuple[bytes, ...]:
    """Return dumps of notifications."""
    return (NOTIFICATION, NOTIFICATION.replace(b"\n", b"\r\n"), *captured("notifications", "*.txt"))


def health() -> tuple[bytes, ...]:
    """Return what health commands print."""
    return (BATTERY, HEALTH, EXITS, *captured("health", "*.txt"), *captured("events", "exit*.txt"))


def events() -> tuple[bytes, ...]:
    """Return event logs."""
    return (EVENTS, *captured("events", "events*.txt"))


def outputs() -> tuple[bytes, ...]:
    """Return what adb and its commands print."""
    return (OUTPUTS, b"EXAMPLE1\tdevice\n192.0.2.1:5555\toffline\n", *captured("adb", "*.txt"))


def wire() -> tuple[bytes, ...]:
    """Return what an adb server answers to a shell command, after the handshake."""
    frames = b"".join(struct.pack("<BI", kind, len(body)) + body for kind, body in _FRAMES)
    handshake = b"OKAYOKAY"
    return (handshake + frames, b"OKAYFAIL0006closed", b"FAIL0011device 'x' not found", handshake + frames[:7])


_FRAMES = ((1, b"some text\n"), (2, b"warning\n"), (1, b"\xf0\x9f\x91\x8d more\n"), (3, b"\x00"))


def captured(folder: str, pattern: str) -> Iterable[bytes]:
    """Return files of real phones, none where they are not there."""
    return tuple(path.read_bytes() for path in sorted((SHARED / folder).glob(pattern)))
