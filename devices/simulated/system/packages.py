"""The apps installed on the phone, as the package manager knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from devices.simulated.system.apk import ApkFacts, read_apk
from devices.simulated.system.spec import PhoneSpec

LAUNCHER = "com.sec.android.app.launcher"
PLAY_STORE = "com.android.vending"
BROWSER = "com.android.chrome"
SYSTEM_UI = "com.android.systemui"
KEYBOARD = "com.samsung.android.honeyboard"
APPIUM_SETTINGS = "io.appium.settings"
UIA2_SERVER = "io.appium.uiautomator2.server"

_FIRST_UID = 10240
_UIDS_OF_A_USER = 100_000
"""Android's own number (UserHandle.PER_USER_RANGE)."""
OWNER = 0


@dataclass(frozen=True, slots=True)
class Package:
    """One installed app."""

    facts: ApkFacts
    uid: int
    installed_at: datetime
    updated_at: datetime
    is_system: bool = False
    min_sdk: int = 26
    target_sdk: int = 34

    @property
    def name(self) -> str:
        """The package's name."""
        return self.facts.package

    @property
    def path(self) -> str:
        """Where its APK is; the folder's random part is invented."""
        if self.is_system:
            return f"/system/app/{self.name}/{self.name}.apk"
        return f"/data/app/~~{self.uid:x}Fq==/{self.name}-{self.uid:x}Zw==/base.apk"


class Packages:
    """What is installed."""

    def __init__(self, spec: PhoneSpec, now: Callable[[], datetime]) -> None:
        self._now = now
        self._by_name: dict[str, Package] = {}
        self._next_uid = _FIRST_UID
        self._gone_uids: dict[str, int] = {}
        self.whitelist: set[str] = set()
        self._app, self._app_user, self._has_twin = spec.app_package, spec.app_user, spec.has_twin
        for name in (LAUNCHER, PLAY_STORE, BROWSER, SYSTEM_UI, KEYBOARD, "com.android.settings"):
            self.add(ApkFacts(name, spec.release, spec.sdk), is_system=True)
        about = ApkFacts(spec.app_package, spec.app_version, spec.app_version_code)
        self.app_under_test = self.add(about)
        if spec.automation_version:
            self.add(ApkFacts(UIA2_SERVER, spec.automation_version, 1))
            runner = ("androidx.test.runner.AndroidJUnitRunner", UIA2_SERVER)
            self.add(ApkFacts(f"{UIA2_SERVER}.test", "", 0, (runner,)))

    def add(self, facts: ApkFacts, *, is_system: bool = False) -> Package:
        """Install or update a package."""
        now = self._now()
        known = self._by_name.get(facts.package)
        if known is not None:
            made = replace(known, facts=facts, updated_at=now)
        else:
            uid = self._gone_uids.pop(facts.package, self._next_uid)
            self._next_uid += 1
            made = Package(facts, uid, now, now, is_system)
        self._by_name[facts.package] = made
        return made

    def install(self, data: bytes) -> str:
        """Install an APK file; returns what the package manager prints."""
        facts = read_apk(data)
        if facts is None:
            return "Failure [INSTALL_PARSE_FAILED_NOT_APK: Failed to parse base.apk: Failed to load asset path]"
        self.add(facts)
        return "Success"

    def uninstall(self, name: str) -> str:
        """Remove a package; returns what the package manager prints."""
        gone = self._by_name.pop(name, None)
        if gone is None:
            return "Failure [DELETE_FAILED_INTERNAL_ERROR]"
        self._gone_uids[name] = gone.uid
        return "Success"

    def find(self, name: str) -> Package | None:
        """Return an installed package."""
        return self._by_name.get(name)

    def users(self) -> list[int]:
        """Return the phone's Android users."""
        return sorted({OWNER, self._app_user})

    def is_for(self, name: str, user: int) -> bool:
        """Tell whether a user has a package; all but the app under test is there for every user (*invented*)."""
        if name not in self._by_name or user not in self.users():
            return False
        return name != self._app or user == self._app_user or self._has_twin

    def key_for(self, name: str, user: int) -> str:
        """Return by what the screen knows the app of a user, "" where the user has none."""
        if not self.is_for(name, user):
            return ""
        return name if name != self._app or user == self._app_user else twin_key(name)

    def user_of(self, key: str) -> int:
        """Return whose app this is, by the key of the screen."""
        return self._app_user if key == self._app else OWNER

    def uid_of(self, package: Package) -> int:
        """Return the number of a package's processes for the user of the app under test."""
        return package.uid + self.user_of(package.name) * _UIDS_OF_A_USER

    def all(self) -> list[Package]:
        """Return every installed package, by name."""
        return [self._by_name[name] for name in sorted(self._by_name)]

    def instrumentations(self) -> list[tuple[str, str]]:
        """Return (component, target package) of every instrumentation."""
        return [
            (f"{package.name}/{runner}", target)
            for package in self.all()
            for runner, target in package.facts.instrumentations
        ]


def twin_key(name: str) -> str:
    """Return by what the screen knows the owner's app where another user's is the one under test."""
    return f"{OWNER}:{name}"
